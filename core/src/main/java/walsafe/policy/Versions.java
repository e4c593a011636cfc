package walsafe.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import walsafe.facts.Facts;
import walsafe.facts.Neighbour;
import walsafe.facts.SqliteBug;
import walsafe.facts.SqliteBug.Condition;
import walsafe.facts.SqliteBugs;
import walsafe.facts.SqliteVersion;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.words.Shell;

/** What the versions of SQLite at work here put at risk. */
final class Versions {
    private Versions() {}

    /**
     * Why WAL is out of the question for the SQLite that would open the database here.
     *
     * @param seen the version and the bug, a clause
     * @param source where the bug is described
     */
    record WalBug(String seen, String source) {}

    static Optional<WalBug> walBug(Facts facts) {
        if (facts.sqlite().isEmpty()) return Optional.empty();
        SqliteVersion version = facts.sqlite().get();
        return SqliteBugs.losingData(version, Condition.WAL_SEVERAL_CONNECTIONS).stream()
                .findFirst()
                .map(bug -> new WalBug(
                        "SQLite " + version + ", which would open it here, has a bug: " + told(bug), bug.source()));
    }

    static List<Finding> findings(Case at) {
        List<Finding> findings = new ArrayList<>();
        at.facts().sqlite().ifPresent(version -> own(at, version, findings));
        at.facts().neighbours().others().forEach(neighbour -> neighbour(at, neighbour, findings));
        if (at.facts().neighbours().others().isEmpty()) lastWriter(at, findings);
        return findings;
    }

    private static void own(Case at, SqliteVersion version, List<Finding> findings) {
        for (SqliteBug bug : relevant(at, version)) {
            findings.add(new Finding(
                    Problem.OWN_SQLITE_VULNERABLE,
                    at.where(),
                    seen("SQLite " + version, bug),
                    Remedy.of(bug.remedy() + ".")));
        }
    }

    private static void neighbour(Case at, Neighbour neighbour, List<Finding> findings) {
        for (Neighbour.SqliteLibrary library : neighbour.sqlites()) {
            if (library.version().isEmpty()) continue;
            SqliteVersion version = library.version().get();
            String who = neighbour.words() + " runs SQLite " + version;
            for (SqliteBug bug : relevant(at, version)) {
                findings.add(new Finding(
                        Problem.NEIGHBOUR_SQLITE_VULNERABLE,
                        at.where(),
                        seen(who, bug),
                        Remedy.of("In that program: " + lowerCase(bug.remedy()) + ".")));
            }
        }
    }

    private static void lastWriter(Case at, List<Finding> findings) {
        Optional<SqliteVersion> writer =
                at.facts().database().header().flatMap(header -> SqliteVersion.ofNumber(header.writerVersion()));
        if (writer.isEmpty()) return;
        for (SqliteBug bug : relevant(at, writer.get())) {
            findings.add(new Finding(
                    Problem.WRITER_SQLITE_VULNERABLE,
                    at.where(),
                    seen("last written by SQLite " + writer.get(), bug),
                    Remedy.of(
                            "In the program that writes it, which can be seen while it runs: " + lowerCase(bug.remedy())
                                    + ".",
                            "walsafe who " + Shell.quote(at.where()))));
        }
    }

    /** Bugs that lose rows in the journal mode that the database is in. */
    private static List<SqliteBug> relevant(Case at, SqliteVersion version) {
        boolean wal = at.walNow();
        return SqliteBugs.losingData(version, wal ? Condition.WAL_SEVERAL_CONNECTIONS : Condition.ROLLBACK_ATTACH);
    }

    private static String seen(String who, SqliteBug bug) {
        return who + ", which has a bug: " + told(bug);
    }

    /** {@code WAL-reset: committed rows vanish … (with a write-ahead log and more than one connection)}. */
    private static String told(SqliteBug bug) {
        return bug.title() + ": " + lowerCase(bug.atRisk()) + " ("
                + bug.condition().words() + ")";
    }

    private static String lowerCase(String sentence) {
        return Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
