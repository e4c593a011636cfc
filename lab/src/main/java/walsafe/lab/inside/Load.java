package walsafe.lab.inside;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One side of two: {@code HOST SECONDS GATE SHARING TRUNCATE,… SAFE WAL,…}. For so many seconds each it writes the first
 * databases with a rollback journal, then SAFE by walsafe, which is told SHARING, then the last in WAL mode. Bare, one thread
 * writes and acknowledges each row, and one reads. Before each of the three it waits at a gate of its own, and once more when
 * it has opened by walsafe.
 */
public final class Load {
    private static final long RESTART_NANOS = 20_000_000; // a restart takes its time
    private static final long READING_NANOS = 100_000_000; // more would starve the writer

    private final String url;
    private final String host;
    private final String journal;
    private final long end;
    private final AtomicInteger acknowledged = new AtomicInteger();

    private Load(String file, String host, int seconds, String journal) {
        this.url = "jdbc:sqlite:" + file;
        this.host = host;
        this.journal = journal;
        this.end = System.nanoTime() + seconds * 1_000_000_000L;
    }

    public static void main(String[] arguments) throws SQLException {
        String host = arguments[0];
        int seconds = Integer.parseInt(arguments[1]);
        String gate = arguments[2];

        Gate.pass(gate + "-truncate");
        for (String file : arguments[4].split(",", -1)) new Load(file, host, seconds, "truncate").bear();

        Gate.pass(gate + "-walsafe");
        say("database " + arguments[5]);
        Writer.load(arguments[5], host, arguments[3], seconds, gate + "-opened");

        // The last, because it may kill the process: a page of the wal-index that is gone is a SIGBUS.
        Gate.pass(gate + "-wal");
        for (String file : arguments[6].split(",", -1)) new Load(file, host, seconds, "wal").bear();
    }

    private void bear() {
        say("database " + url);
        Thread reader = new Thread(() -> restarting(this::read), "reader");
        reader.start();
        AtomicInteger number = new AtomicInteger();
        restarting(sql -> write(sql, number));
        try {
            reader.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @FunctionalInterface
    private interface Part {
        void play(Statement sql) throws SQLException;
    }

    /** An error ends nothing: the connection is closed and opened again, as a program is that is restarted. */
    private void restarting(Part part) {
        while (System.nanoTime() < end) {
            try (Connection db = DriverManager.getConnection(url);
                    Statement sql = db.createStatement()) {
                sql.execute("PRAGMA busy_timeout = 2000");
                part.play(sql);
            } catch (SQLException trouble) {
                say("trouble " + Bare.firstLine(trouble.getMessage()));
                LockSupport.parkNanos(RESTART_NANOS);
            }
        }
    }

    private void write(Statement sql, AtomicInteger number) throws SQLException {
        sql.execute("PRAGMA journal_mode = " + journal);
        while (System.nanoTime() < end) {
            int next = number.incrementAndGet();
            sql.execute(Bare.insert(host, next));
            say("ack " + host + " " + next);
            acknowledged.incrementAndGet();
            if (next % 40 == 0 && journal.equals("wal")) sql.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /** Rows that this very host was told are kept must be there for it, always. */
    private void read(Statement sql) throws SQLException {
        while (System.nanoTime() < end) {
            int least = acknowledged.get();
            int seen;
            try (ResultSet own =
                    sql.executeQuery("SELECT count(*) FROM message NOT INDEXED WHERE host = '" + host + "'")) {
                seen = own.getInt(1);
            }
            if (seen < least) say("trouble [GONE] " + host + " sees " + seen + " of its " + least + " rows");
            LockSupport.parkNanos(READING_NANOS);
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
