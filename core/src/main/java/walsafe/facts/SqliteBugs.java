package walsafe.facts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
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
    private static final String TABLE = "/walsafe/sqlite-bugs.tsv";

    private SqliteBugs() {}

    private record Table(SqliteVersion recommended, List<SqliteBug> bugs) {
        static final Table READ = read();
    }

    /** All of them, newest first. */
    public static List<SqliteBug> all() {
        return Table.READ.bugs();
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
        return Table.READ.recommended();
    }

    private static Table read() {
        try (InputStream in = SqliteBugs.class.getResourceAsStream(TABLE)) {
            if (in == null) throw new IllegalStateException(TABLE + " is missing from the jar");
            return parse(new BufferedReader(new InputStreamReader(in, UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Table parse(BufferedReader lines) throws IOException {
        SqliteVersion recommended = new SqliteVersion(0, 0, 0);
        List<SqliteBug> bugs = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("#")) continue;
            List<String> cells = List.of(line.split("\t", -1));
            if (cells.get(0).equals("recommended")) recommended = version(cells.get(1));
            else bugs.add(bug(cells));
        }
        return new Table(recommended, List.copyOf(bugs));
    }

    private static SqliteBug bug(List<String> cells) {
        List<SqliteVersion> fixed = new ArrayList<>();
        for (String fix : List.of(cells.get(5).split(",", -1))) fixed.add(version(fix));
        return new SqliteBug(
                cells.get(0),
                cells.get(1),
                Weight.valueOf(cells.get(2)),
                version(cells.get(3)),
                version(cells.get(4)),
                fixed,
                SqliteBug.Condition.valueOf(cells.get(6)),
                cells.get(7),
                cells.get(8),
                cells.get(9));
    }

    private static SqliteVersion version(String text) {
        return SqliteVersion.parse(text).orElseThrow(() -> new IllegalStateException(TABLE + ": no version: " + text));
    }
}
