package walsafe.lab.inside;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.policy.Intent;
import walsafe.policy.Sharing;

/**
 * {@code DB HOST ROWS}: opens a database by walsafe, adds rows, one to a transaction, and acknowledges each. A refusal is
 * told and ends it with 3.
 */
public final class Writer {
    private static final int READ_EACH = 20;
    private static final long OPENING_NANOS = 60_000_000_000L;

    private Writer() {}

    public static void main(String[] arguments) throws SQLException {
        String host = arguments[1];
        long start = System.nanoTime();
        try (SafeDatabase db = Walsafe.open(Path.of(arguments[0]))) {
            say("opened " + db.plan().mode() + " after " + millisSince(start) + " ms");
            long writing = System.nanoTime();
            int rows = Integer.parseInt(arguments[2]);
            for (int number = 1; number <= rows; number++) acknowledge(db, host, number);
            say("wrote for " + millisSince(writing) + " ms");
        } catch (WalsafeException refused) {
            say("refused " + refused.getMessage());
            System.exit(3);
        }
    }

    /**
     * The same for some seconds from when it is let through its gate, with a look at its own rows now and then. After an error
     * it goes on; it asks again when a storage was too slow to be looked at. Who is refused comes to the gate, too.
     */
    static void load(String file, String host, String sharing, int seconds, String gate) throws SQLException {
        long patience = System.nanoTime() + OPENING_NANOS;
        do {
            try (SafeDatabase db = Walsafe.open(Path.of(file), Intent.DEFAULT.with(sharing(sharing)))) {
                say("opened " + db.plan().mode());
                Gate.pass(gate);
                load(db, host, System.nanoTime() + seconds * 1_000_000_000L);
                return;
            } catch (WalsafeException refused) {
                if (refused.finding().problem() != Problem.STORAGE_SILENT) {
                    say("refused " + refused.getMessage());
                    break;
                }
                say("trouble [" + refused.finding().problem().id() + "]");
            }
        } while (System.nanoTime() < patience);
        Gate.pass(gate);
    }

    private static Sharing sharing(String option) {
        return Stream.of(Sharing.values())
                .filter(sharing -> sharing.option().equals(option))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such sharing: " + option));
    }

    private static void load(SafeDatabase db, String host, long end) {
        int acknowledged = 0;
        for (int number = 1; System.nanoTime() < end; number++) {
            try {
                acknowledge(db, host, number);
                acknowledged++;
                if (number % READ_EACH == 0) read(db, host, acknowledged);
            } catch (SQLException trouble) {
                say("trouble " + trouble.getMessage());
            } catch (WalsafeException trouble) {
                say("trouble [" + trouble.finding().problem().id() + "] " + trouble.getMessage());
            }
        }
    }

    private static void acknowledge(SafeDatabase db, String host, int number) throws SQLException {
        add(db, host, number);
        say("ack " + host + " " + number);
    }

    private static void read(SafeDatabase db, String host, int acknowledged) throws SQLException {
        int seen = db.read("SELECT count(*) FROM message WHERE host = ?", own -> own.next() ? own.getInt(1) : 0, host);
        if (seen < acknowledged) say("trouble [GONE] " + host + " sees " + seen + " of its " + acknowledged + " rows");
    }

    private static void add(SafeDatabase db, String host, int number) throws SQLException {
        db.write(connection -> {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO message VALUES (?, ?, ?)")) {
                insert.setString(1, host);
                insert.setInt(2, number);
                insert.setString(3, Bare.words(number));
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
