package walsafe.lab;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What walsafe said about a storage between two sides, held against what happened there. */
enum Agreement {
    /** It lost rows in a mode that walsafe offered, or opened by walsafe. */
    FALSE_SAFE("**FALSE SAFE**"),
    /** A control was refused. */
    FALSE_UNSAFE("**FALSE UNSAFE**"),
    /** It was refused, or refused WAL, though these runs saw nothing go wrong with what was refused. */
    CAREFUL("careful"),
    /** One side cannot see that there is another, and says safe until it is told. The other side says what is so. */
    AGREE_WHEN_TOLD("agree, when told who else is there"),
    AGREE("agree");

    /** What some runs in one journal mode showed. */
    enum Truth {
        UNTRIED,
        CLEAN,
        /** Nothing acknowledged was lost, but programs met errors that are not theirs, or a side could not write at all. */
        FAILED,
        LOST
    }

    private static final String WAL = "wal";
    private static final String TRUNCATE = "truncate";

    private final String words;

    Agreement(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** @param rows all of one storage between two sides */
    static Agreement of(List<Row> rows) {
        if (truth(walsafe(rows)) == Truth.LOST) return FALSE_SAFE;
        if (offered(rows).stream().anyMatch(mode -> truth(bare(rows, mode)) == Truth.LOST)) return FALSE_SAFE;
        boolean refused = refused(rows);
        if (refused && control(rows)) return FALSE_UNSAFE;
        boolean walClean = truth(bare(rows, WAL)) == Truth.CLEAN;
        boolean rollbackClean = truth(bare(rows, TRUNCATE)) == Truth.CLEAN;
        if (refused && (walClean || rollbackClean)) return CAREFUL;
        if (!refused && walClean && !offered(rows).contains(WAL)) return CAREFUL;
        return blind(rows).isEmpty() ? AGREE : AGREE_WHEN_TOLD;
    }

    /** Sides that, told nothing, were offered a mode which lost rows between the two. */
    static List<Row> blind(List<Row> rows) {
        return rows.stream()
                .filter(row -> row.is("doctor") && row.sharing().equals("undeclared"))
                .filter(row -> bareMode(row.mode()).stream().anyMatch(mode -> truth(bare(rows, mode)) == Truth.LOST))
                .toList();
    }

    static boolean control(List<Row> rows) {
        return rows.stream().anyMatch(row -> row.sides().equals(Scene.Sides.ONE_MOUNT.words()));
    }

    /** Two who use one database need both sides; it is kept out of use if one of them is refused. */
    static boolean refused(List<Row> rows) {
        return Stream.concat(said(rows), walsafe(rows).stream())
                .anyMatch(row -> Set.of(row.mode().split(", ")).contains("refuse"));
    }

    /**
     * The modes of bare SQLite that stand for what walsafe would use on either side, each for itself: a side that is offered
     * WAL uses it, whether the other is refused or not.
     */
    private static Set<String> offered(List<Row> rows) {
        return Stream.concat(said(rows), walsafe(rows).stream())
                .flatMap(row -> Stream.of(row.mode().split(", ")))
                .flatMap(mode -> bareMode(mode).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Which runs of bare SQLite speak for a mode of walsafe's; none do for its dot-file locks. */
    private static Optional<String> bareMode(String mode) {
        return switch (mode) {
            case "wal" -> Optional.of(WAL);
            case "rollback" -> Optional.of(TRUNCATE);
            default -> Optional.empty();
        };
    }

    /** The doctor's words for those who told it who else is there, or who need not. */
    static Stream<Row> said(List<Row> rows) {
        String sharing = walsafe(rows).stream().map(Row::sharing).findFirst().orElse("undeclared");
        return rows.stream().filter(row -> row.is("doctor") && row.sharing().equals(sharing));
    }

    static List<Row> walsafe(List<Row> rows) {
        return rows.stream().filter(row -> row.is("walsafe")).toList();
    }

    static List<Row> bare(List<Row> rows, String mode) {
        return rows.stream()
                .filter(row -> row.is("bare") && row.mode().equals(mode))
                .toList();
    }

    static Truth truth(List<Row> runs) {
        if (runs.isEmpty()) return Truth.UNTRIED;
        if (runs.stream().anyMatch(run -> run.lost() > 0 || run.damaged())) return Truth.LOST;
        boolean failed = runs.stream().anyMatch(run -> run.hasErrors() || run.acknowledged() <= 0);
        return failed ? Truth.FAILED : Truth.CLEAN;
    }
}
