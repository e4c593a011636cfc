package walsafe.lab.inside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A program that knows nothing of walsafe: {@code crash DB ROWS} makes a database in WAL mode and dies without closing it,
 * {@code count DB} tells what is in one, {@code do DB SQL} runs one statement after the other, {@code hold DB HELD RELEASE}
 * reads, makes the file HELD and waits, idle, until RELEASE is there to write a row.
 */
public final class Bare {
    /** Of what the programs here write. */
    public static final String TABLE =
            "CREATE TABLE message(host TEXT, number INTEGER, words TEXT, PRIMARY KEY (host, number))";

    private Bare() {}

    public static void main(String[] arguments) throws SQLException, IOException {
        String url = "jdbc:sqlite:" + arguments[1];
        switch (arguments[0]) {
            case "crash" -> crash(url, Integer.parseInt(arguments[2]));
            case "count" -> count(url);
            case "do" -> run(url, arguments[2]);
            case "hold" -> hold(url, Path.of(arguments[2]), Path.of(arguments[3]));
            default -> throw new IllegalArgumentException("no such task: " + arguments[0]);
        }
    }

    private static void crash(String url, int rows) throws SQLException {
        Connection db = DriverManager.getConnection(url);
        try (Statement sql = db.createStatement()) {
            sql.execute("PRAGMA journal_mode = wal");
            sql.execute(TABLE);
            for (int i = 1; i <= rows; i++) sql.execute(insert("before", i));
        }
        Runtime.getRuntime().halt(0); // the -wal stays, as after a crash
    }

    static String insert(String host, int number) {
        return "INSERT INTO message VALUES ('" + host + "', " + number + ", '" + words(number) + "')";
    }

    /** What stands in a row of that number, by whatever program. */
    static String words(int number) {
        return "a few words ".repeat(number % 30);
    }

    private static void count(String url) {
        try (Connection db = DriverManager.getConnection(url);
                Statement sql = db.createStatement()) {
            try (ResultSet mode = sql.executeQuery("PRAGMA journal_mode")) {
                say("mode " + mode.getString(1));
            }
            try (ResultSet verdict = sql.executeQuery("PRAGMA integrity_check(1)")) {
                say("integrity " + firstLine(verdict.getString(1)));
            }
            try (ResultSet rows = sql.executeQuery("SELECT host, number FROM message NOT INDEXED")) {
                while (rows.next()) say("row " + rows.getString(1) + " " + rows.getLong(2));
            }
        } catch (SQLException damaged) {
            say("integrity " + firstLine(damaged.getMessage()));
        }
    }

    private static void hold(String url, Path held, Path release) throws SQLException, IOException {
        try (Connection db = DriverManager.getConnection(url);
                Statement sql = db.createStatement()) {
            sql.executeQuery("SELECT count(*) FROM message").close();
            Files.createFile(held);
            while (!Files.exists(release)) LockSupport.parkNanos(50_000_000);
            sql.execute(insert("held", 1));
            say("ack held 1");
        }
    }

    static String firstLine(@Nullable String words) {
        return String.valueOf(words).lines().findFirst().orElse("");
    }

    private static void run(String url, String script) throws SQLException {
        try (Connection db = DriverManager.getConnection(url);
                Statement sql = db.createStatement()) {
            for (String statement : script.split(";", -1)) {
                if (sql.execute(statement)) {
                    try (ResultSet answer = sql.getResultSet()) {
                        say(statement.strip() + ": " + answer.getString(1));
                    }
                }
            }
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
