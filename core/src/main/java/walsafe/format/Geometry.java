package walsafe.format;

import java.util.Optional;

/**
 * How a database is cut into pages, and what follows from that. Pages are numbered from 1.
 *
 * <pre>
 * U  usable bytes of a page: its size less the reserved bytes at its end       (fileformat2, 1.3.4)
 * X  most payload bytes in a cell: U-35 on a table's leaf, else (U-12)*64/255-23         (1.7)
 * M  least payload bytes in a cell whose payload overflows: (U-12)*32/255-23             (1.7)
 * K  M+(P-M)%(U-4) for a payload of P bytes; that many stay if K &lt;= X, else M          (1.7)
 *    an overflow page has U-4 bytes of payload behind the number of the next             (1.7)
 *    the lock-byte page holds byte 2^30 of the file, and nothing else                    (1.4)
 *    pointer map pages: 2, and then each after U/5 others; one later where that is the lock-byte page   (1.8)
 * </pre>
 *
 * @param pageSizeBytes a power of two from 512 to 65536
 * @param reservedBytes at the end of each page, 0 to 255, so that 480 remain
 */
public record Geometry(int pageSizeBytes, int reservedBytes) {
    private static final long LOCK_BYTE = 1L << 30;
    private static final int LEAST_USABLE_BYTES = 480; // fileformat2, 1.3.4

    public Geometry {
        if (!possible(pageSizeBytes, reservedBytes)) {
            throw new IllegalArgumentException(
                    "no page has " + pageSizeBytes + " bytes with " + reservedBytes + " reserved");
        }
    }

    /** Empty if no database has pages like that. */
    public static Optional<Geometry> of(long pageSizeBytes, long reservedBytes) {
        return possible(pageSizeBytes, reservedBytes)
                ? Optional.of(new Geometry((int) pageSizeBytes, (int) reservedBytes))
                : Optional.empty();
    }

    /** As the header says; empty if it says what cannot be. */
    public static Optional<Geometry> of(Header header) {
        return of(header.pageSizeBytes(), header.reservedBytes());
    }

    private static boolean possible(long pageSizeBytes, long reservedBytes) {
        return Header.pageSizePossible(pageSizeBytes)
                && reservedBytes >= 0
                && reservedBytes <= 255
                && pageSizeBytes - reservedBytes >= LEAST_USABLE_BYTES;
    }

    public int usableBytes() {
        return pageSizeBytes - reservedBytes;
    }

    /** Where a page begins in the file. */
    public long offsetOf(long page) {
        return (page - 1) * pageSizeBytes;
    }

    /** How many pages that many bytes are; a piece at the end counts as one. */
    public long pagesIn(long bytes) {
        return (bytes + pageSizeBytes - 1) / pageSizeBytes;
    }

    /** The page that is never used, because byte 2^30 is where SQLite puts its locks. */
    public long lockBytePage() {
        return LOCK_BYTE / pageSizeBytes + 1;
    }

    /** More cells than any page has (btreeInt.h, MX_CELL). */
    public int mostCells() {
        return (pageSizeBytes - 8) / 6;
    }

    /** X for a leaf of a table. */
    public int mostLocalOnTableLeaf() {
        return usableBytes() - 35;
    }

    /** X for a page of an index tree. */
    public int mostLocalInIndex() {
        return (usableBytes() - 12) * 64 / 255 - 23;
    }

    /** M. */
    public int leastLocal() {
        return (usableBytes() - 12) * 32 / 255 - 23;
    }

    /** Payload on an overflow page. */
    public int overflowContentBytes() {
        return usableBytes() - 4;
    }

    /** How many bytes of a payload lie in its cell; the rest lies on overflow pages. */
    public int localBytes(boolean tableLeaf, long payloadBytes) {
        int most = tableLeaf ? mostLocalOnTableLeaf() : mostLocalInIndex();
        if (payloadBytes <= most) return (int) payloadBytes;
        long surplus = leastLocal() + (payloadBytes - leastLocal()) % overflowContentBytes();
        return surplus <= most ? (int) surplus : leastLocal();
    }

    /** How many overflow pages a payload has. */
    public long overflowPages(boolean tableLeaf, long payloadBytes) {
        long outside = payloadBytes - localBytes(tableLeaf, payloadBytes);
        return (outside + overflowContentBytes() - 1) / overflowContentBytes();
    }

    /** Most leaves on a trunk page of the freelist: more is damage (1.5). */
    public int mostTrunkLeaves() {
        return usableBytes() / 4 - 2;
    }

    /** How many pages one pointer map page tells of. */
    public int ptrmapEntries() {
        return usableBytes() / 5;
    }

    /** In a database with auto_vacuum, the pointer map page that tells of a page; the page itself if it is one; 0 for page 1. */
    public long ptrmapOf(long page) {
        if (page < 2) return 0;
        long first = (page - 2) / (ptrmapEntries() + 1) * (ptrmapEntries() + 1) + 2;
        return first == lockBytePage() ? first + 1 : first;
    }

    /** Is this, in a database with auto_vacuum, a pointer map page. */
    public boolean isPtrmap(long page) {
        return ptrmapOf(page) == page;
    }
}
