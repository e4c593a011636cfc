package walsafe.custody;

/** What was found when an interrupted replacement was looked for. */
public enum Settlement {
    /** There was none. */
    NOTHING,
    /** The new file has the name; the old one is in quarantine. */
    FINISHED,
    /** The old file has the name, and everything that belongs to it is beside it. */
    REVERTED
}
