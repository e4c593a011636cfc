package walsafe.facts;

/**
 * The questions that decide whether a storage can carry SQLite. Knowledge and experiment answer the same questions; the
 * policy reads the answers and quotes who gave them.
 */
public enum Question {
    /** Does an exclusive byte-range lock keep every other opener out? */
    LOCKS_EXCLUDE,
    /** Can one process turn its shared lock into an exclusive one? On default SMB it never can. */
    LOCKS_UPGRADE,
    /** Is a lock gone once its process or host is gone, and not before? */
    LOCKS_DIE_WITH_OWNER,
    /** Does a read under a lock see what another opener wrote under it, in both directions? */
    READS_ARE_FRESH,
    /** Does a file that one opener creates or removes appear or vanish for the others before they rely on it? */
    NAMES_ARE_FRESH,
    /** Does a store to a mapped page appear at once in every other opener, and do two openers' bytes in a page survive? */
    MEMORY_IS_SHARED,
    /** Do all openers reach the file through one page cache: one superblock of one kernel? */
    ONE_PAGE_CACHE,
    /** Do bytes survive power loss once {@code fsync} has returned? No experiment can show this. */
    SYNC_IS_KEPT
}
