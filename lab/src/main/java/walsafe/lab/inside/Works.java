package walsafe.lab.inside;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.finding.WalsafeException;

/**
 * A program of several hosts whose works are more than one row each: three parts, and the sum of what its host has done.
 * {@code create DB} makes an empty database without walsafe, and {@code count DB} tells what is in one. {@code write DB HOST
 * SECONDS} opens one by walsafe, does one work after the other, and opens it again after trouble, as a program does that is
 * restarted, until its time is over or there is a file /run/stop-HOST. {@code midway DB HOST} does a few, then stops in the
 * middle of a large one: pages of it are in the file already, and what puts them right is in the journal.
 *
 * <p>What it tells goes to the console, not to a file of the host: the kernel may be killed at any moment, and what it was
 * told is kept must outlive it.
 */
public final class Works {
    private static final int PARTS = 3;
    private static final int BEFORE = 20; // works, before the one that stops
    private static final int MANY = 3000; // rows of a kilobyte, more than SQLite keeps in memory
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(2);

    private Works() {}

    public static void main(String[] arguments) throws SQLException, IOException {
        String database = arguments[1];
        switch (arguments[0]) {
            case "create" -> create(database);
            case "count" -> count(database);
            case "write" -> write(Path.of(database), arguments[2], Integer.parseInt(arguments[3]));
            case "midway" -> midway(Path.of(database), arguments[2]);
            default -> throw new IllegalArgumentException("no such task: " + arguments[0]);
        }
    }

    private static void create(String database) throws SQLException {
        try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement sql = db.createStatement()) {
            sql.execute("CREATE TABLE work(host TEXT, number INTEGER, part INTEGER, words TEXT,"
                    + " PRIMARY KEY (host, number, part))");
            sql.execute("CREATE TABLE done(host TEXT PRIMARY KEY, works INTEGER)");
        }
    }

    /** In lines of "row HOST NUMBER" for each whole work, "half HOST NUMBER" for each other, and what the sums say. */
    private static void count(String database) {
        try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement sql = db.createStatement()) {
            try (ResultSet verdict = sql.executeQuery("PRAGMA integrity_check(1)")) {
                System.out.println("integrity " + Bare.firstLine(verdict.getString(1)));
            }
            try (ResultSet works =
                    sql.executeQuery("SELECT host, number, count(*), min(words) FROM work GROUP BY host, number")) {
                while (works.next()) {
                    boolean whole =
                            works.getInt(3) == PARTS && works.getString(4).startsWith("a few");
                    System.out.println((whole ? "row " : "half ") + works.getString(1) + " " + works.getInt(2));
                }
            }
            try (ResultSet sums = sql.executeQuery("SELECT host, works, (SELECT count(DISTINCT number) FROM work"
                    + " WHERE work.host = done.host) AS found FROM done WHERE works <> found")) {
                while (sums.next()) {
                    System.out.println("half " + sums.getString(1) + " did " + sums.getInt(2) + " works, of which "
                            + sums.getInt(3) + " are there");
                }
            }
        } catch (SQLException damaged) {
            System.out.println("integrity " + Bare.firstLine(damaged.getMessage()));
        }
    }

    private static void write(Path database, String host, int seconds) {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        Path stop = Path.of("/run/stop-" + host);
        int number = 0;
        while (System.nanoTime() < end && !Files.exists(stop)) {
            long start = System.nanoTime();
            try (SafeDatabase db = Walsafe.open(database)) {
                say("opened " + db.plan().mode() + " after " + millisSince(start) + " ms");
                while (System.nanoTime() < end && !Files.exists(stop)) {
                    number++;
                    work(db, host, number);
                }
            } catch (SQLException | RuntimeException trouble) {
                say("trouble after " + millisSince(start) + " ms: " + words(trouble));
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        say("end " + host);
    }

    private static void work(SafeDatabase db, String host, int number) throws SQLException {
        long start = System.nanoTime();
        db.write(connection -> {
            for (int part = 1; part <= PARTS; part++) add(connection, host, number, part);
            return sum(connection, host);
        });
        say("ack " + host + " " + number);
        if (millisSince(start) > LONG.toMillis()) say("waited " + millisSince(start) + " ms");
    }

    private static int add(Connection connection, String host, int number, int part) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO work VALUES (?, ?, ?, ?)")) {
            insert.setString(1, host);
            insert.setInt(2, number);
            insert.setInt(3, part);
            insert.setString(4, "a few words ".repeat(1 + number % 30));
            return insert.executeUpdate();
        }
    }

    private static int sum(Connection connection, String host) throws SQLException {
        try (PreparedStatement sum = connection.prepareStatement(
                "INSERT INTO done VALUES (?, 1) ON CONFLICT (host) DO UPDATE SET works = works + 1")) {
            sum.setString(1, host);
            return sum.executeUpdate();
        }
    }

    private static void midway(Path database, String host) {
        for (int number = 1; ; number += BEFORE) {
            try (SafeDatabase db = Walsafe.open(database)) {
                say("opened " + db.plan().mode());
                for (int i = 0; i < BEFORE; i++) work(db, host, number + i);
                stopInTheMiddle(db, host);
            } catch (SQLException | RuntimeException kept) {
                say("trouble: " + words(kept));
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static void stopInTheMiddle(SafeDatabase db, String host) throws SQLException {
        db.write(connection -> {
            try (Statement sql = connection.createStatement()) {
                sql.executeUpdate("UPDATE work SET words = 'half done'");
                sql.executeUpdate("WITH RECURSIVE many(n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM many WHERE n < "
                        + (1000 + MANY) + ") INSERT INTO work SELECT '" + host
                        + "', n, 1, 'half' || hex(zeroblob(500)) FROM many");
            }
            say("midway " + host);
            LockSupport.parkNanos(Duration.ofHours(1).toNanos());
            return true;
        });
    }

    /** As a person would see it: a finding speaks for itself, anything else shows its class. */
    private static String words(Exception trouble) {
        for (Throwable cause = trouble; cause != null; cause = cause.getCause()) {
            if (cause instanceof WalsafeException told) return "finding " + told.finding();
        }
        return "bare " + trouble;
    }

    private static long millisSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    /** In one write, so that two programs do not mix their lines. */
    private static void say(String line) {
        byte[] bytes = ("## " + line.replace('\n', ' ') + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileOutputStream console = new FileOutputStream("/dev/console")) {
            console.write(bytes);
        } catch (IOException gone) {
            throw new IllegalStateException("nobody can be told", gone);
        }
    }
}
