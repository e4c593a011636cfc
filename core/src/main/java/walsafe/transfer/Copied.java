package walsafe.transfer;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A copy that was made and proved.
 *
 * @param source the database, its symbolic links resolved
 * @param target the copy
 * @param pages of the copy, the same number as of the source when it was read
 * @param pageSizeBytes of each
 * @param wal is the copy in WAL mode, as its source is; its rows are in the one file all the same
 * @param restarts how often another program wrote meanwhile, so that the copy began anew
 * @param longestLock the longest time for which the copy kept writers out in a row, zero in WAL mode
 * @param took all in all, the proof included
 */
public record Copied(
        Path source,
        Path target,
        long pages,
        int pageSizeBytes,
        boolean wal,
        int restarts,
        Duration longestLock,
        Duration took) {
    public long sizeBytes() {
        return pages * pageSizeBytes;
    }
}
