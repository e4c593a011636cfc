package walsafe;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import walsafe.facts.Facts;
import walsafe.facts.Target;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Plan;

/**
 * Why SQLite did not open a database. SQLite's own words name neither the file nor a reason; what was seen before often
 * does. A full disk or a missing permission is never damage.
 */
final class Unopened {
    private static final int PRIMARY = 0xff; // of an extended result code (rescode.html)
    private static final Set<Problem> OF_THE_PLACE =
            EnumSet.of(Problem.NO_PERMISSION, Problem.COULD_NOT_LOOK, Problem.PLACE_READ_ONLY);

    private final SQLException error;
    private final Path file;
    private final Facts facts;
    private final Intent intent;

    private Unopened(SQLException error, Path file, Facts facts, Intent intent) {
        this.error = error;
        this.file = file;
        this.facts = facts;
        this.intent = intent;
    }

    /** A finding that explains the error, with the error as its cause; else the error again, with the file's name. */
    static SQLException told(SQLException error, Path file, Facts facts, Intent intent) {
        var unopened = new Unopened(error, file, facts, intent);
        Optional<Finding> because = unopened.because();
        if (because.isPresent()) throw new WalsafeException(because.get(), error);
        return new SQLException(
                file + " could not be opened: " + error.getMessage(), error.getSQLState(), error.getErrorCode(), error);
    }

    private Optional<Finding> because() {
        int code = error.getErrorCode() & PRIMARY;
        if (code == SQLiteErrorCode.SQLITE_FULL.code) return Optional.of(diskFull());
        if (code == SQLiteErrorCode.SQLITE_NOTADB.code) return seenAs(EnumSet.of(Problem.PERHAPS_ENCRYPTED));
        boolean place = code == SQLiteErrorCode.SQLITE_CANTOPEN.code
                || code == SQLiteErrorCode.SQLITE_PERM.code
                || code == SQLiteErrorCode.SQLITE_READONLY.code;
        if (!place) return Optional.empty();
        if (facts.target().state() == Target.State.DIRECTORY) return Optional.of(directory());
        if (facts.target().state() == Target.State.MISSING && readOnly()) return Optional.of(nothingToRead());
        return seenAs(OF_THE_PLACE);
    }

    private Optional<Finding> seenAs(Set<Problem> problems) {
        return Diagnosis.of(facts, intent).findings().stream()
                .filter(finding -> problems.contains(finding.problem()))
                .findFirst();
    }

    private boolean readOnly() {
        return Diagnosis.of(facts, intent).plan().orElseThrow() instanceof Plan.Open open
                && open.mode() == Mode.READ_ONLY;
    }

    private Finding nothingToRead() {
        return new Finding(
                Problem.PLACE_READ_ONLY,
                file.toString(),
                "there is no such file, and none can be made",
                Remedy.of("Check the name, or name a place that can be written."));
    }

    private Finding diskFull() {
        return new Finding(
                Problem.DISK_NEARLY_FULL,
                file.toString(),
                "SQLite says " + error.getMessage(),
                Remedy.of(
                        "Make room there and open it again. A full disk damages nothing: what was committed is kept."));
    }

    private Finding directory() {
        return new Finding(
                Problem.NOT_A_DATABASE,
                file.toString(),
                "it is a directory",
                Remedy.of("Name the database file itself."));
    }
}
