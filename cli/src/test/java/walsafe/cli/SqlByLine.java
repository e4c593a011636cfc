package walsafe.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The {@link LiveProgram} that uses sqlite-jdbc, in a JVM of its own. */
final class SqlByLine {
    private SqlByLine() {}

    public static void main(String[] database) throws IOException, SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database[0]);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 0");
            System.out.println("ready");
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(answer(statement, line));
            }
        }
    }

    private static String answer(Statement statement, String line) {
        try {
            if (!statement.execute(line)) return "done";
            try (ResultSet rows = statement.getResultSet()) {
                return rows.next() ? rows.getString(1) : "done";
            }
        } catch (SQLException trouble) {
            return trouble.toString();
        }
    }
}
