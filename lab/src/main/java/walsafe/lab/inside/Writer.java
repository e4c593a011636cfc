package walsafe.lab.inside;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.finding.WalsafeException;

/**
 * {@code DB HOST ROWS}: opens a database by walsafe, adds rows, one to a transaction, and acknowledges each. A refusal is
 * told and ends it with 3.
 */
public final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws SQLException {
        String host = arguments[1];
        long start = System.nanoTime();
        try (SafeDatabase db = Walsafe.open(Path.of(arguments[0]))) {
            say("opened " + db.plan().mode() + " after " + millisSince(start) + " ms");
            long writing = System.nanoTime();
            int rows = Integer.parseInt(arguments[2]);
            for (int number = 1; number <= rows; number++) {
                add(db, host, number);
                say("ack " + host + " " + number);
            }
            say("wrote for " + millisSince(writing) + " ms");
        } catch (WalsafeException refused) {
            say("refused " + refused.getMessage());
            System.exit(3);
        }
    }

    private static void add(SafeDatabase db, String host, int number) throws SQLException {
        db.write(connection -> {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO message VALUES (?, ?, ?)")) {
                insert.setString(1, host);
                insert.setInt(2, number);
                insert.setString(3, "a few words ".repeat(number % 30));
                return insert.executeUpdate();
            }
        });
    }

    private static long millisSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
