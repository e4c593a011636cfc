package walsafe.transfer;

/** Hears how far a copy has come, on the thread that copies, between two steps; no lock is then held for long. */
@FunctionalInterface
public interface Progress {
    /** For whoever does not want to know. */
    Progress NONE = (copiedPages, allPages) -> {};

    /**
     * So many pages of so many are copied. The first number falls back when another program has written. What is thrown
     * here ends the copy: at the next step, in WAL mode after the last.
     */
    void copied(long copiedPages, long allPages);
}
