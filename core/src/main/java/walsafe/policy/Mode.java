package walsafe.policy;

/** The ways in which a plan may open a database, from the most careful to the boldest. */
public enum Mode {
    /** Immutable: no locks, no journal; only where nobody can write at all. */
    READ_ONLY("read-only"),
    /** Rollback journal, the {@code unix-dotfile} VFS in place of byte-range locks. */
    ROLLBACK_DOTFILE("rollback journal with dot-file locks"),
    /** Rollback journal with byte-range locks. */
    ROLLBACK("rollback journal"),
    /** Write-ahead log with its index in heap memory and the file locked for good: one process only. */
    WAL_ALONE("WAL in one process"),
    /** Write-ahead log with its index in memory shared by all openers. */
    WAL("WAL");

    private final String words;

    Mode(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
