package walsafe.format;

import java.io.IOException;
import java.nio.ByteOrder;

/**
 * Walks all frames of a -wal in the order of the file, valid or not, through a window of about a MiB. The checksum of each
 * is continued from the one that is <em>stored</em> in the frame before, so that a broken frame costs itself and the next
 * one, not the rest. Not for several threads at once.
 *
 * <pre>
 * offset size a frame                                            (fileformat2, 4.1)
 *    0    4   page number
 *    4    4   in a commit's last frame the size of the database in pages, else 0
 *    8    8   the header's two salts
 *   16    8   checksum of the header's first 24 bytes, and of the first 8 bytes and the page of each frame so far
 *   24    n   the page
 * </pre>
 */
public final class WalFrames {
    public static final int HEADER_BYTES = 24;

    private static final int PIECE_BYTES = 1 << 20; // 1 MiB

    private final ByteSource wal;
    private final int pageSizeBytes;
    private final int frameBytes;
    private final WalChecksum sum;
    private final byte[] piece;

    private long offset = WalHeader.SIZE_BYTES;
    private int had;
    private int at;
    private long number;
    private int previousSum1;
    private int previousSum2;
    private boolean sumHolds;

    WalFrames(ByteSource wal, WalHeader header) {
        this(wal, header.pageSizeBytes(), header.checksumOrder(), header.sum1(), header.sum2());
    }

    private WalFrames(ByteSource wal, int pageSizeBytes, ByteOrder order, int sum1, int sum2) {
        this.wal = wal;
        this.pageSizeBytes = pageSizeBytes;
        this.frameBytes = HEADER_BYTES + pageSizeBytes;
        this.sum = new WalChecksum(order);
        this.piece = new byte[Math.max(1, PIECE_BYTES / frameBytes) * frameBytes];
        this.previousSum1 = sum1;
        this.previousSum2 = sum2;
    }

    /**
     * The frames of a -wal whose header cannot be read. The checksum of the first one then holds only if what the header
     * should have said of itself is still there.
     *
     * @param order of the checksums; almost all machines that write a -wal are little-endian
     */
    public static WalFrames withoutHeader(ByteSource wal, Geometry geometry, ByteOrder order) throws IOException {
        byte[] header = new byte[WalHeader.SIZE_BYTES];
        wal.read(0, header, 0, header.length);
        return new WalFrames(
                wal, geometry.pageSizeBytes(), order, BigEndian.i32(header, 24), BigEndian.i32(header, 28));
    }

    /** Must bytes be read for the next frame: a moment to look at the clock. */
    boolean atEndOfPiece() {
        return at + 2 * frameBytes > had;
    }

    /**
     * Moves to the next frame.
     *
     * @return false behind the last whole one
     * @throws IOException if bytes cannot be had
     */
    public boolean next() throws IOException {
        if (number > 0) at += frameBytes;
        if (at + frameBytes > had && !nextPiece()) return false;
        number++;
        sum.start(previousSum1, previousSum2);
        sum.add(piece, at, 8);
        sum.add(piece, at + HEADER_BYTES, pageSizeBytes);
        previousSum1 = BigEndian.i32(piece, at + 16);
        previousSum2 = BigEndian.i32(piece, at + 20);
        sumHolds = sum.is(previousSum1, previousSum2);
        return true;
    }

    private boolean nextPiece() throws IOException {
        had = wal.read(offset, piece, 0, piece.length);
        offset += had;
        at = 0;
        return had >= frameBytes;
    }

    /** Which frame this is, from 1. */
    public long number() {
        return number;
    }

    /** The page that it holds; 0 in no valid frame. */
    public long page() {
        return BigEndian.u32(piece, at);
    }

    /** Size of the database in pages, in the last frame of a commit; 0 in the others. */
    public long commitPages() {
        return BigEndian.u32(piece, at + 4);
    }

    public int salt1() {
        return BigEndian.i32(piece, at + 8);
    }

    public int salt2() {
        return BigEndian.i32(piece, at + 12);
    }

    /** Does its checksum continue that of the frame before. */
    public boolean sumHolds() {
        return sumHolds;
    }

    /** The array that its page lies in, until the next call of {@link #next}. */
    public byte[] bytes() {
        return piece;
    }

    /** Where its page begins in them. */
    public int pageAt() {
        return at + HEADER_BYTES;
    }

    public int pageSizeBytes() {
        return pageSizeBytes;
    }
}
