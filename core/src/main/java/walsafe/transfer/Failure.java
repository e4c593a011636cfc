package walsafe.transfer;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.words.Shell;

/** What went wrong with a copy, said so that something can be done about it. A busy or full disk is never damage. */
final class Failure {
    private static final int PRIMARY = 0xff; // of an extended result code (rescode.html)
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int FULL = 13;
    private static final int NOT_A_DATABASE = 26;
    private static final int READONLY_ROLLBACK = 776;
    private static final int READONLY_DIRECTORY = 1544;

    private Failure() {}

    /** Carries an error out of a place where nothing checked can be thrown. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SQLException error;

        Stopped(SQLException error) {
            super(error.getMessage(), error);
            this.error = error;
        }

        SQLException error() {
            return error;
        }
    }

    static SQLException of(int code, String what) {
        SQLiteErrorCode known = SQLiteErrorCode.getErrorCode(code);
        return new SQLiteException(what + ": " + known, known);
    }

    static WalsafeException locks(Path source, String seen) {
        return told(
                Problem.COPY_BLOCKED,
                source,
                seen,
                "Copy when the writer rests, or allow more with --timeout; walsafe who names the programs.",
                "walsafe who " + Shell.quote(source.toString()));
    }

    /** Throws the finding that an error of SQLite's stands for, or answers the error, to be thrown as it is. */
    static SQLException told(SQLException error, Path source, Path target) {
        int code = code(error);
        switch (code & PRIMARY) {
            case BUSY, LOCKED ->
                throw because(
                        error,
                        locks(
                                source,
                                "a lock of another program did not go away in time (" + error.getMessage() + ")"));
            case FULL ->
                throw because(
                        error,
                        told(
                                Problem.DISK_NEARLY_FULL,
                                target,
                                "the disk was full before the copy was whole; it has been removed",
                                "Make room there, or copy to another disk."));
            case NOT_A_DATABASE ->
                throw because(
                        error,
                        told(
                                Problem.NOT_A_DATABASE,
                                source,
                                "SQLite says " + error.getMessage(),
                                "Check the name. If it is encrypted, copy it with the program that made it."));
            default -> {
                if (code == READONLY_DIRECTORY) throw because(error, noWalIndex(source));
                if (code != READONLY_ROLLBACK) return named(error, source);
                throw because(error, hotJournal(source));
            }
        }
    }

    private static SQLException named(SQLException error, Path source) {
        return new SQLException(
                source + " could not be copied: " + error.getMessage(),
                error.getSQLState(),
                error.getErrorCode(),
                error);
    }

    private static WalsafeException noWalIndex(Path source) {
        return told(
                Problem.NO_PERMISSION,
                source,
                "it is in WAL mode, and this user may not make the -shm beside it, without which it cannot be read",
                "Copy it as a user who may write in its directory, or while its own program has it open.");
    }

    static WalsafeException hotJournal(Path source) {
        return told(
                Problem.JOURNAL_HOT,
                source,
                "an interrupted transaction has to be rolled back before it can be read, and a copy changes nothing",
                "Open it once with its own program, which rolls back; then copy it.");
    }

    /** SQLite's own number; sqlite-jdbc's getErrorCode() has the primary code only. */
    static int code(SQLException error) {
        return error instanceof SQLiteException sqlite ? sqlite.getResultCode().code : error.getErrorCode();
    }

    static WalsafeException told(Problem problem, Path where, String seen, String advice, String... commands) {
        return new WalsafeException(new Finding(problem, where.toString(), seen, Remedy.of(advice, commands)));
    }

    private static WalsafeException because(SQLException cause, WalsafeException told) {
        return new WalsafeException(told.finding(), cause);
    }

    static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
