package walsafe.format;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The header of the wal-index, the first 136 bytes of the -shm, in the machine's byte order but for the salts, which
 * are copied from the -wal byte by byte.
 *
 * <pre>
 * offset size meaning                                            (walformat.html, 2.1 and 2.2)
 *    0    4   version: 3007000
 *    4    4   unused
 *    8    4   changes with each transaction
 *   12    1   is it initialised
 *   13    1   are the -wal's checksums big-endian
 *   14    2   page size in bytes; 1 stands for 65536
 *   16    4   number of valid, committed frames in the -wal
 *   20    4   size of the database in pages
 *   24    8   checksum of the last of those frames
 *   32    8   the two salts of the -wal
 *   40    8   checksum of the 40 bytes before
 *   48   48   the same once more; a writer writes this copy first
 *   96    4   number of frames copied into the database
 *  100   20   five read marks
 *  120    8   the bytes that are locked; never read
 *  128    4   number of frames that a checkpoint has set out to copy
 *  132    4   unused
 * </pre>
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
    public static final int SIZE_BYTES = 136;

    private static final int COPY_BYTES = WalIndexHeader.SIZE_BYTES;
    private static final WalIndex NONE = new WalIndex(false, 0, 0, List.of(), 0, 0);

    public WalIndex {
        readMarks = List.copyOf(readMarks);
    }

    /**
     * Decodes the first bytes of a -shm of this machine. A writer at work may be caught between the two copies; then it
     * is told as not initialised.
     *
     * @param bytes as many as there are; with fewer than {@link #SIZE_BYTES} all numbers are 0 and there are no marks
     */
    public static WalIndex decode(byte[] bytes) {
        return decode(bytes, ByteOrder.nativeOrder());
    }

    static WalIndex decode(byte[] bytes, ByteOrder order) {
        if (bytes.length < SIZE_BYTES) return NONE;
        Bytes b = new Bytes(bytes, order);
        WalIndexHeader first = WalIndexHeader.decode(bytes, 0, order).orElseThrow();
        return new WalIndex(
                first.initialised() && copiesAgree(bytes) && first.sumHolds(),
                first.maxFrame(),
                b.u32(96),
                IntStream.range(0, 5).mapToObj(mark -> b.u32(100 + 4 * mark)).toList(),
                first.salt1(),
                first.salt2());
    }

    private static boolean copiesAgree(byte[] bytes) {
        return Arrays.equals(bytes, 0, COPY_BYTES, bytes, COPY_BYTES, 2 * COPY_BYTES);
    }
}
