package walsafe.format;

import java.io.IOException;

/**
 * The pages of a database, from wherever they come: its file, its file with the -wal laid over it, its file as its
 * journal would put it back, or a process that reads for us.
 */
public interface PageSource {
    /** How many there are; a piece of a page at the end counts as one. */
    long pages() throws IOException;

    /**
     * Copies a page into a part of an array, which must have room for it. What is missing of the last page of a file is
     * filled with zeros.
     *
     * @param page counted from 1
     * @return false if there is no such page; then the array is as it was
     */
    boolean read(long page, byte[] into, int at) throws IOException;

    /** The pages as they lie in a database file. */
    static PageSource of(ByteSource file, Geometry geometry) {
        return new FilePages(file, geometry);
    }
}
