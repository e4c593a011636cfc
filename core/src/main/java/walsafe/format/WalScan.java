package walsafe.format;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/** Walks the frames of a -wal as far as SQLite would. What lies behind is of an older generation, or torn. */
final class WalScan {
    private final WalHeader header;
    private long frames;
    private long committedFrames;
    private long databasePages;
    private boolean all;
    private FirstPages committed = FirstPages.NONE;
    private FirstPages uncommitted = FirstPages.NONE;

    WalScan(WalHeader header) {
        this.header = header;
    }

    /** Reads whole frames in pieces of about a MiB until one does not hold, the file ends, or a limit is reached. */
    void run(ByteSource file, WalFile.Limit limit) throws IOException {
        long start = System.nanoTime();
        WalFrames frame = new WalFrames(file, header);
        while (!all) {
            if (frame.atEndOfPiece()
                    && reached(limit, frames * (WalFrames.HEADER_BYTES + header.pageSizeBytes()), start)) {
                return;
            }
            all = !frame.next() || !header.accepts(frame);
            if (!all) count(frame);
        }
    }

    private static boolean reached(WalFile.Limit limit, long bytes, long start) {
        return bytes >= limit.bytes()
                || Duration.ofNanos(System.nanoTime() - start).compareTo(limit.time()) >= 0;
    }

    private void count(WalFrames frame) {
        frames++;
        if (frame.page() == 1) {
            int page = frame.pageAt();
            uncommitted = Header.decode(Arrays.copyOfRange(frame.bytes(), page, page + Header.SIZE_BYTES))
                    .map(uncommitted::then)
                    .orElse(uncommitted);
        }
        if (frame.commitPages() != 0) {
            committedFrames = frames;
            databasePages = frame.commitPages();
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
