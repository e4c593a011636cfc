package walsafe.facts;

/**
 * A row of {@code filesystems.tsv}.
 *
 * @param name as the system spells it
 * @param system {@code linux}, {@code macos} or {@code windows}
 * @param kind what sort of storage it is
 * @param reach who can reach its files
 * @param like the filesystem whose answers hold where this one has none of its own; empty if there is none
 */
record KnownFilesystem(String name, String system, StorageClass kind, Reach reach, String like) {
    /** From the five columns: filesystem, os, class, reach, like. */
    static KnownFilesystem of(String[] cells) {
        return new KnownFilesystem(
                cells[0], cells[1], StorageClass.valueOf(cells[2]), Reach.valueOf(cells[3]), cells[4]);
    }
}
