package walsafe.format;

import java.util.List;

/**
 * The header of the wal-index, the first 136 bytes of the -shm (walformat.html, 2.1), in the machine's byte order.
 *
 * @param initialised is its header valid: both copies equal and the checksum right
 * @param maxFrame number of valid, committed frames in the -wal
 * @param backfilled frames already copied into the database
 * @param readMarks the five read marks; 4294967295 where unused
 * @param salt1 of the -wal that it indexes, unsigned
 * @param salt2 likewise
 */
public record WalIndex(
        boolean initialised, long maxFrame, long backfilled, List<Long> readMarks, long salt1, long salt2) {
    public WalIndex {
        readMarks = List.copyOf(readMarks);
    }
}
