package walsafe.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Question;
import walsafe.lab.inside.Peer;

/**
 * What {@code walsafe torture DIR --peer} of two guests says of a storage that both have mounted, as the first of them tells it.
 *
 * @param outcome {@code PASSED}, {@code CONVICTED}, or why it came to nothing
 * @param verdict the doctor's, with what was shown
 * @param mode what the doctor then plans for several hosts; {@code REFUSE} if nothing
 * @param across by question
 * @param because of each no
 * @param seconds that it took
 * @param said all that both hosts said
 */
record TwoHostProbe(
        String outcome,
        String verdict,
        String mode,
        Map<Question, Verdict> across,
        Map<Question, String> because,
        long seconds,
        List<Outcome> said) {
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    /** Runs it on the first two hosts, at once, in the folder where they have the share. Half a minute to some minutes. */
    static TwoHostProbe of(List<Guest> hosts, Share share) {
        List<Guest.Job> jobs = new ArrayList<>();
        for (Guest host : hosts.subList(0, 2)) jobs.add(host.start(Scenario.java(Peer.class, share.place())));
        List<Outcome> said = new ArrayList<>();
        for (Guest.Job job : jobs) said.add(job.await(PATIENCE));
        return of(said);
    }

    private static TwoHostProbe of(List<Outcome> said) {
        Map<Question, Verdict> across = new EnumMap<>(Question.class);
        Map<Question, String> because = new EnumMap<>(Question.class);
        String[] outcome = {"outcome", "none: " + said.get(0).output(), "", "0"};
        String[] doctor = {"doctor", "", ""};
        for (String line : said.get(0).lines()) {
            String[] words = line.split("\t", -1);
            switch (words[0]) {
                case "row" -> {
                    across.put(Question.valueOf(words[1]), Verdict.valueOf(words[4]));
                    if (words[4].equals("NO")) because.put(Question.valueOf(words[1]), words[5]);
                }
                case "outcome" -> outcome = words;
                case "doctor" -> doctor = words;
                default -> {
                    // Told for people.
                }
            }
        }
        return new TwoHostProbe(
                outcome[1], doctor[1], doctor[2], across, because, Long.parseLong(outcome[3]) / 1000, said);
    }

    /** The verdict in a cell of a table: what failed, and what the doctor makes of it. */
    String words() {
        String noes = because.keySet().stream().map(Enum::name).collect(Collectors.joining(", "));
        return outcome + (noes.isEmpty() ? "" : ": no to " + noes) + "; " + verdict + ", " + mode;
    }
}
