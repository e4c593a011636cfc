package walsafe.policy;

/**
 * One setting of SQLite's, and why.
 *
 * @param name SQLite's name of the pragma
 * @param value as SQLite reads it back, lower case
 * @param because a clause without a full stop
 */
public record Pragma(String name, String value, String because) {
    /** {@code PRAGMA journal_mode = wal;} */
    public String sql() {
        return "PRAGMA " + name + " = " + value + ";";
    }
}
