package walsafe.guard;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.format.Ledger;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.words.Shell;

/**
 * {@code PRAGMA quick_check} within a limit of time and pages, before a database is handed out.
 *
 * <p>Two goals compete: damage must be found before more is written into it, and a healthy database must never be called
 * damaged. So a complaint counts only if a second look, on a fresh connection, complains too; and BUSY, IOERR, FULL,
 * READONLY, CANTOPEN and all else that SQLite may answer is told as what it is. A row that breaks a constraint or an
 * index of a full-text search that lags behind its table is no damage of the file, and neither is a schema that this
 * SQLite cannot read.
 *
 * <p>The check asks for one complaint only, so that one found early is told before the limit ends the check (pragma.html,
 * quick_check). It looks on a connection that cannot write; only where SQLite must first roll back a hot journal, or has
 * to have the database alone, on an ordinary one.
 */
public final class QuickCheck {
    /** How long it may look, each time. One chain of overflow pages is read to its end all the same. */
    public static final Duration TIME = Duration.ofSeconds(2);

    /** How many pages of b-trees it may look at, each time. */
    public static final long PAGES = 20_000;

    /** SQLite calls back after so many b-tree pages, later after so many steps of its machine. */
    private static final int STEPS = 100;

    private static final int PATIENCE_MILLIS = 500;

    /** What quick_check says of rows and of virtual tables, not of the file (pragma.c, case PragTyp_INTEGRITY_CHECK). */
    private static final Pattern OF_CONTENTS = Pattern.compile(
            "(NULL|NUMERIC|TEXT|CHECK constraint failed|non-[A-Z]+)( value)? in .*|.*inverted index.*|.*(fts|FTS|rtree|Rtree).*"
                    + "|unable to .*");

    /** "Tree 4 page 7 cell 3: …" (btree.c, checkAppendMsg). */
    private static final Pattern TREE = Pattern.compile("Tree (\\d+) .*");

    private final Path database;
    private final Plan.Open plan;
    private final Duration time;
    private final long pages;

    QuickCheck(Path database, Plan.Open plan, Duration time, long pages) {
        this.database = database;
        this.plan = plan;
        this.time = time;
        this.pages = pages;
    }

    /** What a look has come to. */
    private record Look(Result result, String seen) {}

    private enum Result {
        SOUND,
        NOT_TOLD,
        DAMAGED
    }

    /**
     * Checks within {@link #TIME} and {@link #PAGES}, twice if there is a complaint.
     *
     * @param database absolute, symbolic links resolved; nobody of walsafe has it open in this process
     * @return {@link Problem#DAMAGE_FOUND}, {@link Problem#CHECK_INCOMPLETE}, or empty if all of it was looked at and is
     *     sound
     * @throws walsafe.finding.WalsafeException if another SQLite in this process has, or may have, it open
     * @throws walsafe.format.DatabaseFile.Refused if its bytes are being read in this process: try again when they have been
     */
    public static Optional<Finding> run(Path database, Plan.Open plan) throws SQLException, IOException {
        return new QuickCheck(database, plan, TIME, PAGES).run();
    }

    Optional<Finding> run() throws SQLException, IOException {
        Ledger.Opening opening = Ledger.openingThroughSqlite(database);
        try {
            Strangers.mustShareOurSqlite(database, opening);
            Look first = look();
            if (first.result() == Result.SOUND) return Optional.empty();
            if (first.result() == Result.NOT_TOLD) return Optional.of(incomplete(first.seen()));
            Look second = look();
            return Optional.of(
                    second.result() == Result.DAMAGED
                            ? damaged(first.seen())
                            : incomplete("one look said \"" + first.seen() + "\", the next did not: " + second.seen()));
        } finally {
            opening.close();
        }
    }

    private Look look() {
        boolean alone = plan.mode() == Mode.WAL_ALONE;
        Look look = look(!alone);
        boolean mustWrite = look.result() == Result.NOT_TOLD && look.seen().startsWith("[SQLITE_READONLY");
        return mustWrite && !alone ? look(false) : look;
    }

    private Look look(boolean onlyLooking) {
        new FreshJournal(database).renew(); // else half a transaction may look like damage
        try (Connection connection = new Opener(database, plan).bare(onlyLooking)) {
            return check(connection);
        } catch (SQLException e) {
            return judged(e, "");
        }
    }

    private Look check(Connection connection) throws SQLException {
        Limit limit = new Limit(System.nanoTime() + time.toNanos(), Long.MAX_VALUE);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + PATIENCE_MILLIS);
            if (plan.mode() == Mode.WAL_ALONE) statement.execute("PRAGMA locking_mode = exclusive");
            statement.execute("PRAGMA ignore_check_constraints = on"); // they may call functions that are not here
            long all = number(statement, "PRAGMA page_count");
            if (all > pages) limit = limit.of(pages / STEPS);
            ProgressHandler.setHandler(connection, STEPS, limit);
            return judged(connection, text(statement, "PRAGMA quick_check(1)"));
        } catch (SQLException e) {
            return judged(e, limit.reached());
        } finally {
            ProgressHandler.clearHandler(connection);
        }
    }

    /** Ends the check from inside, on the thread that runs it. */
    private static final class Limit extends ProgressHandler {
        private final long deadline;
        private final long mostCalls;
        private long calls;
        private String reached = "";

        Limit(long deadline, long mostCalls) {
            this.deadline = deadline;
            this.mostCalls = mostCalls;
        }

        Limit of(long calls) {
            return new Limit(deadline, calls);
        }

        @Override
        protected int progress() {
            if (++calls >= mostCalls) reached = "after " + mostCalls * STEPS + " pages";
            if (System.nanoTime() >= deadline) reached = "when its time was up";
            return reached.isEmpty() ? 0 : 1;
        }

        String reached() {
            return reached;
        }
    }

    private Look judged(Connection connection, String answer) {
        if (answer.equals("ok")) return new Look(Result.SOUND, answer);
        if (OF_CONTENTS.matcher(answer).matches()) {
            return new Look(
                    Result.NOT_TOLD,
                    "the file is whole as far as SQLite looked, and of its contents it says: " + answer);
        }
        return new Look(Result.DAMAGED, answer + owner(connection, answer));
    }

    /** Whose tree it is, if the schema can still be asked. */
    private static String owner(Connection connection, String answer) {
        Matcher tree = TREE.matcher(answer.lines()
                .filter(line -> line.startsWith("Tree "))
                .findFirst()
                .orElse(""));
        if (!tree.matches()) return "";
        try (PreparedStatement asked =
                connection.prepareStatement("SELECT type, name FROM sqlite_schema WHERE rootpage = ?")) {
            asked.setLong(1, Long.parseLong(tree.group(1)));
            try (ResultSet row = asked.executeQuery()) {
                return row.next() ? " (" + row.getString(1) + " " + row.getString(2) + ")" : "";
            }
        } catch (SQLException e) {
            return "";
        }
    }

    private Look judged(SQLException e, String limit) {
        SQLiteErrorCode code =
                e instanceof SQLiteException sqlite ? sqlite.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        if (!limit.isEmpty() && (code.code & 0xff) == SQLiteErrorCode.SQLITE_INTERRUPT.code) {
            return new Look(Result.NOT_TOLD, "it stopped " + limit + ", and had found nothing by then");
        }
        String said = String.valueOf(e.getMessage());
        boolean corrupt = (code.code & 0xff) == SQLiteErrorCode.SQLITE_CORRUPT.code
                && code != SQLiteErrorCode.SQLITE_CORRUPT_VTAB
                && !said.contains("malformed database schema");
        return new Look(corrupt ? Result.DAMAGED : Result.NOT_TOLD, said);
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.getLong(1);
        }
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return String.valueOf(row.getString(1)).replaceFirst("^\\*\\*\\* in database main \\*\\*\\*\n", "");
        }
    }

    private Finding damaged(String seen) {
        return new Finding(
                Problem.DAMAGE_FOUND,
                database.toString(),
                "PRAGMA quick_check, run twice, says: " + seen,
                Remedy.of(
                        "Stop every program that uses it and keep a copy of the database with its -wal and -journal before"
                                + " anything else; then recover the rows with SQLite's own shell, and look at what is missing.",
                        "sqlite3 " + Shell.quote(database.toString()) + " .recover | sqlite3 recovered.db"));
    }

    private Finding incomplete(String seen) {
        return new Finding(
                Problem.CHECK_INCOMPLETE,
                database.toString(),
                seen,
                Remedy.of(
                        "Check all of it when there is time.",
                        "sqlite3 " + Shell.quote(database.toString()) + " 'PRAGMA integrity_check'"));
    }
}
