package walsafe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.facts.Facts;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Sharing;

/** The one door, on the disk that the tests run on. */
final class WalsafeTest {
    private static final Intent HERE = Intent.DEFAULT.with(Sharing.ONE_HOST);

    @TempDir
    Path directory;

    @Test
    void oneLineOpensAndMakesADatabase() throws Exception {
        Path path = directory.resolve("shop.db");

        try (SafeDatabase database = Walsafe.open(path, HERE)) {
            database.write(connection -> execute(connection, "CREATE TABLE t(a)"));

            assertThat(database.plan().mode()).isEqualTo(Mode.WAL);
            assertThat(database.health()).isEmpty();
            assertThat(database.facts().target().asked()).isEqualTo(path.toString());
        }
        assertThat(path).exists();
    }

    @Test
    void theSameDatabaseByAnotherNameIsTheSameGuard() throws Exception {
        Path path = directory.resolve("shop.db");
        Path link = directory.resolve("link.db");
        SafeDatabase first = Walsafe.open(path, HERE);
        first.write(connection -> execute(connection, "CREATE TABLE t(a)"));
        Files.createSymbolicLink(link, path);

        try (SafeDatabase second = Walsafe.open(link, HERE)) {
            second.write(connection -> execute(connection, "INSERT INTO t VALUES (1)"));
            first.close();

            assertThat(second.<Integer>read(WalsafeTest::count)).isEqualTo(1);
            assertThatThrownBy(() -> first.read(connection -> true)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anotherIntentForAnOpenDatabaseIsRefused() throws Exception {
        Path path = directory.resolve("shop.db");
        try (SafeDatabase database = Walsafe.open(path, HERE)) {
            assertThat(database.health()).isEmpty();
            assertRefused(path, HERE.with(Intent.Durability.MAY_LOSE_LAST_COMMITS), Problem.INTENTS_DISAGREE);
        }
    }

    @Test
    void aPictureIsNotOpened() throws Exception {
        Path path =
                Files.write(directory.resolve("photo.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});

        assertRefused(path, HERE, Problem.NOT_A_DATABASE);
        assertThat(Files.size(path)).isEqualTo(8);
    }

    @Test
    void aDatabaseThatWasCutShortIsNotOpened() throws Exception {
        Path path = directory.resolve("shop.db");
        try (SafeDatabase database = Walsafe.open(path, HERE)) {
            database.write(
                    connection -> execute(
                            connection,
                            "CREATE TABLE t(a)",
                            "INSERT INTO t SELECT randomblob(1000) FROM (SELECT 1 UNION SELECT 2 UNION SELECT 3), pragma_function_list"));
        }
        try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(8192);
        }

        assertRefused(path, HERE, Problem.SIZE_DISAGREES);
    }

    /** Nobody is thrown out of WAL or into it: the mode stays, and the log says why. */
    @Test
    void theModeIsNotSwitchedBesideABareConnectionOfAnotherProgram() throws Exception {
        Path path = directory.resolve("shop.db");
        execute(path, "CREATE TABLE t(a)");
        Process neighbour = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('select * from t').fetchall();"
                                + " print('open', flush=True); sys.stdin.read()",
                        path.toString())
                .start();
        try {
            assertThat(neighbour.inputReader().readLine()).isEqualTo("open");

            try (SafeDatabase database = Walsafe.open(path, HERE)) {
                assertThat(database.plan().mode()).isEqualTo(Mode.ROLLBACK);
                database.write(connection -> execute(connection, "INSERT INTO t VALUES (1)"));
            }
            assertThat(journalMode(path)).isEqualTo("delete");
        } finally {
            neighbour.destroyForcibly().waitFor();
        }
    }

    /**
     * Two programs that opened one rollback database at the same moment: one switched it to WAL, as both had planned, and
     * every tenth time the other was told that WAL is not safe there.
     */
    @Test
    void whoeverComesWhileAnotherSwitchesTheModeFollows() throws Exception {
        Path path = directory.toRealPath().resolve("shop.db");
        execute(path, "CREATE TABLE t(a)");
        Process neighbour = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('select * from t').fetchall();"
                                + " print('open', flush=True); sys.stdin.readline();"
                                + " print(c.execute('pragma journal_mode=wal').fetchone()[0], flush=True);"
                                + " sys.stdin.read()",
                        path.toString())
                .start();
        try (var input = neighbour.outputWriter();
                var output = neighbour.inputReader()) {
            assertThat(output.readLine()).isEqualTo("open");
            Facts before = Facts.gather(path);
            input.write("switch\n");
            input.flush();
            assertThat(output.readLine()).isEqualTo("wal");

            Handles.Opened opened = Walsafe.opened(path, before, HERE);
            opened.close();

            assertThat(opened.guard().plan().mode()).isEqualTo(Mode.WAL);
        } finally {
            neighbour.destroyForcibly().waitFor();
        }
    }

    /** SQLite says "unable to open the database file", and not which, nor why. */
    @Test
    void whatSqliteCannotOpenIsNamedWithTheReason() throws Exception {
        Path missing = directory.resolve("no such folder").resolve("shop.db");
        Path garbage = directory.resolve("garbage.db");
        byte[] noise = new byte[8192];
        new Random(7).nextBytes(noise);
        Files.write(garbage, noise);
        Path loop = Files.createSymbolicLink(directory.resolve("loop.db"), Path.of("loop.db"));

        assertRefused(directory, HERE, Problem.NOT_A_DATABASE);
        assertRefused(missing, HERE, Problem.COULD_NOT_LOOK);
        assertRefused(garbage, HERE, Problem.PERHAPS_ENCRYPTED);
        assertRefused(loop, HERE, Problem.COULD_NOT_LOOK);
        assertThatThrownBy(() -> Walsafe.open(directory.resolve("x".repeat(253)), HERE))
                .hasMessageContaining(directory.toString());
    }

    /** It was told that the storage is silent, which sent people to look for a dead mount. */
    @Test
    void anInterruptedThreadIsToldThatItWas() throws Exception {
        Path path = directory.resolve("shop.db");
        Thread.currentThread().interrupt();
        try {
            Walsafe.open(path, HERE).close(); // a look that was quick enough is a look
        } catch (SQLException e) {
            assertThat(e.getMessage()).contains(path.toString(), "interrupted");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        Walsafe.open(path, HERE).close();
    }

    @Test
    void aNameThatWouldRepaintATerminalDoesNotReachALogAsItIs() throws Exception {
        Path path = Files.createDirectory(directory.resolve("red\u001b[31m\n"));

        assertThatThrownBy(() -> Walsafe.open(path, HERE))
                .hasMessageContaining("red\\u001b[31m\\n")
                .hasMessageNotContaining("\u001b");
    }

    /** Of Docker's usual read-only container: /tmp is there, and nothing in it may be executed. */
    @ParameterizedTest
    @ValueSource(strings = {"first", "again"})
    void withoutTheNativeLibraryTheFolderIsNamed(String attempt) throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + directory.resolve("no such folder"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        directory.resolve("shop.db").toString(),
                        attempt)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();

        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(said)
                .startsWith("java.sql.SQLException: ")
                .contains("shop.db could not be opened", "no such folder", "-Dorg.sqlite.tmpdir");
        assertThat(program.waitFor()).isZero();
    }

    /** The check at opening was left out, and one INFO line said "No suitable driver". */
    @Test
    void theCheckAtOpeningIsMadeInAPluginToo() throws Exception {
        Path path = directory.resolve("shop.db");
        execute(path, "CREATE TABLE t(a)");
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Plugin.class.getName(),
                        path.toString())
                .redirectErrorStream(true)
                .start();

        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(said).contains("opened: WAL").doesNotContain("WS217").doesNotContain("driver");
        assertThat(program.waitFor()).as(said).isZero();
    }

    static final class Plugin {
        private Plugin() {}

        public static void main(String[] arguments) throws Exception {
            List<URL> places = new ArrayList<>();
            for (String place : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                places.add(Path.of(place).toUri().toURL());
            }
            try (var plugin = new URLClassLoader(places.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
                Class<?> walsafe = plugin.loadClass(Walsafe.class.getName());
                Object database = walsafe.getMethod("open", Path.class).invoke(null, Path.of(arguments[0]));
                ((AutoCloseable) database).close();
            }
        }
    }

    static final class Opener {
        private Opener() {}

        public static void main(String[] arguments) {
            String said = said(arguments[0]);
            System.out.println(arguments[1].equals("again") ? said(arguments[0]) : said);
        }

        private static String said(String path) {
            try (SafeDatabase database = Walsafe.open(Path.of(path))) {
                return "opened as " + database.plan().mode();
            } catch (SQLException | RuntimeException | Error e) {
                return e.toString();
            }
        }
    }

    @Test
    void aDatabaseInMemoryWorksAsAnyOtherAndBelongsToItsHandle() throws Exception {
        Path memory = Path.of(":memory:");
        Path other = directory.resolve("other.db");
        try (SafeDatabase one = Walsafe.open(memory, HERE.wishing("foreign_keys", "on"));
                SafeDatabase another = Walsafe.open(memory)) {
            one.write(connection -> execute(connection, "CREATE TABLE t(a)", "INSERT INTO t VALUES (1)"));
            one.maintain(connection -> execute(
                    connection,
                    "VACUUM",
                    "ATTACH '" + other + "' AS other",
                    "BEGIN",
                    "INSERT INTO t VALUES (2)")); // what is left behind is undone, and nothing else
            one.write(connection -> execute(connection, "INSERT INTO t VALUES (3)"));

            assertThat(one.<Integer>read(WalsafeTest::count)).isEqualTo(2);
            assertThat(one.<Integer>read(
                            "SELECT sum(a) FROM t WHERE a > ?", rows -> rows.next() ? rows.getInt(1) : 0, 0))
                    .isEqualTo(4);
            assertThat(one.<Integer>read("PRAGMA foreign_keys", rows -> rows.next() ? rows.getInt(1) : 0))
                    .isEqualTo(1);
            assertThat(one.<Boolean>read(
                            "SELECT 1 FROM pragma_database_list WHERE name = 'other'", rows -> rows.next()))
                    .isFalse();
            assertThatThrownBy(() -> one.read(connection -> execute(connection, "DELETE FROM t")))
                    .hasMessageContaining("readonly");
            assertThat(another.<Boolean>read("SELECT 1 FROM sqlite_schema", rows -> rows.next()))
                    .isFalse();
            assertThat(one.health()).isEmpty();
            assertThat(one.plan().explain()).contains("journal_mode").contains("gone");
        }
        assertThat(Path.of(":memory:")).doesNotExist();
    }

    private static void assertRefused(Path path, Intent intent, Problem problem) {
        assertThatThrownBy(() -> Walsafe.open(path, intent))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(problem));
    }

    private static String journalMode(Path path) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA journal_mode")) {
            return row.getString(1);
        }
    }

    private static void execute(Path path, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path)) {
            execute(connection, sql);
        }
    }

    private static int execute(Connection connection, String... sql) throws SQLException {
        for (String one : List.of(sql)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(one);
            }
        }
        return sql.length;
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
            return row.getInt(1);
        }
    }
}
