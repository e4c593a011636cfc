package walsafe.guard;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a work may not do with its connection, because the transaction and the mode belong to the guard. */
final class Forbidden {
    private static final Set<String> ENDS_A_TRANSACTION =
            Set.of("COMMIT", "END", "ROLLBACK", "BEGIN", "SAVEPOINT", "RELEASE");
    private static final Set<String> OTHER_FILES = Set.of("ATTACH", "DETACH");

    /** Words of sqlite-jdbc, not of SQL: {@code backup to 'file'}, {@code restore from 'file'}. */
    private static final Set<String> COPIES = Set.of("BACKUP", "RESTORE");

    /** Settings that belong to the plan. Asking for them, without a value, is allowed. */
    private static final Set<String> OF_THE_PLAN = Set.of(
            "JOURNAL_MODE",
            "LOCKING_MODE",
            "SYNCHRONOUS",
            "FULLFSYNC",
            "CHECKPOINT_FULLFSYNC",
            "MMAP_SIZE",
            "WAL_AUTOCHECKPOINT",
            "JOURNAL_SIZE_LIMIT",
            "QUERY_ONLY",
            "WRITABLE_SCHEMA",
            "BUSY_TIMEOUT",
            "LOCK_STATUS");

    private static final int MOST = 512;
    private static final int LONG = 2048; // characters; together at most two megabytes

    /** Texts that were looked at and may run in a transaction, and so anywhere. */
    private static final Set<String> HARMLESS = ConcurrentHashMap.newKeySet();

    private Forbidden() {}

    /** How much a work may do. */
    enum Freedom {
        /** In a transaction of the guard's. */
        TRANSACTION,
        /** Alone on the writer: VACUUM, ATTACH and transactions of its own are its purpose; the mode is not. */
        MAINTENANCE
    }

    static void check(String sql, Freedom freedom) throws SQLException {
        if (HARMLESS.contains(sql)) return;
        for (List<String> words : Statements.beginnings(sql)) {
            Optional<String> reason = reason(words, freedom);
            if (reason.isPresent()) throw new SQLException(reason.get(), "25000");
        }
        if (freedom == Freedom.TRANSACTION && sql.length() <= LONG) remember(sql);
    }

    /** Programs say the same few texts for ever; one that makes up a new one each time begins the set anew. */
    private static void remember(String sql) {
        if (HARMLESS.size() >= MOST) HARMLESS.clear();
        HARMLESS.add(sql);
    }

    private static Optional<String> reason(List<String> words, Freedom freedom) {
        String first = words.get(0);
        if (first.equals("EXPLAIN")) return explained(words, freedom);
        if (first.equals("PRAGMA")) return pragma(words);
        if (freedom == Freedom.MAINTENANCE) return Optional.empty();
        if (ENDS_A_TRANSACTION.contains(first)) {
            return Optional.of(first
                    + " is not a work's to say: return to commit, throw to roll back, nest write() for a savepoint");
        }
        if (OTHER_FILES.contains(first) || COPIES.contains(first)) {
            return Optional.of(first + " cannot run inside a transaction of the guard: use maintain()");
        }
        if (first.equals("VACUUM")) return Optional.of("VACUUM cannot run inside a transaction: use maintain()");
        return Optional.empty();
    }

    /** Some pragmas take effect while they are compiled, so that EXPLAIN does not stop them (pragma.html). */
    private static Optional<String> explained(List<String> words, Freedom freedom) {
        int from = words.size() > 1 && words.get(1).equals("QUERY") ? 3 : 1;
        if (words.size() <= from || !words.get(from).equals("PRAGMA")) return Optional.empty();
        return reason(words.subList(from, words.size()), freedom);
    }

    /** {@code PRAGMA [schema.]name [= value | (value)]}. */
    private static Optional<String> pragma(List<String> words) {
        boolean qualified = words.size() > 3 && words.get(2).equals(".");
        int name = qualified ? 3 : 1;
        if (words.size() <= name || !OF_THE_PLAN.contains(words.get(name))) return Optional.empty();
        boolean asks = words.size() == name + 1;
        if (asks) return Optional.empty();
        return Optional.of("PRAGMA " + words.get(name).toLowerCase(Locale.ROOT)
                + " belongs to the plan: say so in the intent, before the database is opened");
    }
}
