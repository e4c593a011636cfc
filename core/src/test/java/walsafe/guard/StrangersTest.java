package walsafe.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.format.DatabaseFile;
import walsafe.format.Ledger;

/** Who counts as somebody else that has the database open in this program. */
@EnabledOnOs(OS.LINUX)
class StrangersTest {
    @TempDir
    Path directory;

    private Path database = Path.of("");

    @BeforeEach
    void make() throws SQLException {
        database = directory.resolve("shop.db");
        try (Connection connection = bare()) {
            execute(connection, "CREATE TABLE t(a)");
        }
    }

    /** What would break: an application server looks at its databases from one plugin while another opens them. */
    @Test
    void aWalsafeOfAnotherClassLoaderThatReadsTheBytesIsNoStranger() throws Exception {
        try (URLClassLoader loader = anotherLoader();
                AutoCloseable theirs = reading(loader);
                Ledger.Opening ours = Ledger.openingThroughSqlite(database)) {
            assertThat(theirs).isNotNull();
            assertThat(Strangers.of(database, ours)).isEmpty();
        }
    }

    @Test
    void aDescriptorThatWasKeptIsNoStranger() throws Exception {
        DatabaseFile reading = DatabaseFile.open(database);
        try (Connection connection = bare()) {
            execute(connection, "SELECT count(*) FROM t");
            reading.close(); // and is kept, because SQLite has the file open
            assertThat(DatabaseFile.ownDescriptors(database)).isOne();
        }
        try (Ledger.Opening ours = Ledger.openingThroughSqlite(database)) {
            assertThat(Strangers.of(database, ours)).isEmpty();
        }
    }

    @Test
    void besideAReaderAStrangerIsStillSeen() throws Exception {
        try (URLClassLoader loader = anotherLoader();
                AutoCloseable theirs = reading(loader);
                Connection stranger = bare();
                Ledger.Opening ours = Ledger.openingThroughSqlite(database)) {
            assertThat(theirs).isNotNull();
            execute(stranger, "SELECT count(*) FROM t");

            Optional<Finding> finding = Strangers.of(database, ours);

            assertThat(finding.map(Finding::problem)).contains(Problem.OPEN_PAST_WALSAFE);
        }
    }

    private AutoCloseable reading(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> type = loader.loadClass(DatabaseFile.class.getName());
        return (AutoCloseable) type.getMethod("open", Path.class).invoke(null, database);
    }

    private static URLClassLoader anotherLoader() throws Exception {
        List<URL> places = new ArrayList<>();
        for (String place : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            places.add(Path.of(place).toUri().toURL());
        }
        return new URLClassLoader(places.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    private Connection bare() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + database);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
