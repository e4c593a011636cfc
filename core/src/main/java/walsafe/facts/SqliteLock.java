package walsafe.facts;

import java.util.ArrayList;
import java.util.List;

/**
 * One of SQLite's locks, named as SQLite names it.
 *
 * <table>
 * <caption>Bytes (os.h PENDING_BYTE; wal.html, walformat.html section 2.3)</caption>
 * <tr><td>database</td><td>0x40000000</td><td>PENDING</td></tr>
 * <tr><td>database</td><td>0x40000001</td><td>RESERVED</td></tr>
 * <tr><td>database</td><td>0x40000002, 510 bytes</td><td>SHARED if read-locked, EXCLUSIVE if write-locked</td></tr>
 * <tr><td>-shm</td><td>120</td><td>WRITE</td></tr>
 * <tr><td>-shm</td><td>121</td><td>CKPT</td></tr>
 * <tr><td>-shm</td><td>122</td><td>RECOVER</td></tr>
 * <tr><td>-shm</td><td>123 to 127</td><td>READ 0 to READ 4</td></tr>
 * <tr><td>-shm</td><td>128</td><td>DMS</td></tr>
 * </table>
 *
 * @param file which file it lies on
 * @param name in SQLite's words: {@code SHARED}, {@code RESERVED}, {@code READ 1}; {@code bytes 5-9} for a lock that is
 *     none of SQLite's
 * @param write is it a write lock
 * @param firstByte offset of its first byte
 * @param lastByte offset of its last byte; {@link Long#MAX_VALUE} for "to the end of the file"
 */
public record SqliteLock(DatabasePart file, String name, boolean write, long firstByte, long lastByte) {
    private static final long PENDING = 0x40000000L;
    private static final long RESERVED = PENDING + 1;
    private static final long SHARED_FIRST = PENDING + 2;
    private static final long SHARED_LAST = SHARED_FIRST + 509;

    private static final long WRITE = 120;
    private static final long READ_0 = 123;
    private static final long DMS = 128;
    private static final List<String> SHM_NAMES =
            List.of("WRITE", "CKPT", "RECOVER", "READ 0", "READ 1", "READ 2", "READ 3", "READ 4", "DMS");

    /**
     * What SQLite calls a lock on these bytes. The kernel joins neighbouring bytes of one owner into one lock, so that
     * one lock can bear several names: EXCLUSIVE is held together with PENDING and RESERVED.
     *
     * @return one lock per name; a single {@code bytes …} if the range is none that SQLite locks
     */
    static List<SqliteLock> named(DatabasePart file, boolean write, long firstByte, long lastByte) {
        if (file == DatabasePart.DATABASE && PENDING <= firstByte && lastByte <= SHARED_LAST) {
            return onDatabase(write, firstByte, lastByte);
        }
        if (file == DatabasePart.SHM && WRITE <= firstByte && lastByte <= DMS) {
            return onShm(write, firstByte, lastByte);
        }
        return List.of(new SqliteLock(file, bytes(firstByte, lastByte), write, firstByte, lastByte));
    }

    /** A lock of another kind, which SQLite does not see: {@code flock} of a program beside it. */
    static SqliteLock foreign(DatabasePart file, String kind, boolean write) {
        return new SqliteLock(file, kind + " on the whole file", write, 0, Long.MAX_VALUE);
    }

    /** The read mark that this lock keeps in use, 0 to 4; -1 if it is not a reader's. */
    int readMark() {
        boolean reader = file == DatabasePart.SHM && !write && name.startsWith("READ ");
        return reader ? (int) (firstByte - READ_0) : -1;
    }

    private static List<SqliteLock> onDatabase(boolean write, long first, long last) {
        List<SqliteLock> locks = new ArrayList<>();
        if (first <= PENDING) locks.add(one(DatabasePart.DATABASE, "PENDING", write, PENDING));
        if (first <= RESERVED && RESERVED <= last) {
            locks.add(one(DatabasePart.DATABASE, "RESERVED", write, RESERVED));
        }
        if (last >= SHARED_FIRST) {
            String name = write ? "EXCLUSIVE" : "SHARED";
            locks.add(new SqliteLock(DatabasePart.DATABASE, name, write, Math.max(first, SHARED_FIRST), last));
        }
        return locks;
    }

    private static List<SqliteLock> onShm(boolean write, long first, long last) {
        List<SqliteLock> locks = new ArrayList<>();
        for (long at = first; at <= last; at++) {
            locks.add(one(DatabasePart.SHM, SHM_NAMES.get((int) (at - WRITE)), write, at));
        }
        return locks;
    }

    private static SqliteLock one(DatabasePart file, String name, boolean write, long at) {
        return new SqliteLock(file, name, write, at, at);
    }

    private static String bytes(long first, long last) {
        if (last == Long.MAX_VALUE) return "bytes " + first + " to the end";
        return "bytes " + first + "-" + last;
    }
}
