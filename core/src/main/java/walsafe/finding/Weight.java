package walsafe.finding;

/** How much a finding matters, heaviest first, so that findings sort by what to read first. */
public enum Weight {
    /** Rows are being lost, or will be. */
    DANGER,
    /** Something here can go wrong, or asks for a decision. */
    WARNING,
    /** Worth knowing; nothing has to be done. */
    NOTE
}
