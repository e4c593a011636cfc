package walsafe.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.sqlite.JDBC;
import org.sqlite.NativeLibraryNotFoundException;

/**
 * Makes connections of the sqlite-jdbc that lies in the same class loader: DriverManager does not find one that lies in a
 * plugin's. Tells what to do where its native library cannot be loaded.
 */
public final class Driver {
    private static final int DEEPEST_CAUSE = 10;

    private Driver() {}

    /**
     * Opens one by its URL.
     *
     * @throws SQLException if SQLite cannot open it, or sqlite-jdbc cannot load its library
     */
    public static Connection connect(String url) throws SQLException {
        try {
            return JDBC.createConnection(url, new Properties());
        } catch (SQLException e) {
            throw withoutLibrary(e) ? told(e) : e;
        } catch (LinkageError e) { // at the second attempt sqlite-jdbc believes that it was loaded
            throw told(e);
        }
    }

    private static boolean withoutLibrary(SQLException error) {
        return Stream.<Throwable>iterate(error, Objects::nonNull, Throwable::getCause)
                .limit(DEEPEST_CAUSE)
                .anyMatch(cause -> cause instanceof NativeLibraryNotFoundException);
    }

    private static SQLException told(Throwable error) {
        String folder = System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"));
        return new SQLException(
                "sqlite-jdbc could not load its native library, which it unpacks into " + folder + " (" + error
                        + "). Do: start Java with -Dorg.sqlite.tmpdir=DIR, a directory with 2 MiB free on a mount"
                        + " without noexec",
                error);
    }
}
