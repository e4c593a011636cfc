package walsafe.guard;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;
import walsafe.guard.Forbidden.Freedom;

/**
 * Single reading statements on one connection, compiled once and kept: the {@value #MOST} used last. For one thread at a
 * time.
 *
 * <p>A statement of its own needs no BEGIN: SQLite gives each one state of the database, from its first row to its reset
 * (isolation.html). Here it is always reset, whatever the caller does.
 */
final class Reads implements AutoCloseable {
    private static final int MOST = 64;

    /** A parameter longer than this is not kept bound to a statement that only waits to be used again. */
    private static final int LONG_PARAMETER = 4096;

    private static final Set<String> READING = Set.of("SELECT", "VALUES", "WITH", "EXPLAIN", "PRAGMA");

    /** What these do, they do without a value; the first two also under query_only. */
    private static final Set<String> ACTING_PRAGMAS =
            Set.of("WAL_CHECKPOINT", "SHRINK_MEMORY", "OPTIMIZE", "INCREMENTAL_VACUUM");

    /** What these have in brackets is a question, not a value. */
    private static final Set<String> ASKING_PRAGMAS = Set.of(
            "TABLE_INFO",
            "TABLE_XINFO",
            "TABLE_LIST",
            "INDEX_INFO",
            "INDEX_XINFO",
            "INDEX_LIST",
            "FOREIGN_KEY_LIST",
            "FOREIGN_KEY_CHECK",
            "INTEGRITY_CHECK",
            "QUICK_CHECK");

    private final Connection connection;

    /** In the order of last use. */
    private final Map<String, Compiled> kept = new LinkedHashMap<>(2 * MOST, 0.75f, true);

    Reads(Connection connection) {
        this.connection = connection;
    }

    private static final class Compiled {
        private final PreparedStatement statement;
        private final int parameters;
        private final int columns;

        /** Only of a statement with a star can the number of columns change: asking costs a call into SQLite. */
        private final boolean star;

        private boolean busy; // its rows are being read

        private Compiled(PreparedStatement statement, int parameters, boolean star) throws SQLException {
            this.statement = statement;
            this.parameters = parameters;
            this.star = star;
            this.columns = countColumns();
        }

        /** The driver's own count is that of the first compilation. */
        private int countColumns() throws SQLException {
            return ((CoreStatement) statement).pointer.safeRunInt(DB::column_count);
        }

        private boolean outdated() throws SQLException {
            return star && countColumns() != columns;
        }
    }

    <T> T run(String sql, Rows<T> rows, @Nullable Object[] parameters) throws SQLException {
        Compiled compiled = kept.get(sql);
        if (compiled == null) compiled = keep(sql, compile(sql));
        if (compiled.busy) return runOnce(sql, rows, parameters); // the same statement, read inside its own rows
        boolean whole = false;
        compiled.busy = true;
        try {
            bind(compiled, parameters);
            ResultSet result = compiled.statement.executeQuery();
            if (compiled.outdated()) return runOnce(sql, rows, parameters); // and this one is compiled anew next time
            T read = read(result, rows);
            forget(compiled, parameters);
            whole = true;
            return read;
        } finally {
            compiled.busy = false;
            if (!whole) drop(sql, compiled);
        }
    }

    /** Compiles it for this read alone. */
    private <T> T runOnce(String sql, Rows<T> rows, @Nullable Object[] parameters) throws SQLException {
        Compiled compiled = compile(sql);
        try {
            bind(compiled, parameters);
            ResultSet result = compiled.statement.executeQuery();
            // Once more at most: the running statement holds on to the state, and with it to the schema.
            return compiled.outdated() ? runOnce(sql, rows, parameters) : read(result, rows);
        } finally {
            closeQuietly(compiled);
        }
    }

    private static <T> T read(ResultSet result, Rows<T> rows) throws SQLException {
        Cursor cursor = new Cursor(result);
        try {
            return rows.read(cursor);
        } finally {
            cursor.shut();
            result.close(); // resets the statement, which ends the read
        }
    }

    private static void bind(Compiled compiled, @Nullable Object[] parameters) throws SQLException {
        if (parameters.length != compiled.parameters) {
            throw new SQLException(
                    "the statement has " + compiled.parameters + " parameters, given were " + parameters.length,
                    "07001");
        }
        for (int i = 0; i < parameters.length; i++) compiled.statement.setObject(i + 1, parameters[i]);
    }

    private static void forget(Compiled compiled, @Nullable Object[] parameters) throws SQLException {
        for (Object parameter : parameters) {
            boolean large = (parameter instanceof byte[] bytes && bytes.length > LONG_PARAMETER)
                    || (parameter instanceof CharSequence text && text.length() > LONG_PARAMETER);
            if (!large) continue;
            compiled.statement.clearParameters();
            return;
        }
    }

    private Compiled compile(String sql) throws SQLException {
        List<String> words = mustBeOneRead(sql);
        if (words.get(0).equals("WITH")) mustNotWrite(sql);
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            return new Compiled(statement, statement.getParameterMetaData().getParameterCount(), sql.indexOf('*') >= 0);
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private Compiled keep(String sql, Compiled compiled) throws SQLException {
        kept.put(sql, compiled);
        Iterator<Compiled> oldestFirst = kept.values().iterator();
        while (kept.size() > MOST && oldestFirst.hasNext()) {
            Compiled old = oldestFirst.next();
            if (old.busy || old == compiled) continue;
            oldestFirst.remove();
            old.statement.close();
        }
        return compiled;
    }

    private void drop(String sql, Compiled compiled) {
        kept.remove(sql, compiled);
        closeQuietly(compiled);
    }

    /** Throws nothing: an exception is on its way already. */
    private static void closeQuietly(Compiled compiled) {
        try {
            compiled.statement.close();
        } catch (SQLException e) {
            // sqlite3_finalize() repeats the error of the last step
        }
    }

    private static List<String> mustBeOneRead(String sql) throws SQLException {
        List<List<String>> statements = Statements.beginnings(sql);
        if (statements.size() != 1) {
            throw refused("a read is one statement, and this text has " + statements.size()
                    + "; of several, JDBC would run only the first");
        }
        List<String> words = statements.get(0);
        if (!READING.contains(words.get(0))) throw refused(words.get(0) + " is no statement that reads: use write()");
        Forbidden.check(sql, Freedom.TRANSACTION);
        if (words.get(0).equals("PRAGMA")) mustOnlyAsk(words);
        if (words.get(0).equals("EXPLAIN") && words.contains("PRAGMA")) {
            throw refused("EXPLAIN does not keep every PRAGMA from acting");
        }
        return words;
    }

    /** {@code PRAGMA [schema.]name [= value | (value)]}. */
    private static void mustOnlyAsk(List<String> words) throws SQLException {
        int at = words.size() > 3 && words.get(2).equals(".") ? 3 : 1;
        String name = words.size() > at ? words.get(at) : "";
        boolean value = words.size() > at + 1;
        if (ACTING_PRAGMAS.contains(name) || (value && !ASKING_PRAGMAS.contains(name))) {
            throw refused("PRAGMA " + name.toLowerCase(Locale.ROOT) + " here does more than ask: use maintain()");
        }
    }

    /**
     * A WITH may end in an INSERT. On a reading connection query_only would stop it, but not on the one that writes, where a
     * read inside a write runs. SQLite's program says it: it begins with a transaction that writes (opcode.html,
     * Transaction, P2).
     */
    private void mustNotWrite(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet program = statement.executeQuery("EXPLAIN " + sql)) {
            while (program.next()) {
                if (program.getString("opcode").equals("Transaction") && program.getInt("p2") != 0) {
                    throw refused("this WITH writes: use write()");
                }
            }
        }
    }

    private static SQLException refused(String why) {
        return new SQLException(why, "25000");
    }

    @Override
    public void close() {
        kept.values().forEach(Reads::closeQuietly);
        kept.clear();
    }
}
