package walsafe.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the caller wants from the database. Every default is safe on its own.
 *
 * @param durability what a power cut may cost
 * @param sharing who else opens this file
 * @param wishes settings the caller asks for, by SQLite's name of the pragma; what the plan forbids of them is told
 */
public record Intent(Durability durability, Sharing sharing, Map<String, String> wishes) {
    public enum Durability {
        KEEP_EVERY_COMMIT,
        MAY_LOSE_LAST_COMMITS
    }

    public static final Intent DEFAULT = new Intent(Durability.KEEP_EVERY_COMMIT, Sharing.UNDECLARED, Map.of());

    public Intent {
        wishes = Collections.unmodifiableMap(new LinkedHashMap<>(wishes));
    }

    public Intent with(Durability other) {
        return new Intent(other, sharing, wishes);
    }

    public Intent with(Sharing other) {
        return new Intent(durability, other, wishes);
    }

    /** The same, asking also for {@code PRAGMA name = value}. */
    public Intent wishing(String pragma, String value) {
        Map<String, String> more = new LinkedHashMap<>(wishes);
        more.put(pragma, value);
        return new Intent(durability, sharing, more);
    }
}
