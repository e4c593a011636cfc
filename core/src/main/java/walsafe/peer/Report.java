package walsafe.peer;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Question;
import walsafe.finding.Finding;

/**
 * What two hosts have shown each other, as one of them tells it.
 *
 * @param directory as this host reaches it
 * @param started by this host's clock
 * @param outcome of the experiments alone
 * @param verdict that, and what is known of the place, for databases that several hosts open there
 * @param headline the first line, without the verdict's word
 * @param here this host
 * @param there the other; empty if none was met
 * @param met how, a clause; empty if they have not
 * @param rows one for each question that was tried
 * @param trials every experiment across, in both directions
 * @param conditions what has to be true and could not be proved, a clause each
 * @param doubts why this proves less than it might, a clause each
 * @param remembered was it kept for this user's openings and doctors to come
 * @param leftovers what the storage keeps of what was made here
 * @param findings heaviest first
 */
public record Report(
        Path directory,
        Instant started,
        long tookMillis,
        Outcome outcome,
        walsafe.policy.Verdict verdict,
        String headline,
        Card here,
        Optional<Card> there,
        Optional<String> met,
        List<Row> rows,
        List<Trial> trials,
        List<String> conditions,
        List<String> doubts,
        boolean remembered,
        List<String> leftovers,
        List<Finding> findings) {
    public Report {
        rows = List.copyOf(rows);
        trials = List.copyOf(trials);
        conditions = List.copyOf(conditions);
        doubts = List.copyOf(doubts);
        leftovers = List.copyOf(leftovers);
        findings = List.copyOf(findings);
    }

    /** What became of it. */
    public enum Outcome {
        /** There was no other host, or none that could take part. */
        NOT_MET,
        /** Both run on one kernel, which is one host. */
        SAME_KERNEL,
        /** The two were not in the same directory. */
        OTHER_DIRECTORY,
        /** Some experiments did not come to their end, and none that did has convicted. */
        INCONCLUSIVE,
        /** At least one question was answered with no. */
        CONVICTED,
        /** No question was answered with no. */
        PASSED
    }

    /**
     * One question.
     *
     * @param here among processes of this host
     * @param there among processes of the other
     * @param across between the two, the worst of all experiments on it
     * @param because the experiment that decided
     */
    public record Row(Question question, Verdict here, Verdict there, Verdict across, String because) {}

    /**
     * One experiment across.
     *
     * @param hereFirst had this host the first part: it stored, held, was killed
     */
    public record Trial(String experiment, Question question, boolean hereFirst, Verdict verdict, String because) {}
}
