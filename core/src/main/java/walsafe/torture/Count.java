package walsafe.torture;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Reads everything that is in the database, and tells it: {@code integrity_check} says ok about rows that are gone, so the
 * rows are what counts.
 *
 * <p>It says, a line each: {@code i TEXT} what {@code integrity_check} has to say; {@code w WRITER FROM TO} transactions that
 * are whole; {@code h WRITER NUMBER} one with rows missing; {@code d WRITER NUMBER} one with a row twice; {@code a WRITER
 * NUMBER} one with another text than was written; {@code l WRITER NUMBER} what the table of the latest says; {@code e CODE
 * TEXT} the reading broke off; {@code done}.
 */
final class Count {
    static final String DONE = "done";

    private static final int MOST_MESSAGES = 20;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Spec spec;
    private final Consumer<String> parent;
    private final Map<Integer, TreeMap<Integer, Parts>> writers = new TreeMap<>();
    private long read; // the last rowid on the way up

    /** What was found of one transaction. */
    private static final class Parts {
        private final BitSet there = new BitSet();
        private boolean twice;
        private boolean altered;
    }

    Count(Spec spec, Consumer<String> parent) {
        this.spec = spec;
        this.parent = parent;
    }

    void count() {
        attempt(() -> {
            try (Store store = opened()) {
                store.read(this::everything);
            }
        });
        parent.accept(DONE);
    }

    /** A lock of a process that was killed a moment ago may take its time to go. */
    private Store opened() throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try {
                return Store.open(spec.database(), spec.means());
            } catch (SQLException e) {
                if (!BareStore.busy(e) || System.nanoTime() - start > PATIENCE_NANOS) throw e;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private Boolean everything(Connection connection) {
        attempt(() -> integrity(connection));
        boolean all = attempt(() -> rows(connection, ""));
        if (!all) attempt(() -> rows(connection, " ORDER BY rowid DESC")); // up to the damage from the other side
        tellWriters();
        attempt(() -> latest(connection, "main.latest"));
        if (spec.means().twoFiles()) attempt(() -> latest(connection, "second.latest"));
        return true;
    }

    private interface Step {
        void run() throws SQLException;
    }

    private boolean attempt(Step step) {
        try {
            step.run();
            return true;
        } catch (SQLException e) {
            parent.accept("e " + Worker.code(e) + " " + oneLine(String.valueOf(e.getMessage())));
            return false;
        }
    }

    private void integrity(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA integrity_check(" + MOST_MESSAGES + ")")) {
            while (rows.next()) parent.accept("i " + oneLine(rows.getString(1)));
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }

    private void rows(Connection connection, String order) throws SQLException {
        String sql = "SELECT rowid, writer, number, part, text FROM line NOT INDEXED" + order;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                boolean again = !order.isEmpty() && rows.getLong(1) <= read;
                if (again) continue;
                if (order.isEmpty()) read = rows.getLong(1);
                row(rows.getInt(2), rows.getInt(3), rows.getInt(4), rows.getString(5));
            }
        }
    }

    private void row(int writer, int number, int part, String text) {
        Parts parts = writers.computeIfAbsent(writer, w -> new TreeMap<>()).computeIfAbsent(number, n -> new Parts());
        Deed deed = new Deed(spec.seed(), writer, number);
        if (part < 1 || part > deed.parts() || !deed.text(part).equals(text)) {
            parts.altered = true;
            return;
        }
        if (parts.there.get(part)) parts.twice = true;
        parts.there.set(part);
    }

    private void tellWriters() {
        writers.forEach((writer, deeds) -> {
            int from = 0;
            int to = -1;
            for (Map.Entry<Integer, Parts> entry : deeds.entrySet()) {
                int number = entry.getKey();
                if (!whole(writer, number, entry.getValue())) continue;
                if (number != to + 1 || to < 0) {
                    tellWhole(writer, from, to);
                    from = number;
                }
                to = number;
            }
            tellWhole(writer, from, to);
        });
    }

    private boolean whole(int writer, int number, Parts parts) {
        String which = " " + writer + " " + number;
        boolean whole = parts.there.cardinality() == new Deed(spec.seed(), writer, number).parts();
        if (parts.altered) parent.accept("a" + which);
        if (parts.twice) parent.accept("d" + which);
        if (!whole && !parts.altered) parent.accept("h" + which);
        return whole && !parts.altered;
    }

    private void tellWhole(int writer, int from, int to) {
        if (to >= from && to > 0) parent.accept("w " + writer + " " + from + " " + to);
    }

    /** The tables are written in one transaction, so they agree; over two files, too. */
    private void latest(Connection connection, String table) throws SQLException {
        Map<Integer, Integer> latest = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT writer, number FROM " + table + " NOT INDEXED")) {
            while (rows.next()) latest.put(rows.getInt(1), rows.getInt(2));
        }
        writers.forEach((writer, deeds) -> {
            if (latest.getOrDefault(writer, 0) != (int) deeds.lastKey())
                parent.accept("l " + writer + " " + deeds.lastKey());
        });
        String without = latest.keySet().stream()
                .filter(writer -> !writers.containsKey(writer))
                .map(String::valueOf)
                .collect(Collectors.joining(","));
        if (!without.isEmpty()) parent.accept("l " + without + " 0");
    }
}
