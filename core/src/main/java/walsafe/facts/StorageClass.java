package walsafe.facts;

/** What sort of storage a filesystem is, in the words that walsafe uses when it explains itself. */
public enum StorageClass {
    LOCAL("a local filesystem"),
    VOLATILE("a filesystem in memory"),
    READ_ONLY("a read-only filesystem"),
    UNION("a union of directories"),
    FUSE_LOCAL("a filesystem served by a program on this machine"),
    FUSE_NETWORK("a network filesystem served by a program on this machine"),
    NETWORK("a network filesystem"),
    VM_SHARED("a folder shared between a virtual machine and its host"),
    CLUSTER("a cluster filesystem"),
    OBJECT_STORE("an object store dressed as a filesystem"),
    SPECIAL("a filesystem that holds no files of yours"),
    UNKNOWN("a filesystem walsafe knows nothing about");

    private final String words;

    StorageClass(String words) {
        this.words = words;
    }

    /** With its article, for the middle of a sentence. */
    public String words() {
        return words;
    }

    /** Is it known that this kernel alone knows what lies there, so that nothing it believes of it is out of date? */
    public boolean ofThisMachine() {
        return this == LOCAL || this == VOLATILE;
    }
}
