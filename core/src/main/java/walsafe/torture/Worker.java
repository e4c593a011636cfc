package walsafe.torture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import walsafe.policy.Mode;

/**
 * What a tortured process does: it writes, reads, holds snapshots, checkpoints, tries to change the journal mode, fills the
 * database up to its limit, vacuums it, closes and opens again, in an order of chance, and tells what became of each transaction. On an
 * error it closes and opens again, as a program would that is started anew.
 *
 * <p>It says, a line each: {@code o VERSION} opened; {@code + N}, {@code - N}, {@code ? N} transaction N was committed, was
 * not, or nobody knows; {@code b} SQLite was busy; {@code e CODE TEXT} another error; {@code r} a read; {@code c} a
 * checkpoint; {@code s KIND TEXT} a symptom; {@code at POINT}; {@code bye} closed in order.
 */
final class Worker {
    static final String BYE = "bye";

    private static final List<String> CHECKPOINTS = List.of("PASSIVE", "FULL", "RESTART", "TRUNCATE");
    private static final int MOST_PAGES_SHARE = 4; // of the disk for the database, the rest for its -wal or -journal
    private static final int SLOW = 40; // one in so many transactions takes its time
    private static final int POINT_MILLIS = 60; // long enough for the parent to stop or kill it there

    private final Spec spec;
    private final Orders orders;
    private final Consumer<String> parent;
    private final SplittableRandom random;
    private final Map<Integer, Integer> seen = new HashMap<>(); // by writer, the last number that a read has shown
    private @Nullable Store store;
    private int number;

    Worker(Spec spec, Orders orders, Consumer<String> parent) {
        this.spec = spec;
        this.orders = orders;
        this.parent = parent;
        this.random = new SplittableRandom(spec.seed() * 31 + spec.writer());
    }

    private enum Act {
        WRITE,
        READ,
        HOLD,
        CHECKPOINT,
        SWITCH,
        FILL,
        VACUUM,
        REOPEN
    }

    void work() {
        while (!orders.end()) {
            try {
                act(opened(), next());
            } catch (SQLException | RuntimeException e) {
                trouble(e);
            }
            pause(random.nextInt(4));
        }
        close();
        parent.accept(BYE);
    }

    private Store opened() throws SQLException {
        if (store != null) return store;
        Store fresh = Store.open(spec.database(), spec.means());
        try {
            limit(fresh);
            fresh.write(this::tables);
            fresh.read(this::tellVersion);
        } catch (SQLException | RuntimeException e) {
            closeQuietly(fresh);
            throw e;
        }
        store = fresh;
        return fresh;
    }

    private Boolean tables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS line(writer INTEGER, number INTEGER, part INTEGER, text TEXT)");
            statement.execute("CREATE INDEX IF NOT EXISTS line_number ON line(writer, number)");
            statement.execute("CREATE TABLE IF NOT EXISTS latest(writer INTEGER PRIMARY KEY, number INTEGER)");
            statement.execute("CREATE TABLE IF NOT EXISTS sand(writer INTEGER, grains BLOB)");
            if (!spec.means().twoFiles()) return true;
            statement.execute("CREATE TABLE IF NOT EXISTS second.latest(writer INTEGER PRIMARY KEY, number INTEGER)");
        }
        return true;
    }

    private Boolean tellVersion(Connection connection) throws SQLException {
        parent.accept("o " + connection.getMetaData().getDatabaseProductVersion());
        return true;
    }

    /** So that the disk's owner is never the one to suffer; SQLite then says FULL. Lasts as long as the connection. */
    private void limit(Store fresh) throws SQLException {
        if (spec.means().guarded()) return; // the parent watches the sizes
        fresh.outside(connection -> limitPages(connection, mostPages()));
    }

    private long mostPages() {
        return spec.diskBytes() / MOST_PAGES_SHARE / spec.means().pageBytes();
    }

    private static Boolean limitPages(Connection connection, long most) throws SQLException {
        return execute(connection, "PRAGMA max_page_count = " + most);
    }

    private static Boolean execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }

    private Act next() {
        int dice = random.nextInt(1000);
        if (spec.means().mode() == Mode.WAL_ALONE && dice < 100) return Act.REOPEN; // else nobody else gets in
        if (orders.reached(Point.CHECKPOINTING)) {
            parent.accept("at " + Point.CHECKPOINTING);
            return Act.CHECKPOINT;
        }
        if (orders.reached(Point.VACUUMING)) {
            parent.accept("at " + Point.VACUUMING);
            return spec.means().guarded() ? Act.READ : Act.VACUUM; // a guard has no word for it
        }
        if (orders.waitFor(Point.WRITING) || orders.waitFor(Point.COMMITTING)) return Act.WRITE;
        if (orders.waitFor(Point.READING)) return Act.HOLD;
        int reads = spec.reader() ? 700 : 120;
        if (dice < reads) return Act.READ;
        if (dice < reads + 40) return Act.HOLD;
        if (dice < reads + 90) return Act.CHECKPOINT;
        if (dice < reads + 110) return Act.REOPEN;
        if (dice < reads + 116) return Act.SWITCH;
        if (dice < reads + 122) return Act.FILL;
        if (dice < reads + 124 && !spec.means().guarded()) return Act.VACUUM;
        return Act.WRITE;
    }

    private void act(Store open, Act act) throws SQLException {
        switch (act) {
            case WRITE -> write(open);
            case READ -> read(open, false);
            case HOLD -> read(open, true);
            case CHECKPOINT -> checkpoint(open);
            case SWITCH -> tryAnotherMode(open);
            case FILL -> fill(open);
            case VACUUM -> open.outside(connection -> execute(connection, "VACUUM")); // every page anew, at once
            case REOPEN -> close();
        }
    }

    private void write(Store open) throws SQLException {
        Deed deed = nextDeed();
        try {
            open.write(connection -> insert(connection, deed));
            parent.accept("+ " + deed.number());
            seen.put(spec.writer(), deed.number());
        } catch (Store.Unsure e) {
            parent.accept("? " + deed.number());
            throw e;
        } catch (SQLException | RuntimeException e) {
            parent.accept("- " + deed.number());
            throw e;
        }
    }

    /** Who is to be struck while it writes writes much, so that some of it is in the files already. */
    private Deed nextDeed() {
        Deed deed = new Deed(spec.seed(), spec.writer(), ++number);
        boolean much = orders.waitFor(Point.WRITING) || (orders.waitFor(Point.COMMITTING) && random.nextBoolean());
        while (much && deed.parts() < Deed.BIG) {
            parent.accept("- " + number);
            deed = new Deed(spec.seed(), spec.writer(), ++number);
        }
        return deed;
    }

    private Boolean insert(Connection connection, Deed deed) throws SQLException {
        int parts = deed.parts();
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO line VALUES (?, ?, ?, ?)")) {
            for (int part = 1; part <= parts; part++) {
                insert.setInt(1, deed.writer());
                insert.setInt(2, deed.number());
                insert.setInt(3, part);
                insert.setString(4, deed.text(part));
                insert.executeUpdate();
            }
        }
        if (random.nextInt(4) == 0) shiftSand(connection);
        latest(connection, "main.latest", deed);
        if (spec.means().twoFiles()) latest(connection, "second.latest", deed);
        if (random.nextInt(SLOW) == 0) pause(20 + random.nextInt(60)); // whoever else can write now has no business to
        if (orders.reached(Point.WRITING)) linger(Point.WRITING);
        if (orders.reached(Point.COMMITTING)) parent.accept("at " + Point.COMMITTING);
        return true;
    }

    private static void latest(Connection connection, String table, Deed deed) throws SQLException {
        String latest =
                "INSERT INTO " + table + " VALUES (?, ?) ON CONFLICT(writer) DO UPDATE SET number = excluded.number";
        try (PreparedStatement update = connection.prepareStatement(latest)) {
            update.setInt(1, deed.writer());
            update.setInt(2, deed.number());
            update.executeUpdate();
        }
    }

    /** Pages become free, are used again, and with auto_vacuum moved and cut off; only integrity_check looks at these rows. */
    private void shiftSand(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM sand WHERE rowid % 3 = " + random.nextInt(3));
            statement.executeUpdate("WITH RECURSIVE grain(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM grain WHERE n < "
                    + (1 + random.nextInt(30)) + ") INSERT INTO sand SELECT " + spec.writer()
                    + ", randomblob(abs(random()) % 3000) FROM grain");
        }
    }

    private void linger(Point point) {
        parent.accept("at " + point);
        pause(POINT_MILLIS);
    }

    /** Whatever was acknowledged before the read began has to be in it, whole, and nothing may have gone back. */
    private void read(Store open, boolean hold) throws SQLException {
        Map<Integer, Integer> known = orders.known();
        Map<Integer, Integer> shown = open.read(connection -> {
            Map<Integer, Integer> first = latest(connection);
            if (orders.reached(Point.READING)) linger(Point.READING);
            if (hold) pause(random.nextInt(300));
            if (!latest(connection).equals(first)) symptom("moved", "a snapshot changed while it was held");
            Optional<Deed> one = one(first);
            if (one.isPresent()) mustBeWhole(connection, one.get());
            if (random.nextInt(20) == 0) scan(connection);
            return first;
        });
        known.forEach(
                (writer, least) -> mustShow("stale", shown, writer, least, "was acknowledged to another process"));
        seen.forEach((writer, least) -> mustShow("back", shown, writer, least, "was seen by this process before"));
        seen.putAll(shown);
        parent.accept("r");
    }

    private static Map<Integer, Integer> latest(Connection connection) throws SQLException {
        Map<Integer, Integer> latest = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT writer, number FROM latest")) {
            while (rows.next()) latest.put(rows.getInt(1), rows.getInt(2));
        }
        return latest;
    }

    private void mustShow(String kind, Map<Integer, Integer> shown, int writer, int least, String because) {
        int got = shown.getOrDefault(writer, 0);
        if (got >= least) return;
        symptom(kind, "transaction " + least + " of writer " + writer + " " + because + ", and a read showed " + got);
    }

    private Optional<Deed> one(Map<Integer, Integer> latest) {
        if (latest.isEmpty()) return Optional.empty();
        int which = random.nextInt(latest.size());
        for (Map.Entry<Integer, Integer> entry : latest.entrySet()) {
            if (which-- == 0) return Optional.of(new Deed(spec.seed(), entry.getKey(), entry.getValue()));
        }
        return Optional.empty();
    }

    private void mustBeWhole(Connection connection, Deed deed) throws SQLException {
        String sql = "SELECT count(*), count(DISTINCT part) FROM line WHERE writer = ? AND number = ?";
        try (PreparedStatement count = connection.prepareStatement(sql)) {
            count.setInt(1, deed.writer());
            count.setInt(2, deed.number());
            try (ResultSet row = count.executeQuery()) {
                int rows = row.next() ? row.getInt(1) : 0;
                if (rows == deed.parts() && row.getInt(2) == rows) return;
                symptom(
                        "torn",
                        "a read showed " + rows + " of the " + deed.parts() + " rows of transaction " + deed.number()
                                + " of writer " + deed.writer());
            }
        }
    }

    private static void scan(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sum(length(text)) FROM line NOT INDEXED")) {
            row.next();
        }
    }

    private void checkpoint(Store open) throws SQLException {
        if (spec.means().mode() != Mode.WAL && spec.means().mode() != Mode.WAL_ALONE) return;
        String kind = CHECKPOINTS.get(random.nextInt(CHECKPOINTS.size()));
        open.outside(connection -> execute(connection, "PRAGMA wal_checkpoint(" + kind + ")"));
        parent.accept("c");
    }

    /** Refused while others have it open, as it must be; a process that is alone for a moment may succeed. */
    private void tryAnotherMode(Store open) throws SQLException {
        if (spec.means().guarded()) return; // a guard forbids it
        String other = spec.means().mode() == Mode.WAL ? "truncate" : "persist";
        open.outside(connection -> execute(connection, "PRAGMA journal_mode = " + other));
        open.outside(connection ->
                execute(connection, "PRAGMA journal_mode = " + spec.means().journalMode()));
    }

    /** A write for which there is no room: SQLite says FULL in the middle of it. */
    private void fill(Store open) throws SQLException {
        if (spec.means().guarded()) return;
        try {
            open.outside(connection -> limitPages(connection, 1)); // SQLite takes the present size for it
            write(open);
        } finally {
            open.outside(connection -> limitPages(connection, mostPages()));
        }
    }

    private void symptom(String kind, String text) {
        parent.accept("s " + kind + " " + text);
    }

    private void trouble(Exception e) {
        if (e instanceof SQLException sql && waits(sql)) {
            parent.accept("b");
            return;
        }
        int code = code(e);
        String text = String.valueOf(e.getMessage()).replaceAll("\\R", " ");
        parent.accept("e " + code + " " + text);
        if (code != SQLiteErrorCode.SQLITE_FULL.code) {
            close();
            pause(50);
        }
    }

    private static boolean waits(SQLException e) {
        int primary = code(e) & 0xff;
        return primary == SQLiteErrorCode.SQLITE_BUSY.code || primary == SQLiteErrorCode.SQLITE_LOCKED.code;
    }

    static int code(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) return sqlite.getResultCode().code;
        }
        return -1;
    }

    private void close() {
        Store open = store;
        store = null;
        if (open != null) closeQuietly(open);
    }

    private static void closeQuietly(Store open) {
        try {
            open.close();
        } catch (SQLException | RuntimeException e) {
            // What was acknowledged has to be there all the same.
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
