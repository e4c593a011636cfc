package walsafe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static walsafe.Refused.assertRefused;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.policy.Intent;
import walsafe.policy.Sharing;

/**
 * A second class loader with a walsafe and a native SQLite of its own, as a plugin or a second web application has it. Two
 * SQLites on one file drop each other's locks, and rows that were acknowledged were lost.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SecondLoaderTest {
    private static final Intent HERE = Intent.DEFAULT.with(Sharing.ONE_HOST);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"claim", "failure", "stranger", "proof", "bare"})
    void twoSqlitesNeverShareAFile(String scenario) throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/maps")), "SKIPPED: descriptors can be looked at on Linux only");
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        scenario,
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(program.waitFor()).as(said).isZero();
            assertThat(said).endsWith("done\n");
            if (scenario.equals("bare")) assertThat(said).contains("WS210");
        } finally {
            program.destroyForcibly().waitFor();
        }
    }

    /** In a JVM of its own: a native library that was loaded once stays, and other tests would meet it. */
    static final class Program {
        private final Path directory;

        private Program(Path directory) {
            this.directory = directory;
        }

        public static void main(String[] arguments) throws Exception {
            var program = new Program(Path.of(arguments[1]));
            switch (arguments[0]) {
                case "claim" -> program.anotherCopyOfWalsafeIsKeptOutWhileWeHaveTheFileAndLetInAfterwards();
                case "failure" -> program.anOpeningThatFailsLetsGoOfTheFile();
                case "stranger" -> program.aBareConnectionOfAnotherSqliteIsRefused();
                case "proof" -> program.aBareConnectionThatWasThereBeforeOurSqliteIsProof();
                case "bare" -> program.aBareConnectionOfOurOwnSqliteIsNotRefused();
                default -> throw new IllegalArgumentException(arguments[0]);
            }
            assertThat(System.getProperties().stringPropertyNames())
                    .noneMatch(name -> name.startsWith("walsafe.open."));
            System.out.println("done");
        }

        private void anotherCopyOfWalsafeIsKeptOutWhileWeHaveTheFileAndLetInAfterwards() throws Exception {
            Path path = directory.resolve("shop.db"); // does not exist yet: claimed by its path, then by its inode
            try (URLClassLoader other = second()) {
                try (SafeDatabase database = Walsafe.open(path, HERE)) {
                    database.write(connection -> execute(connection, "CREATE TABLE t(a)"));
                    Path moved = directory.resolve("moved.db");

                    assertThatThrownBy(() -> openIn(other, path)).hasMessageContaining("WS203");
                    Files.createLink(moved, path);
                    assertThatThrownBy(() -> openIn(other, moved)).hasMessageContaining("WS203");
                    Files.delete(moved);
                }
                try (AutoCloseable theirs = openIn(other, path)) {
                    assertThat(theirs).isNotNull();
                    assertRefused(path, Problem.TWO_SQLITES);
                }
                try (SafeDatabase again = Walsafe.open(path, HERE)) {
                    assertThat(again.health()).isEmpty();
                }
            }
        }

        /** A claim that outlived an opening that failed would lock the file for the life of the program. */
        private void anOpeningThatFailsLetsGoOfTheFile() throws Exception {
            Path path = Files.write(
                    directory.resolve("photo.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
            assertThatThrownBy(() -> Walsafe.open(path, HERE)).isInstanceOf(WalsafeException.class);

            Files.delete(path);
            try (URLClassLoader other = second();
                    AutoCloseable theirs = openIn(other, path)) {
                assertThat(theirs).isNotNull();
            }
        }

        /** The other SQLite is bare, so that it claims nothing; ours is loaded already, so it may be either's. */
        private void aBareConnectionOfAnotherSqliteIsRefused() throws Exception {
            Path path = directory.resolve("shop.db");
            make(path);
            try (URLClassLoader other = second();
                    Connection theirs = bareIn(other, path)) {
                execute(theirs, "INSERT INTO t VALUES (1)");
                assertRefused(path, Problem.PERHAPS_TWO_SQLITES);

                try (Connection ours = DriverManager.getConnection("jdbc:sqlite:" + path)) {
                    execute(ours, "INSERT INTO t VALUES (2)");
                    assertRefused(path, Problem.TWO_SQLITES); // proved by two descriptors of the -shm
                }
            }
        }

        /** One native SQLite counts the locks of all its connections: told, and not refused. */
        private void aBareConnectionOfOurOwnSqliteIsNotRefused() throws Exception {
            Path path = directory.resolve("shop.db");
            make(path);
            try (Connection bare = DriverManager.getConnection("jdbc:sqlite:" + path)) {
                execute(bare, "INSERT INTO t VALUES (1)");
                try (SafeDatabase database = Walsafe.open(path, HERE)) {
                    database.write(connection -> execute(connection, "INSERT INTO t VALUES (2)"));
                }
            }
        }

        /** Ours was not loaded when theirs had the file open already. */
        private void aBareConnectionThatWasThereBeforeOurSqliteIsProof() throws Exception {
            Path path = directory.resolve("shop.db");
            try (URLClassLoader other = second();
                    Connection theirs = bareIn(other, path)) {
                execute(theirs, "PRAGMA journal_mode = wal");
                execute(theirs, "CREATE TABLE t(a)");
                assertRefused(path, Problem.TWO_SQLITES);
            }
        }
    }

    private static URLClassLoader second() {
        URL[] all = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(SecondLoaderTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(all, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AutoCloseable openIn(ClassLoader loader, Path path) throws Exception {
        try {
            return (AutoCloseable) loader.loadClass("walsafe.Walsafe")
                    .getMethod("open", Path.class)
                    .invoke(null, path);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static Connection bareIn(ClassLoader loader, Path path) throws Exception {
        Driver driver = (Driver)
                loader.loadClass("org.sqlite.JDBC").getDeclaredConstructor().newInstance();
        return driver.connect("jdbc:sqlite:" + path, new Properties());
    }

    private static void make(Path path) throws SQLException {
        try (SafeDatabase database = Walsafe.open(path, HERE)) {
            database.write(connection -> execute(connection, "CREATE TABLE t(a)"));
        }
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return 1;
        }
    }
}
