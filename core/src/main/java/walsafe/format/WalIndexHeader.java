package walsafe.format;

import java.nio.ByteOrder;
import java.util.Optional;

/**
 * One of the two copies of the header of a wal-index. {@link WalIndex} has the table of the whole, and what follows the
 * copies. A writer writes the second copy first, so that a first one which differs is a commit that is just being made, or
 * one that died in between.
 *
 * @param version 3007000
 * @param change changes with each transaction
 * @param initialised is it in use
 * @param bigEndianSums are the checksums of the -wal big-endian
 * @param pageSizeBytes 512 to 65536
 * @param maxFrame number of valid, committed frames in the -wal
 * @param databasePages size of the database after the last of them
 * @param frameSum1 checksum of the last of those frames, unsigned
 * @param frameSum2 likewise
 * @param salt1 of the -wal, unsigned
 * @param salt2 likewise
 * @param sumHolds does the checksum of the copy hold
 */
public record WalIndexHeader(
        long version,
        long change,
        boolean initialised,
        boolean bigEndianSums,
        int pageSizeBytes,
        long maxFrame,
        long databasePages,
        long frameSum1,
        long frameSum2,
        long salt1,
        long salt2,
        boolean sumHolds) {
    public static final int SIZE_BYTES = 48;

    /**
     * Decodes a copy of this machine.
     *
     * @param copy 0 for the first, 1 for the second
     * @return empty if the bytes end before
     */
    public static Optional<WalIndexHeader> decode(byte[] shm, int copy) {
        return decode(shm, copy, ByteOrder.nativeOrder());
    }

    static Optional<WalIndexHeader> decode(byte[] shm, int copy, ByteOrder order) {
        if (copy < 0 || copy > 1) throw new IllegalArgumentException("copy must be 0 or 1, was " + copy);
        int at = copy * SIZE_BYTES;
        if (shm.length < at + SIZE_BYTES) return Optional.empty();
        Bytes b = new Bytes(shm, order);
        Bytes salts = new Bytes(shm);
        return Optional.of(new WalIndexHeader(
                b.u32(at),
                b.u32(at + 8),
                b.u8(at + 12) != 0,
                b.u8(at + 13) != 0,
                b.u16(at + 14) == 1 ? 65536 : b.u16(at + 14),
                b.u32(at + 16),
                b.u32(at + 20),
                b.u32(at + 24),
                b.u32(at + 28),
                salts.u32(at + 32),
                salts.u32(at + 36),
                sumHolds(shm, at, order)));
    }

    private static boolean sumHolds(byte[] shm, int at, ByteOrder order) {
        WalChecksum sum = new WalChecksum(order);
        sum.add(shm, at, 40);
        Bytes b = new Bytes(shm, order);
        return sum.is(b.i32(at + 40), b.i32(at + 44));
    }

    /** How many frames a checkpoint has set out to copy (walformat.html, 2.2); 0 if the bytes end before. */
    public static long backfillAttempted(byte[] shm) {
        return shm.length < 132 ? 0 : new Bytes(shm, ByteOrder.nativeOrder()).u32(128);
    }
}
