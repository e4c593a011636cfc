package walsafe.facts;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A JVM that has a database open through sqlite-jdbc, in as many class loaders as it is told, as plugin hosts do. */
final class HoldingJvm {
    private HoldingJvm() {}

    public static void main(String[] arguments) throws Exception {
        List<AutoCloseable> held = new ArrayList<>();
        for (int loaders = Integer.parseInt(arguments[1]); loaders > 0; loaders--) {
            URL jar = Path.of(org.sqlite
                            .JDBC
                            .class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toUri()
                    .toURL();
            URLClassLoader loader = new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
            Driver driver = (Driver)
                    loader.loadClass("org.sqlite.JDBC").getDeclaredConstructor().newInstance();
            held.add(loader);
            held.add(open(driver, arguments[0]));
        }
        System.out.println("ready");
        System.in.read();
        for (AutoCloseable one : held) one.close();
    }

    private static Connection open(Driver driver, String database) throws SQLException {
        Connection connection = driver.connect("jdbc:sqlite:" + database, new Properties());
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("CREATE TABLE IF NOT EXISTS t(a)");
        }
        return connection;
    }
}
