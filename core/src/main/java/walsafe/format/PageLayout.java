package walsafe.format;

import java.util.Arrays;

/**
 * Whether the cells and free blocks of a b-tree page lie side by side as SQLite lays them: none outside of the cell
 * content, no byte used twice, and as many bytes left over as the page says (fileformat2, 1.6; btree.c, checkTreePage).
 *
 * <p>For one who walks the cells anyway: {@link #begin}, {@link #claim} for each cell that can be read, {@link #end}. To be
 * used again and again; not by several threads at once.
 */
public final class PageLayout {
    private final int usable;
    private final long[] used;
    private int claimed;
    private BtreePage page;

    public PageLayout(Geometry geometry) {
        this.usable = geometry.usableBytes();
        this.used = new long[(geometry.pageSizeBytes() + 63) / 64];
        this.page = new BtreePage(geometry);
    }

    /** The whole page. Moves it through all its cells; the first trouble ends the walk. */
    public Reading of(BtreePage next) {
        Reading reading = begin(next);
        for (int cell = 0; cell < next.cells() && reading.ok(); cell++) {
            reading = next.cell(cell);
            if (reading.ok()) reading = claim();
        }
        return reading.ok() ? end() : reading;
    }

    /** Begins with a page, and takes its free blocks. At most U/4 steps, since they must rise. */
    public Reading begin(BtreePage next) {
        page = next;
        claimed = 0;
        Arrays.fill(used, 0);
        int start = page.contentStart();
        int behind = start;
        for (int at = page.firstFreeblock(); at != 0; at = page.u16(at)) {
            if (at < start || at > usable - 4) return flaw(Flaw.FREEBLOCK_OUTSIDE, at, start);
            if (at < behind) return flaw(Flaw.FREEBLOCK_ORDER, at, behind);
            int size = page.u16(at + 2);
            if (size < 4 || at + size > usable) return flaw(Flaw.FREEBLOCK_TOO_LONG, at + size, usable);
            take(at, size);
            behind = at + size;
        }
        return Legible.YES;
    }

    /** Takes the bytes of the page's present cell. */
    public Reading claim() {
        if (page.cellOffset() < page.contentStart()) {
            return flaw(Flaw.CELL_OUTSIDE, page.cellOffset(), page.contentStart());
        }
        return take(page.cellOffset(), page.cellBytes())
                ? Legible.YES
                : flaw(Flaw.BYTES_USED_TWICE, page.cellOffset(), page.cellOffset() + page.cellBytes());
    }

    /** Are what is left over and what the page says of it the same. To be asked when each cell was claimed. */
    public Reading end() {
        int left = usable - page.contentStart() - claimed;
        return left == page.fragmentedBytes()
                ? Legible.YES
                : flaw(Flaw.FRAGMENTS_MISCOUNTED, left, page.fragmentedBytes());
    }

    /** Is a byte of the page taken, by a cell claimed so far or by a free block. */
    public boolean taken(int offset) {
        return (used[offset >> 6] >>> (offset & 63) & 1) != 0;
    }

    private Unreadable flaw(Flaw flaw, long seen, long expected) {
        return new Unreadable(flaw, page.number(), seen, expected);
    }

    /** False if one of these bytes is taken already; then all of them are. */
    private boolean take(int from, int size) {
        claimed += size;
        int last = from + size - 1;
        int firstWord = from >> 6;
        int lastWord = last >> 6;
        long head = -1L << (from & 63);
        long tail = -1L >>> (63 - (last & 63));
        if (firstWord == lastWord) return mark(firstWord, head & tail);
        boolean free = mark(firstWord, head);
        for (int word = firstWord + 1; word < lastWord; word++) free &= mark(word, -1L);
        return mark(lastWord, tail) && free;
    }

    private boolean mark(int word, long bits) {
        boolean free = (used[word] & bits) == 0;
        used[word] |= bits;
        return free;
    }
}
