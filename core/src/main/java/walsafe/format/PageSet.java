package walsafe.format;

import java.util.HashMap;
import java.util.Map;

/** A set of page numbers. Takes memory for the neighbourhood of those that are in it, 8 KiB for each 65536 pages. */
public final class PageSet {
    private static final int PIECE_BITS = 16;

    private final Map<Long, long[]> pieces = new HashMap<>();
    private long lastPiece = -1;
    private long[] last = {};
    private long size;

    /** An empty one. */
    public PageSet() {}

    /**
     * Puts a page into the set.
     *
     * @return false if it was in it already
     */
    public boolean add(long page) {
        long[] words = piece(page >>> PIECE_BITS);
        int word = (int) (page & 0xffff) >> 6;
        long bit = 1L << (page & 63);
        if ((words[word] & bit) != 0) return false;
        words[word] |= bit;
        size++;
        return true;
    }

    private long[] piece(long number) {
        if (number != lastPiece) {
            last = pieces.computeIfAbsent(number, each -> new long[1 << (PIECE_BITS - 6)]);
            lastPiece = number;
        }
        return last;
    }

    public boolean contains(long page) {
        long[] words = pieces.get(page >>> PIECE_BITS);
        return words != null && (words[(int) (page & 0xffff) >> 6] >>> (page & 63) & 1) != 0;
    }

    /** How many pages are in it. */
    public long size() {
        return size;
    }
}
