package walsafe.custody;

/** The steps of a replacement, in their order; {@code docs/decisions/0016} says what a crash before each one leaves. */
enum Step {
    /** The intent file gets its name, durable and locked. */
    INTEND,
    /** The set gets its second names in quarantine, and a manifest. */
    QUARANTINE,
    /** The -wal, the -journal and the -shm lose their names beside the database. */
    STRIP,
    /** The new file takes the name. */
    RENAME,
    /** The intent file goes. */
    FORGET
}
