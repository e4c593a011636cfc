package walsafe.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Real databases, by sqlite-jdbc. */
public final class Sqlite {
    private Sqlite() {}

    static Connection connect(Path database) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + database);
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) statement.execute(each);
        }
    }

    /** Runs the statements on a connection of their own and closes it. */
    public static Path database(Path database, String... statements) throws Exception {
        try (Connection connection = connect(database)) {
            run(connection, statements);
        }
        return database;
    }

    public static Path beside(Path database, String suffix) {
        return database.resolveSibling(database.getFileName() + suffix);
    }

    /** This process's lines of /proc/locks, which name its locks by device, inode and byte range. */
    public static List<String> ownLocks() throws IOException {
        String pid = " " + ProcessHandle.current().pid() + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream()
                .filter(line -> line.contains(pid))
                .map(line -> line.substring(line.indexOf(':') + 1))
                .distinct() // a reading of that list may show a line twice
                .sorted()
                .toList();
    }
}
