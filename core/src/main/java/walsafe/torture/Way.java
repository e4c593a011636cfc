package walsafe.torture;

import java.util.Locale;

/** How the tortured database is opened. */
public enum Way {
    /** As walsafe's own policy would open a database there, through the guard; or not at all, if it refuses. */
    PLAN,
    /** Bare SQLite with a write-ahead log. */
    WAL,
    /** Bare SQLite with a rollback journal that is deleted. */
    DELETE,
    /** Bare SQLite with a rollback journal that is truncated. */
    TRUNCATE,
    /** Bare SQLite with a rollback journal and the {@code unix-dotfile} VFS. */
    DOTFILE;

    /** As on the command line. */
    public String option() {
        return name().toLowerCase(Locale.ROOT);
    }
}
