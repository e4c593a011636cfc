package walsafe.format;

import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The header of a -wal; all numbers are big-endian, whatever the order of the checksums.
 *
 * <pre>
 * offset size meaning                                            (fileformat2, 4.1)
 *    0    4   magic: 0x377f0682 with little-endian checksums, 0x377f0683 with big-endian ones
 *    4    4   version: 3007000
 *    8    4   page size in bytes
 *   12    4   checkpoint sequence number
 *   16    4   salt 1, one more with each new generation of frames
 *   20    4   salt 2, random
 *   24    8   checksum of the 24 bytes before
 * </pre>
 */
record WalHeader(
        int pageSizeBytes, long checkpointSequence, int salt1, int salt2, ByteOrder checksumOrder, int sum1, int sum2) {
    static final int SIZE_BYTES = 32;

    private static final int MAGIC = 0x377f0682;
    private static final int VERSION = 3_007_000;

    /** Empty unless SQLite would take it for a header. */
    static Optional<WalHeader> decode(byte[] bytes) {
        if (bytes.length < SIZE_BYTES) return Optional.empty();
        Bytes b = new Bytes(bytes);
        if ((b.i32(0) & ~1) != MAGIC || b.i32(4) != VERSION || !Header.pageSizePossible(b.u32(8))) {
            return Optional.empty();
        }
        ByteOrder order = (b.i32(0) & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        WalHeader header = new WalHeader(b.i32(8), b.u32(12), b.i32(16), b.i32(20), order, b.i32(24), b.i32(28));
        return header.checksum(bytes).is(header.sum1, header.sum2) ? Optional.of(header) : Optional.empty();
    }

    /** Why SQLite would not take these bytes for a header. */
    static Reading judge(byte[] bytes) {
        if (bytes.length == 0) return flaw(Flaw.WAL_EMPTY, 0, 0);
        if (bytes.length < SIZE_BYTES) return flaw(Flaw.WAL_HEADER_SHORT, bytes.length, SIZE_BYTES);
        Bytes b = new Bytes(bytes);
        if ((b.i32(0) & ~1) != MAGIC) return flaw(Flaw.WAL_MAGIC, b.u32(0), MAGIC);
        if (b.i32(4) != VERSION) return flaw(Flaw.WAL_VERSION, b.u32(4), VERSION);
        if (!Header.pageSizePossible(b.u32(8))) return flaw(Flaw.WAL_PAGE_SIZE, b.u32(8), 0);
        return decode(bytes).isPresent() ? Legible.YES : flaw(Flaw.WAL_HEADER_SUM, 0, 0);
    }

    private static Unreadable flaw(Flaw flaw, long seen, long expected) {
        return new Unreadable(flaw, 0, seen, expected);
    }

    /** Would SQLite take this frame for one of this log, if all before it were. */
    boolean accepts(WalFrames frame) {
        return frame.page() != 0 && frame.salt1() == salt1 && frame.salt2() == salt2 && frame.sumHolds();
    }

    /** The checksum that the first frame continues. */
    WalChecksum checksum(byte[] header) {
        WalChecksum sum = new WalChecksum(checksumOrder);
        sum.add(header, 0, 24);
        return sum;
    }
}
