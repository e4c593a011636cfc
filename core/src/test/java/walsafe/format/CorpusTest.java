package walsafe.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of several versions of SQLite, some with a -wal or a hot journal: we see in them what this SQLite sees. */
class CorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/corpus");

    @TempDir
    Path directory;

    static Stream<String> databases() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".db"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void itsRowsAreThoseThatSqliteSees(String name) throws Exception {
        Anatomy anatomy = anatomy(name);

        anatomy.dissect();

        boolean autoVacuum = anatomy.header.largestRoot() != 0;
        assertThat(anatomy.ownerless()).allMatch(page -> autoVacuum && anatomy.geometry.isPtrmap(page));
        Path copy = copied(name);
        try (Connection connection = Sqlite.connect(copy)) {
            for (SchemaRow row : anatomy.schema.rows()) {
                if (row.type().equals("table")) {
                    List<String> rows = anatomy.entries(row.rootPage());
                    assertThat(rows).as(row.name()).hasSize(count(connection, row.name()));
                }
            }
            assertThat(anatomy.entries(anatomy.root("t")).stream()
                            .map(entry -> entry.split("\\|", 2)[0])
                            .toList())
                    .isEqualTo(strings(connection, "SELECT rowid FROM t ORDER BY rowid"));
            assertThat(texts(anatomy)).isEqualTo(strings(connection, "SELECT quote(a) FROM t ORDER BY rowid"));
        }
    }

    /** The values of column a, as SQL. */
    private static List<String> texts(Anatomy anatomy) throws IOException {
        boolean keyed = anatomy.schema.rows().size() > 1; // t(id INTEGER PRIMARY KEY, a, …) or t(a)
        List<String> texts = new ArrayList<>();
        for (String entry : anatomy.entries(anatomy.root("t"))) texts.add(sql(entry.split("\\|", -1)[keyed ? 2 : 1]));
        return texts;
    }

    private static String sql(String entry) {
        if (entry.equals("null")) return "NULL";
        String hex = entry.substring(1);
        return switch (entry.charAt(0)) {
            case 't' -> "'" + new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8) + "'";
            case 'b' -> "X'" + hex.toUpperCase(Locale.ROOT) + "'";
            case 'r' -> real(Double.parseDouble(hex));
            default -> entry;
        };
    }

    private static String real(double value) {
        try (Connection connection = Sqlite.connect(Path.of(":memory:"));
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SELECT quote(" + value + ")")) {
            return answer.getString(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static Anatomy anatomy(String name) throws IOException {
        byte[] file = Files.readAllBytes(CORPUS.resolve(name));
        Header header = Header.decode(file).orElseThrow();
        Geometry geometry = Geometry.of(header).orElseThrow();
        PageSource pages = PageSource.of(ByteSource.of(file), geometry);
        Path wal = CORPUS.resolve(name + "-wal");
        Path journal = CORPUS.resolve(name + "-journal");
        if (Files.exists(wal))
            pages = WalLog.read(ByteSource.of(Files.readAllBytes(wal))).over(pages);
        if (Files.exists(journal)) {
            pages = JournalLog.read(ByteSource.of(Files.readAllBytes(journal)), geometry.pageSizeBytes())
                    .over(pages);
        }
        byte[] first = new byte[geometry.pageSizeBytes()];
        assertThat(pages.read(1, first, 0)).isTrue();
        return new Anatomy(pages, Header.decode(first).orElseThrow());
    }

    private Path copied(String name) throws IOException {
        for (String suffix : new String[] {"", "-wal", "-journal"}) {
            Path file = CORPUS.resolve(name + suffix);
            if (Files.exists(file)) Files.copy(file, directory.resolve(name + suffix));
        }
        return directory.resolve(name);
    }

    private static int count(Connection connection, String table) throws Exception {
        return Integer.parseInt(
                strings(connection, "SELECT count(*) FROM \"" + table + '"').get(0));
    }

    private static List<String> strings(Connection connection, String query) throws Exception {
        List<String> strings = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(query)) {
            while (answer.next()) strings.add(answer.getString(1));
        }
        return strings;
    }
}
