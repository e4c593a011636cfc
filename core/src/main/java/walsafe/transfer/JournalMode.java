package walsafe.transfer;

/** The journal modes that a database can be brought to. */
public enum JournalMode {
    WAL,
    /** In the file the same as {@link #TRUNCATE}: which rollback journal is used, each connection says for itself. */
    DELETE,
    TRUNCATE;

    /** As SQLite writes it. */
    public String words() {
        return switch (this) {
            case WAL -> "wal";
            case DELETE -> "delete";
            case TRUNCATE -> "truncate";
        };
    }
}
