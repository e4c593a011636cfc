package walsafe.lab.inside;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import walsafe.facts.Facts;
import walsafe.peer.Encounter;
import walsafe.peer.Listener;
import walsafe.peer.Report;
import walsafe.peer.Way;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Plan;
import walsafe.policy.Sharing;
import walsafe.probe.Encounters;

/** One host's part of {@code walsafe torture DIR --peer}, told in lines of words between tabs. */
public final class Peer {
    private Peer() {}

    /**
     * Takes part once.
     *
     * @param arguments the directory
     */
    public static void main(String[] arguments) throws InterruptedException {
        Path directory = Path.of(arguments[0]);
        Encounters memory = Encounters.ofThisUser();
        Report report = Encounter.with(directory, new Way.Names(), Duration.ofMinutes(3), memory, new Progress());
        report.rows().forEach(row -> say("row", row.question(), row.here(), row.there(), row.across(), row.because()));
        report.trials()
                .forEach(trial -> say(
                        "trial",
                        trial.experiment(),
                        trial.hereFirst() ? "here" : "there",
                        trial.verdict(),
                        trial.because()));
        report.doubts().forEach(doubt -> say("doubt", doubt));
        report.leftovers().forEach(left -> say("left", left));
        say("outcome", report.outcome(), report.verdict(), report.tookMillis(), report.headline());
        doctor(memory.remembered(Facts.gather(directory.resolve("shop.db"))));
    }

    private static void doctor(Facts facts) {
        Diagnosis diagnosis = Diagnosis.of(facts, Intent.DEFAULT.with(Sharing.SEVERAL_HOSTS));
        Object mode = diagnosis.plan().orElseThrow() instanceof Plan.Open open ? open.mode() : "REFUSE";
        say("doctor", diagnosis.verdict(), mode, facts.evidence().size());
    }

    private static void say(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) {
            line.append(line.isEmpty() ? "" : "\t").append(word.toString().replaceAll("\\t|\\R", " "));
        }
        System.out.println(line);
    }

    private static final class Progress implements Listener {
        private final long start = System.nanoTime();

        @Override
        public void listening(InetSocketAddress address, String token) {
            // Guests meet through names.
        }

        @Override
        public void doing(String what) {
            say("doing", (System.nanoTime() - start) / 1_000_000, what);
        }
    }
}
