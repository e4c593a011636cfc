package walsafe.torture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.sqlite.SQLiteErrorCode;
import walsafe.torture.Report.Counts;
import walsafe.torture.Report.ErrorRow;
import walsafe.torture.Report.ProcessRow;
import walsafe.torture.Report.StopRow;
import walsafe.torture.Report.Symptom;

/** Everything that is counted, by whatever thread. */
final class Tally {
    private static final int MOST_DOUBTS = 20;
    private static final int LONGEST = 200; // letters of one message

    private final long start = System.nanoTime();
    private final List<Share> shares; // by process
    private final Map<Integer, Errors> errors = new TreeMap<>();
    private final Map<String, Symptom> symptoms = new TreeMap<>(); // by kind
    private final Map<Grip, Integer> grips = new EnumMap<>(Grip.class);
    private final Set<String> doubts = new LinkedHashSet<>();
    private final Set<String> integrity = new LinkedHashSet<>();
    private final boolean fullIsExpected;

    private long symptomsSeen;
    private Optional<Long> firstSymptom = Optional.empty();
    private String sqlite = "";
    private long acknowledged;
    private long kept;
    private long lost;
    private long half;
    private long twice;
    private long altered;
    private long undoneButThere;
    private long unread;
    private long unsure;
    private long unsureAndThere;
    private long busy;
    private long full;
    private int deaths;
    private long reads;
    private long checkpoints;
    private int rounds;

    /** Of one process and those that took its place. */
    private static final class Share {
        private final String through;
        private int starts;
        private int kills;
        private int stops;
        private long acknowledged;
        private long lost;
        private long errors;

        private Share(String through) {
            this.through = through;
        }
    }

    private static final class Errors {
        private final String text;
        private final long firstMillis;
        private long count;

        private Errors(String text, long firstMillis) {
            this.text = text;
            this.firstMillis = firstMillis;
        }
    }

    /** @param through for each process, the directory by which it reaches the database */
    Tally(List<String> through, boolean fullIsExpected) {
        this.shares = through.stream().map(Share::new).toList();
        this.fullIsExpected = fullIsExpected;
    }

    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    synchronized void started(int process) {
        shares.get(process).starts++;
    }

    synchronized void killed(int process) {
        shares.get(process).kills++;
    }

    synchronized void stopped(int process) {
        shares.get(process).stops++;
    }

    /** While it held the lock. */
    synchronized void stopped(int process, Grip grip) {
        stopped(process);
        grips.merge(grip, 1, Integer::sum);
    }

    synchronized void died(String how) {
        deaths++;
        doubt(how);
    }

    synchronized void acknowledged(int process) {
        acknowledged++;
        shares.get(process).acknowledged++;
    }

    synchronized void busy() {
        busy++;
    }

    synchronized void read() {
        reads++;
    }

    synchronized void checkpointed() {
        checkpoints++;
    }

    synchronized void round() {
        rounds++;
    }

    synchronized void version(String told) {
        sqlite = told;
    }

    synchronized void doubt(String clause) {
        if (doubts.size() < MOST_DOUBTS) doubts.add(clause);
    }

    synchronized void integrity(String message) {
        if (message.equals("ok")) return;
        integrity.add(message.length() > LONGEST ? message.substring(0, LONGEST) + " …" : message);
        symptomSeen();
    }

    synchronized void error(int process, int code, String text) {
        if (code == SQLiteErrorCode.SQLITE_FULL.code) full++;
        if (code == SQLiteErrorCode.SQLITE_FULL.code && fullIsExpected) return; // the worker's own doing
        if (process >= 0) shares.get(process).errors++;
        errors.computeIfAbsent(code, c -> new Errors(text, millis())).count++;
        int primary = code & 0xff;
        boolean damaged = code > 0
                && (primary == SQLiteErrorCode.SQLITE_CORRUPT.code || primary == SQLiteErrorCode.SQLITE_NOTADB.code);
        if (damaged) symptom(process, "damaged", text);
    }

    synchronized void symptom(int process, String kind, String text) {
        symptomSeen();
        symptoms.merge(
                kind,
                new Symptom(kind, 1, process + 1, text, millis()),
                (first, more) ->
                        new Symptom(kind, first.count() + 1, first.process(), first.text(), first.firstMillis()));
    }

    private void symptomSeen() {
        symptomsSeen++;
        if (firstSymptom.isEmpty()) firstSymptom = Optional.of(millis());
    }

    /** What the count has shown of one transaction. */
    enum Found {
        KEPT,
        LOST,
        HALF,
        HALF_ACKNOWLEDGED,
        TWICE,
        ALTERED,
        ALTERED_ACKNOWLEDGED,
        UNDONE_BUT_THERE,
        UNREAD,
        UNSURE,
        UNSURE_AND_THERE
    }

    synchronized void found(int process, Found found) {
        switch (found) {
            case KEPT -> kept++;
            case LOST -> lost++;
            case HALF, HALF_ACKNOWLEDGED -> half++;
            case TWICE -> twice++;
            case ALTERED, ALTERED_ACKNOWLEDGED -> altered++;
            case UNDONE_BUT_THERE -> undoneButThere++;
            case UNREAD -> unread++;
            case UNSURE -> unsure++;
            case UNSURE_AND_THERE -> {
                unsure++;
                unsureAndThere++;
            }
        }
        boolean missing =
                found == Found.LOST || found == Found.HALF_ACKNOWLEDGED || found == Found.ALTERED_ACKNOWLEDGED;
        if (missing && process >= 0) shares.get(process).lost++;
        boolean fine = found == Found.KEPT
                || found == Found.UNREAD
                || found == Found.UNSURE
                || found == Found.UNSURE_AND_THERE;
        if (!fine) symptomSeen();
    }

    synchronized boolean convicted() {
        return symptomsSeen > 0;
    }

    synchronized Counts counts() {
        return new Counts(
                acknowledged,
                kept,
                lost,
                half,
                twice,
                altered,
                undoneButThere,
                unread,
                unsure,
                unsureAndThere,
                busy,
                full,
                shares.stream().mapToInt(share -> share.starts).sum(),
                shares.stream().mapToInt(share -> share.kills).sum(),
                shares.stream().mapToInt(share -> share.stops).sum(),
                deaths,
                reads,
                checkpoints,
                rounds);
    }

    synchronized List<ProcessRow> processes() {
        List<ProcessRow> rows = new ArrayList<>();
        for (Share share : shares) {
            rows.add(new ProcessRow(
                    rows.size() + 1,
                    share.through,
                    share.starts,
                    share.kills,
                    share.stops,
                    share.acknowledged,
                    share.lost,
                    share.errors));
        }
        return rows;
    }

    synchronized List<StopRow> stops() {
        return grips.entrySet().stream()
                .map(entry -> new StopRow(entry.getKey().name(), entry.getValue()))
                .toList();
    }

    synchronized List<ErrorRow> errors() {
        List<ErrorRow> rows = new ArrayList<>();
        errors.forEach((code, error) -> rows.add(new ErrorRow(code, error.count, error.text, error.firstMillis)));
        rows.sort(Comparator.comparing(ErrorRow::count).reversed());
        return rows;
    }

    synchronized List<Symptom> symptoms() {
        return symptoms.values().stream()
                .sorted(Comparator.comparing(Symptom::count).reversed())
                .toList();
    }

    synchronized long symptomsSeen() {
        return symptomsSeen;
    }

    synchronized Optional<Long> firstSymptom() {
        return firstSymptom;
    }

    synchronized List<String> integrity() {
        return List.copyOf(integrity);
    }

    synchronized List<String> doubts() {
        return List.copyOf(doubts);
    }

    synchronized String sqlite() {
        return sqlite;
    }
}
