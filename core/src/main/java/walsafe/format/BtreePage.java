package walsafe.format;

/**
 * A b-tree page, seen through a window that is moved from page to page and on each from cell to cell: nothing is copied,
 * and nothing allocated but where bytes are unreadable. Not for several threads at once.
 *
 * <pre>
 * offset size header of the page, at its beginning; on page 1 at 100         (fileformat2, 1.6)
 *    0    1   kind: 2, 5, 10 or 13, see {@link PageKind}
 *    1    2   first free block; 0 for none
 *    3    2   number of cells
 *    5    2   where the cells begin; 0 stands for 65536
 *    7    1   fragmented bytes: holes of 1 to 3 bytes
 *    8    4   right-most child, on interior pages only
 *    8 or 12  cell pointers, 2 bytes each, in key order: offsets from the beginning of the page, on page 1 too
 *
 *        cell                        table leaf  table interior  index leaf  index interior
 *  child page, 4 bytes                               x                            x
 *  payload size P, varint                x                           x            x
 *  rowid, varint                         x           x
 *  payload, as {@link Geometry} says     x                           x            x
 *  first overflow page, 4 bytes          if the payload does not end here
 *
 *        free block: next one (0 for none), 2 bytes; its size, 2 bytes; in rising order, at least 4 bytes long
 * </pre>
 *
 * <p>{@link #read} moves it to a page and {@link #cell} to a cell. The numbers of a cell hold until the next call. After an
 * unreadable {@link #read} no method but that one has a meaning, unless it says so.
 */
public final class BtreePage {
    private static final int FIRST_PAGE_HEADER = Header.SIZE_BYTES;

    private final Geometry geometry;
    private final int usable;
    private final int mostOnTableLeaf;
    private final int mostInIndex;
    private final int leastLocal;
    private final int overflowContent;

    private byte[] bytes = {};
    private int base;
    private long number;
    private int header;
    private int code;
    private PageKind kind = PageKind.TABLE_LEAF;
    private int cells;
    private int pointers;
    private int pointersEnd;

    private int cellAt;
    private int cellBytes;
    private int payloadAt;
    private int localBytes;
    private long payloadBytes;
    private long rowid;
    private long varint;

    public BtreePage(Geometry geometry) {
        this.geometry = geometry;
        this.usable = geometry.usableBytes();
        this.mostOnTableLeaf = geometry.mostLocalOnTableLeaf();
        this.mostInIndex = geometry.mostLocalInIndex();
        this.leastLocal = geometry.leastLocal();
        this.overflowContent = geometry.overflowContentBytes();
    }

    public Geometry geometry() {
        return geometry;
    }

    /**
     * Moves to a page. Looks at its header alone; see {@link PageLayout} for the rest.
     *
     * @param bytes not copied, and not to be changed while this looks at them
     * @param at where the page begins in them
     * @param page its number: on page 1 the database's header comes first
     */
    public Reading read(byte[] bytes, int at, long page) {
        place(bytes, at, page);
        return PageKind.of(bytes[base + header] & 0xff)
                .map(this::readAs)
                .orElseGet(() -> flaw(Flaw.PAGE_KIND_UNKNOWN, bytes[base + header] & 0xff, 0));
    }

    /** Moves to a page whose kind is known from elsewhere, whatever its first byte says. */
    public Reading readAs(PageKind kind, byte[] bytes, int at, long page) {
        place(bytes, at, page);
        return readAs(kind);
    }

    private void place(byte[] page, int at, long itsNumber) {
        if (at < 0 || page.length - at < geometry.pageSizeBytes()) {
            throw new IllegalArgumentException("a page of " + geometry.pageSizeBytes() + " bytes does not fit behind "
                    + at + " in an array of " + page.length);
        }
        bytes = page;
        base = at;
        number = itsNumber;
        header = itsNumber == 1 ? FIRST_PAGE_HEADER : 0;
    }

    private Reading readAs(PageKind known) {
        kind = known;
        code = known.code();
        pointers = header + (known.leaf() ? 8 : 12);
        int claimed = BigEndian.u16(bytes, base + header + 3);
        int most = Math.min(geometry.mostCells(), (usable - pointers) / 2);
        cells = Math.min(claimed, most);
        pointersEnd = pointers + 2 * cells;
        if (claimed > most) return flaw(Flaw.CELLS_TOO_MANY, claimed, most);
        int start = contentStart();
        if (start < pointersEnd || start > usable) {
            return flaw(Flaw.CONTENT_START_OUTSIDE, start, pointersEnd);
        }
        return Legible.YES;
    }

    private Unreadable flaw(Flaw flaw, long seen, long expected) {
        return new Unreadable(flaw, number, seen, expected);
    }

    /** Its number, as {@link #read} was told. */
    public long number() {
        return number;
    }

    public PageKind kind() {
        return kind;
    }

    /** How many cells; after an unreadable {@link #read} of a known kind as many as there can be at most. */
    public int cells() {
        return cells;
    }

    /** Where its cells begin, as it says: an offset in the page. */
    public int contentStart() {
        int start = BigEndian.u16(bytes, base + header + 5);
        return start == 0 ? 65536 : start;
    }

    /** Where its cell pointers end: an offset in the page. */
    public int pointersEnd() {
        return pointersEnd;
    }

    /** An offset in the page; 0 for none. */
    public int firstFreeblock() {
        return BigEndian.u16(bytes, base + header + 1);
    }

    /** How many bytes lie in holes too small for a free block, as it says. */
    public int fragmentedBytes() {
        return bytes[base + header + 7] & 0xff;
    }

    /** The child behind the last cell, on an interior page. */
    public long rightChild() {
        return BigEndian.u32(bytes, base + header + 8);
    }

    /** Two bytes of the page, as an unsigned number. */
    int u16(int offset) {
        return BigEndian.u16(bytes, base + offset);
    }

    /** Where a cell lies by its pointer: an offset in the page, unjudged. */
    public int pointer(int cell) {
        return BigEndian.u16(bytes, base + pointers + 2 * cell);
    }

    /**
     * Moves to a cell by its place in key order.
     *
     * @param cell 0 to {@link #cells} - 1
     */
    public Reading cell(int cell) {
        if (cell < 0 || cell >= cells) {
            throw new IllegalArgumentException("cell must be 0 to " + (cells - 1) + ", was " + cell);
        }
        return cellAt(pointer(cell));
    }

    /**
     * Moves to what may be a cell, whether a pointer leads there or not.
     *
     * @param offset in the page
     */
    public Reading cellAt(int offset) {
        if (offset < pointersEnd || offset > usable - 4) return flaw(Flaw.CELL_OUTSIDE, offset, pointersEnd);
        cellAt = offset;
        int at = base + offset;
        return switch (code) {
            case 13 -> tableLeafCell(at);
            case 5 -> tableInteriorCell(at + 4);
            case 2 -> indexCell(at + 4);
            default -> indexCell(at);
        };
    }

    private Reading tableLeafCell(int begin) {
        int at = varint(begin);
        payloadBytes = varint;
        if (at == 0) return endless();
        at = varint(at);
        rowid = varint;
        return at == 0 ? endless() : payload(at, mostOnTableLeaf);
    }

    private Reading tableInteriorCell(int begin) {
        int at = varint(begin);
        rowid = varint;
        payloadBytes = 0;
        localBytes = 0;
        payloadAt = at;
        if (at == 0) return endless();
        cellBytes = at - base - cellAt;
        return Legible.YES;
    }

    private Reading indexCell(int begin) {
        int at = varint(begin);
        payloadBytes = varint;
        return at == 0 ? endless() : payload(at, mostInIndex);
    }

    private Reading payload(int at, int most) {
        payloadAt = at;
        int end;
        if (payloadBytes >= 0 && payloadBytes <= most) {
            localBytes = (int) payloadBytes;
            end = at + localBytes;
        } else {
            if (payloadBytes < 0 || payloadBytes > Integer.MAX_VALUE) {
                localBytes = 0;
                return flaw(Flaw.PAYLOAD_TOO_LONG, payloadBytes, Integer.MAX_VALUE);
            }
            int surplus = leastLocal + ((int) payloadBytes - leastLocal) % overflowContent;
            localBytes = surplus <= most ? surplus : leastLocal;
            end = at + localBytes + 4;
        }
        cellBytes = Math.max(4, end - base - cellAt);
        return cellAt + cellBytes > usable ? tooLong(cellAt + cellBytes) : Legible.YES;
    }

    /** A number in its header does not end on this page. */
    private Unreadable endless() {
        payloadBytes = 0;
        localBytes = 0;
        payloadAt = base + cellAt;
        cellBytes = usable - cellAt;
        return tooLong(usable + 1);
    }

    private Unreadable tooLong(int end) {
        return flaw(Flaw.CELL_TOO_LONG, end, usable);
    }

    /** Reads a number and returns where it ends; 0 if it does not end on this page. */
    private int varint(int at) {
        int end = base + usable;
        if (at < end) {
            int first = bytes[at];
            if (first >= 0) {
                varint = first;
                return at + 1;
            }
            if (at + 1 < end && bytes[at + 1] >= 0) {
                varint = (first & 0x7fL) << 7 | bytes[at + 1];
                return at + 2;
            }
        }
        return longVarint(at, end);
    }

    private int longVarint(int at, int end) {
        long value = 0;
        int eighth = at + Varint.MOST_BYTES - 1;
        for (int i = at; i < end && i < eighth; i++) {
            byte each = bytes[i];
            value = (value << 7) | (each & 0x7f);
            if (each >= 0) {
                varint = value;
                return i + 1;
            }
        }
        boolean nine = eighth < end;
        varint = nine ? (value << 8) | (bytes[eighth] & 0xff) : 0;
        return nine ? eighth + 1 : 0;
    }

    /** Where the cell lies: an offset in the page. */
    public int cellOffset() {
        return cellAt;
    }

    /** How many bytes of this page the cell takes, 4 or more. */
    public int cellBytes() {
        return cellBytes;
    }

    /** The rowid: of the row on a leaf of a table; on an interior page at least as large as any in {@link #child}. */
    public long rowid() {
        return rowid;
    }

    /** The page below, on an interior page: its keys come before this cell's. */
    public long child() {
        return BigEndian.u32(bytes, base + cellAt);
    }

    /** P, the size of the whole payload, 0 to 2^31-1; 0 on an interior page of a table, which has none. */
    public long payloadBytes() {
        return payloadBytes;
    }

    /** How many of them lie in the cell. */
    public int localBytes() {
        return localBytes;
    }

    /** Where they begin, in {@link #bytes}. */
    public int payloadAt() {
        return payloadAt;
    }

    /** Where the payload goes on; 0 if it ends in the cell. */
    public long overflowPage() {
        return localBytes == payloadBytes ? 0 : BigEndian.u32(bytes, payloadAt + localBytes);
    }

    /** How many overflow pages the payload has. */
    public long overflowPages() {
        return (payloadBytes - localBytes + overflowContent - 1) / overflowContent;
    }

    /** Does the payload end in the cell. */
    public boolean local() {
        return localBytes == payloadBytes;
    }

    /** The array that {@link #read} was told. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the page begins in it. */
    public int base() {
        return base;
    }
}
