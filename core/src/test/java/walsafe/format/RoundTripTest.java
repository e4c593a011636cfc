package walsafe.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Databases that SQLite made at random, read here and there: each value, each entry, the owner of each page. */
class RoundTripTest {
    private static final int[] PAGE_SIZES = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536};
    private static final String[] ENCODINGS = {"UTF-8", "UTF-16le", "UTF-16be"};
    private static final String[] AFFINITIES = {"", "TEXT", "INTEGER", "REAL", "NUMERIC", "BLOB"};

    record Shape(int pageSizeBytes, int reservedBytes, String encoding, int autoVacuum, long seed) {}

    @TempDir
    Path directory;

    static Stream<Shape> shapes() {
        List<Shape> shapes = new ArrayList<>();
        for (int size : PAGE_SIZES) {
            for (int encoding = 0; encoding < 3; encoding++) {
                for (int reserved : new int[] {0, 8, 32, 255}) {
                    if (size - reserved < 480) continue;
                    int seed = shapes.size();
                    shapes.add(new Shape(size, reserved, ENCODINGS[encoding], seed % 3, seed));
                }
            }
        }
        return shapes.stream();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyValueAndThePlaceOfEachPageAreThoseOfSqlite(Shape shape) throws Exception {
        Path database = empty(shape);
        Random random = new Random(shape.seed());
        int columns = 2 + random.nextInt(6);
        try (Connection connection = Sqlite.connect(database)) {
            build(connection, random, columns, shape);

            Anatomy anatomy = Anatomy.of(Files.readAllBytes(database));

            assertThat(anatomy.geometry).isEqualTo(new Geometry(shape.pageSizeBytes(), shape.reservedBytes()));
            assertThat(schema(anatomy)).isEqualTo(told(connection, "SELECT rowid, * FROM sqlite_schema"));
            String all = String.join(",", names(columns));
            assertThat(anatomy.entries(anatomy.root("t")))
                    .isEqualTo(told(connection, "SELECT rowid," + all + " FROM t ORDER BY rowid"));
            assertThat(anatomy.entries(anatomy.root("n"), Set.of(1)))
                    .isEqualTo(told(connection, "SELECT rowid,x,y FROM n ORDER BY rowid"));
            assertThat(anatomy.entries(anatomy.root("w")))
                    .isEqualTo(told(connection, "SELECT c,a,b,d FROM w ORDER BY c,a"));
            assertThat(anatomy.entries(anatomy.root("ti")))
                    .isEqualTo(told(connection, "SELECT c1,c0,rowid FROM t ORDER BY c1 DESC,c0,rowid"));
            assertThat(anatomy.entries(anatomy.root("wi")))
                    .isEqualTo(told(connection, "SELECT b,c,a FROM w ORDER BY b,c,a"));
            everyPageHasItsOwner(anatomy);
        }
    }

    private static void everyPageHasItsOwner(Anatomy anatomy) throws Exception {
        anatomy.dissect();
        Geometry geometry = anatomy.geometry;
        assertThat(anatomy.owners.values().stream()
                        .filter(owner -> owner.type() == PtrmapEntry.Type.FREE)
                        .count())
                .isEqualTo(anatomy.header.freelistPages());
        boolean autoVacuum = anatomy.header.largestRoot() != 0;
        assertThat(anatomy.ownerless())
                .allSatisfy(page -> assertThat(autoVacuum && geometry.isPtrmap(page))
                        .as("page %d", page)
                        .isTrue());
        if (!autoVacuum) return;
        TreeMap<Long, PtrmapEntry> owners = new TreeMap<>(anatomy.owners);
        owners.remove(1L);
        assertThat(anatomy.ptrmap()).isEqualTo(owners);
    }

    /** SQLite keeps the reserved bytes of a database that has some; its file control to ask for them is not in JDBC. */
    private Path empty(Shape shape) throws Exception {
        Path database = Sqlite.database(
                directory.resolve("r.db"),
                "PRAGMA page_size=" + shape.pageSizeBytes(),
                "PRAGMA encoding='" + shape.encoding() + "'",
                "PRAGMA auto_vacuum=" + shape.autoVacuum(),
                "PRAGMA user_version=1");
        byte[] bytes = Files.readAllBytes(database);
        int usable = shape.pageSizeBytes() - shape.reservedBytes();
        bytes[20] = (byte) shape.reservedBytes();
        bytes[105] = (byte) (usable >> 8);
        bytes[106] = (byte) usable;
        return Files.write(database, bytes);
    }

    private static List<String> names(int columns) {
        return IntStream.range(0, columns).mapToObj(i -> "c" + i).toList();
    }

    private static void build(Connection connection, Random random, int columns, Shape shape) throws Exception {
        List<String> declared = names(columns).stream()
                .map(name -> name + " " + AFFINITIES[random.nextInt(AFFINITIES.length)])
                .toList();
        Sqlite.run(
                connection,
                "PRAGMA synchronous=OFF",
                "BEGIN",
                "CREATE TABLE t(" + String.join(",", declared) + ")",
                "CREATE TABLE w(a,b TEXT,c,d REAL,PRIMARY KEY(c,a)) WITHOUT ROWID",
                "CREATE TABLE n(x,y REAL)",
                "CREATE INDEX ti ON t(c1 DESC,c0)",
                "CREATE INDEX wi ON w(b)",
                "CREATE VIEW v AS SELECT 1 -- " + "é".repeat(random.nextInt(3000)),
                "CREATE TRIGGER g AFTER DELETE ON w BEGIN SELECT 1; END");
        int rows = 60 + random.nextInt(60);
        insert(
                connection,
                "INSERT INTO t(rowid," + String.join(",", names(columns)) + ") VALUES (?" + ",?".repeat(columns) + ")",
                random,
                rows,
                columns,
                shape,
                true);
        insert(connection, "INSERT OR IGNORE INTO w VALUES (?,?,ifnull(?,0),?)", random, rows, 4, shape, false);
        insert(connection, "INSERT INTO n(rowid,x,y) VALUES (?,?,?)", random, rows, 2, shape, true);
        Sqlite.run(
                connection,
                "UPDATE OR IGNORE w SET a=ifnull(a,1)",
                "DELETE FROM t WHERE abs(rowid) % 5 = 1",
                "DELETE FROM w WHERE length(b) % 7 = 3",
                "COMMIT",
                "UPDATE t SET c1 = c0 WHERE abs(rowid) % 7 = 2");
    }

    private static void insert(
            Connection connection, String sql, Random random, int rows, int values, Shape shape, boolean rowid)
            throws Exception {
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (int row = 0; row < rows; row++) {
                int at = 1;
                if (rowid) insert.setLong(at++, random.nextLong() >> random.nextInt(64));
                for (int i = 0; i < values; i++) insert.setObject(at++, value(random, shape));
                try {
                    insert.executeUpdate();
                } catch (org.sqlite.SQLiteException e) {
                    // a rowid that is there already, or a NULL in the key
                }
            }
        }
    }

    private static @Nullable Object value(Random random, Shape shape) {
        int most = random.nextInt(20) == 0 ? Math.min(shape.pageSizeBytes() * 5, 100_000) : 30;
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1, 2 -> random.nextLong() >> random.nextInt(64);
            case 3 -> (long) random.nextInt(3);
            case 4 -> random.nextBoolean() ? random.nextGaussian() : (double) random.nextInt(1000);
            case 5 -> {
                byte[] blob = new byte[random.nextInt(most)];
                random.nextBytes(blob);
                yield blob;
            }
            default -> text(random, random.nextInt(most));
        };
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    switch (random.nextInt(10)) {
                        case 0 -> 0x1F600 + random.nextInt(40);
                        case 1 -> 0x400 + random.nextInt(100);
                        default -> ' ' + random.nextInt(90);
                    });
        }
        return text.toString();
    }

    private static List<String> schema(Anatomy anatomy) {
        return anatomy.schema.rows().stream()
                .map(row -> String.join(
                        "|",
                        Long.toString(row.rowid()),
                        told(row.type()),
                        told(row.name()),
                        told(row.table()),
                        Long.toString(row.rootPage()),
                        row.sql().map(RoundTripTest::told).orElse("null")))
                .toList();
    }

    private static String told(String text) {
        return "t" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The rows of an answer in the words of {@link Anatomy#entries}. */
    private static List<String> told(Connection connection, String query) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(query)) {
            int columns = answer.getMetaData().getColumnCount();
            while (answer.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) values.add(told(answer.getObject(i)));
                rows.add(String.join("|", values));
            }
        }
        return rows;
    }

    private static String told(@Nullable Object value) {
        if (value == null) return "null";
        if (value instanceof byte[] blob) return "b" + HexFormat.of().formatHex(blob);
        if (value instanceof String text) return told(text);
        if (value instanceof Number number && !(number instanceof Double)) return Long.toString(number.longValue());
        return "r" + value;
    }

    @Test
    void thePageThatHoldsTheLockByteIsKnownForEachPageSize() {
        for (int size : PAGE_SIZES) {
            Geometry geometry = new Geometry(size, 0);
            long page = geometry.lockBytePage();
            assertThat(geometry.offsetOf(page)).isEqualTo(1L << 30);
        }
    }
}
