package walsafe.custody;

/** What the caller says of the processes that cannot be seen from here: another user's, another container's, another host's. */
public enum Others {
    /** Nobody knows; where somebody could be hidden, nothing is replaced. */
    MAY_BE_HIDDEN,
    /** The caller answers for it that there are none. */
    RULED_OUT
}
