package walsafe.facts;

/** Who can reach the files of a storage, by what it is; from the fewest parties to the most. */
public enum Reach {
    /** Nobody but this superblock of this kernel. */
    THIS_SUPERBLOCK,
    /** This kernel through another superblock: the directory behind a FUSE mount, an overlay's upper directory. */
    THIS_KERNEL,
    /** Other kernels: network filesystems, folders shared with a virtual machine's host, clusters. */
    OTHER_KERNELS,
    /** Could not be told. */
    UNKNOWN
}
