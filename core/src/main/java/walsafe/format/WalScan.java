package walsafe.format;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/**
 * Walks the frames of a -wal as far as SQLite would: each must carry the header's salts and continue the checksum. What
 * lies behind the last such frame is of an older generation, or torn.
 *
 * <pre>
 * offset size meaning                                            (fileformat2, 4.1)
 *    0    4   page number
 *    4    4   in a commit's last frame the size of the database in pages, else 0
 *    8    8   the header's two salts
 *   16    8   checksum of the header's first 24 bytes, and of the first 8 bytes and the page of each frame so far
 *   24    n   the page
 * </pre>
 */
final class WalScan {
    private static final int FRAME_HEADER_BYTES = 24;

    private final WalHeader header;
    private final WalChecksum sum;
    private final int frameBytes;

    private long frames;
    private long committedFrames;
    private long databasePages;
    private boolean all;
    private FirstPages committed = FirstPages.NONE;
    private FirstPages uncommitted = FirstPages.NONE;

    WalScan(byte[] headerBytes, WalHeader header) {
        this.header = header;
        this.sum = header.checksum(headerBytes);
        this.frameBytes = FRAME_HEADER_BYTES + header.pageSizeBytes();
    }

    /** Reads whole frames in pieces of about a MiB until one does not hold, the file ends, or a limit is reached. */
    void run(DatabaseFile file, WalFile.Limit limit) throws IOException {
        long start = System.nanoTime();
        int piece = Math.max(1, (1 << 20) / frameBytes) * frameBytes;
        long offset = WalHeader.SIZE_BYTES;
        while (!all) {
            if (offset - WalHeader.SIZE_BYTES >= limit.bytes() || since(start).compareTo(limit.time()) >= 0) return;
            byte[] bytes = file.read(offset, piece);
            take(bytes);
            if (bytes.length < piece) all = true;
            offset += piece;
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void take(byte[] bytes) {
        Bytes b = new Bytes(bytes);
        for (int at = 0; at + frameBytes <= bytes.length; at += frameBytes) {
            if (!holds(bytes, b, at)) {
                all = true;
                return;
            }
            count(bytes, b, at);
        }
    }

    private boolean holds(byte[] bytes, Bytes b, int at) {
        if (b.i32(at) == 0 || b.i32(at + 8) != header.salt1() || b.i32(at + 12) != header.salt2()) return false;
        sum.add(bytes, at, 8);
        sum.add(bytes, at + FRAME_HEADER_BYTES, header.pageSizeBytes());
        return sum.is(b.i32(at + 16), b.i32(at + 20));
    }

    private void count(byte[] bytes, Bytes b, int at) {
        frames++;
        if (b.i32(at) == 1) {
            int page = at + FRAME_HEADER_BYTES;
            uncommitted = Header.decode(Arrays.copyOfRange(bytes, page, page + Header.SIZE_BYTES))
                    .map(uncommitted::then)
                    .orElse(uncommitted);
        }
        if (b.i32(at + 4) != 0) {
            committedFrames = frames;
            databasePages = b.u32(at + 4);
            committed = committed.then(uncommitted);
            uncommitted = FirstPages.NONE;
        }
    }

    long frames() {
        return frames;
    }

    long committedFrames() {
        return committedFrames;
    }

    long databasePages() {
        return databasePages;
    }

    /** Has it come to the last valid frame. */
    boolean all() {
        return all;
    }

    /** Those among the committed frames. */
    FirstPages firstPages() {
        return committed;
    }
}
