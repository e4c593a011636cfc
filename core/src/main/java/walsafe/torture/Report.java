package walsafe.torture;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import walsafe.finding.Finding;
import walsafe.policy.Pragma;
import walsafe.policy.Verdict;

/**
 * What a torture has shown.
 *
 * @param ordeal what was to be done
 * @param started when
 * @param tookMillis all in all
 * @param outcome what the experiment alone says
 * @param verdict that, and what is known of the place: the worse of the two
 * @param headline the first line, without the verdict's word
 * @param filesystem as the kernel spells it
 * @param opened how the database was opened; empty if it was not
 * @param versions of what took part
 * @param counts all in all
 * @param processes each of them
 * @param stops those of which it is known what lock the process held meanwhile
 * @param errors what SQLite answered, the most frequent first
 * @param symptoms the most frequent first
 * @param firstSymptomMillis since the start; of a loss that only the count has shown, when it was counted
 * @param integrity what {@code PRAGMA integrity_check} said, if not "ok"
 * @param doubts why the experiment proves less than it might, a clause each
 * @param leftovers what could not be removed
 * @param findings heaviest first
 */
public record Report(
        Ordeal ordeal,
        Instant started,
        long tookMillis,
        Outcome outcome,
        Verdict verdict,
        String headline,
        String filesystem,
        Optional<Opened> opened,
        Versions versions,
        Counts counts,
        List<ProcessRow> processes,
        List<StopRow> stops,
        List<ErrorRow> errors,
        List<Symptom> symptoms,
        Optional<Long> firstSymptomMillis,
        List<String> integrity,
        List<String> doubts,
        List<String> leftovers,
        List<Finding> findings) {
    public Report {
        processes = List.copyOf(processes);
        stops = List.copyOf(stops);
        errors = List.copyOf(errors);
        symptoms = List.copyOf(symptoms);
        integrity = List.copyOf(integrity);
        doubts = List.copyOf(doubts);
        leftovers = List.copyOf(leftovers);
        findings = List.copyOf(findings);
    }

    /** What the experiment says, whatever is known besides. */
    public enum Outcome {
        /** Every acknowledged commit is there, whole and once; enough was tried to say so. */
        KEPT,
        /** Too little happened, or something else went wrong. */
        INCONCLUSIVE,
        /** Something was lost, or seen that SQLite never shows where it works. */
        CONVICTED
    }

    /**
     * How the database was opened.
     *
     * @param mode in words
     * @param vfs {@code unix-dotfile}, or empty for SQLite's default
     * @param guarded through walsafe's guard, or bare
     */
    public record Opened(String mode, String vfs, boolean guarded, List<Pragma> pragmas) {
        public Opened {
            pragmas = List.copyOf(pragmas);
        }
    }

    /**
     * What took part.
     *
     * @param sqlite as SQLite itself says; empty if it was not started
     */
    public record Versions(String sqlite, String java, String os, String kernel, String arch) {}

    /**
     * Transactions, and what was done to the processes.
     *
     * @param acknowledged commits of which the ledger heard
     * @param kept of those, there and whole
     * @param lost of those, not there
     * @param half acknowledged or not, there with rows missing
     * @param twice there with a row more than once
     * @param altered there with another content than was written
     * @param undoneButThere told to be rolled back, or never begun, and there all the same
     * @param unread acknowledged, and the reading broke off before it could be told whether they are there
     * @param unsure nobody was told whether they happened: the process was killed, or COMMIT answered an error
     * @param unsureAndThere of those, there and whole
     * @param busy times that SQLite said busy or locked
     * @param full times that SQLite said that there is no room; a torture makes it say so on purpose, too
     * @param starts of processes
     * @param kills with SIGKILL, wherever the process was
     * @param stops with SIGSTOP, wherever the process was
     * @param deaths of processes that nobody killed
     * @param reads of one state of the database
     * @param checkpoints of all four kinds
     * @param rounds each with a fresh database
     */
    public record Counts(
            long acknowledged,
            long kept,
            long lost,
            long half,
            long twice,
            long altered,
            long undoneButThere,
            long unread,
            long unsure,
            long unsureAndThere,
            long busy,
            long full,
            int starts,
            int kills,
            int stops,
            int deaths,
            long reads,
            long checkpoints,
            int rounds) {}

    /**
     * One process and those that took its place.
     *
     * @param number from 1
     * @param through the directory by which it reached the database
     * @param lost of the acknowledged, not there or not whole
     * @param errors other than busy
     */
    public record ProcessRow(
            int number, String through, int starts, int kills, int stops, long acknowledged, long lost, long errors) {}

    /**
     * Stops with SIGSTOP that hit a process while it held a lock, as the kernel listed it when the process stood still.
     *
     * @param lock as SQLite calls it: {@code WRITE}, {@code CHECKPOINT}, {@code RECOVER} or {@code READ} of a wal-index; {@code
     *     SHARED}, {@code RESERVED}, {@code PENDING} or {@code EXCLUSIVE} of a database with a rollback journal
     */
    public record StopRow(String lock, int stops) {}

    /**
     * An answer of SQLite's other than busy.
     *
     * @param code SQLite's extended result code; -1 if it is not SQLite's
     * @param text the first of them
     */
    public record ErrorRow(int code, long count, String text, long firstMillis) {}

    /**
     * Something that was seen and must not be, by its kind.
     *
     * @param kind {@code stale}: a read did not show what had been acknowledged before it; {@code back}: nor what the same
     *     process had seen before; {@code torn}: it showed a part of a transaction; {@code moved}: a snapshot changed;
     *     {@code damaged}: SQLite said so
     * @param count how often
     * @param process the number of the one that saw the first; 0 for the count
     * @param text what it saw
     */
    public record Symptom(String kind, long count, int process, String text, long firstMillis) {}
}
