package walsafe.facts;

import java.util.ArrayList;
import java.util.List;
import walsafe.finding.Weight;

/**
 * The known bugs of SQLite that lose or damage data, by release. The table is {@code sqlite-bugs.tsv}; it is read once,
 * when it is first asked.
 *
 * <p>A release says nothing about fixes that a distribution has put into it without changing its number: whoever shows
 * such a bug should say so.
 */
public final class SqliteBugs {
    private static final JarTable TABLE = new JarTable("/walsafe/sqlite-bugs.tsv", 10);

    /** The oldest release from which on no row applies any more; the tests hold it against the table. */
    private static final SqliteVersion RECOMMENDED = new SqliteVersion(3, 53, 4);

    private SqliteBugs() {}

    private static final class Read {
        static final List<SqliteBug> ALL =
                TABLE.rows().stream().map(SqliteBugs::bug).toList();
    }

    /** All of them, newest first. */
    public static List<SqliteBug> all() {
        return Read.ALL;
    }

    /** Those that a release has, in whatever use, newest first. */
    public static List<SqliteBug> affecting(SqliteVersion version) {
        List<SqliteBug> affecting = new ArrayList<>();
        for (SqliteBug bug : all()) if (bug.affects(version)) affecting.add(bug);
        return List.copyOf(affecting);
    }

    /** Those that can cost that release rows when it is used like this, newest first; these are worth a finding. */
    public static List<SqliteBug> losingData(SqliteVersion version, SqliteBug.Condition use) {
        List<SqliteBug> losing = new ArrayList<>();
        for (SqliteBug bug : affecting(version)) if (bug.losesData() && bug.strikes(use)) losing.add(bug);
        return List.copyOf(losing);
    }

    /** The release to tell people to update to, or past. */
    public static SqliteVersion recommended() {
        return RECOMMENDED;
    }

    private static SqliteBug bug(String[] cells) {
        List<SqliteVersion> fixed = new ArrayList<>();
        for (String fix : cells[5].split(",", -1)) fixed.add(version(fix));
        return new SqliteBug(
                cells[0],
                cells[1],
                Weight.valueOf(cells[2]),
                version(cells[3]),
                version(cells[4]),
                fixed,
                SqliteBug.Condition.valueOf(cells[6]),
                cells[7],
                cells[8],
                cells[9]);
    }

    private static SqliteVersion version(String text) {
        return SqliteVersion.parse(text)
                .orElseThrow(() -> new IllegalStateException(TABLE.resource() + ": no version: " + text));
    }
}
