package walsafe.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Optional;

/**
 * The database header: the first 100 bytes of page 1. Values are as written, unjudged; {@link #impossible} judges.
 *
 * <pre>
 * offset size meaning                                            (fileformat2, 1.3)
 *    0   16   magic: "SQLite format 3" and a zero byte            (1.3.1)
 *   16    2   page size in bytes; 1 stands for 65536              (1.3.2)
 *   18    1   write version                                       (1.3.3)
 *   19    1   read version                                        (1.3.3)
 *   20    1   reserved bytes at the end of each page              (1.3.4)
 *   21    3   payload fractions: 64, 32, 32                       (1.3.5)
 *   24    4   change counter                                      (1.3.6)
 *   28    4   size of the database in pages                       (1.3.7)
 *   32    4   first freelist trunk page                           (1.3.8)
 *   36    4   number of free pages                                (1.3.8)
 *   40    4   schema cookie                                       (1.3.9)
 *   44    4   schema format                                       (1.3.10)
 *   48    4   suggested cache size, not kept here                 (1.3.11)
 *   52    4   largest root page, if auto_vacuum is on             (1.3.12)
 *   56    4   encoding                                            (1.3.13)
 *   60    4   user version                                        (1.3.14)
 *   64    4   not 0 if auto_vacuum is incremental                 (1.3.12)
 *   68    4   application id                                      (1.3.15)
 *   72   20   reserved, zero
 *   92    4   change counter for which the next field is valid    (1.3.16)
 *   96    4   SQLITE_VERSION_NUMBER of the last writer            (1.3.16)
 * </pre>
 *
 * @param pageSizeBytes 512 to 65536
 * @param writeVersion 1 for a rollback journal, 2 for WAL; SQLite opens a database with a higher one read-only
 * @param readVersion likewise; SQLite does not open a database with a higher one at all
 * @param reservedBytes at the end of each page
 * @param changeCounter counts commits in rollback modes; in WAL mode only those that write page 1
 * @param pageCount size of the database in pages; meaningful if {@code versionValidFor} equals {@code changeCounter}
 * @param firstFreelistTrunk page number; 0 if there are no free pages
 * @param freelistPages number of free pages
 * @param schemaCookie changes with the schema
 * @param schemaFormat 1 to 4; 0 in a database without a schema
 * @param largestRoot not 0 if auto_vacuum is on
 * @param encoding 1 UTF-8, 2 UTF-16le, 3 UTF-16be; 0 in a database without a schema
 * @param userVersion {@code PRAGMA user_version}
 * @param incrementalVacuum is auto_vacuum incremental
 * @param applicationId {@code PRAGMA application_id}
 * @param versionValidFor the change counter when {@code writerVersion} was written
 * @param writerVersion {@code SQLITE_VERSION_NUMBER} of the last writer
 * @param payloadFractions bytes 21 to 23 as one number, always {@link #PAYLOAD_FRACTIONS}
 */
public record Header(
        int pageSizeBytes,
        int writeVersion,
        int readVersion,
        int reservedBytes,
        long changeCounter,
        long pageCount,
        long firstFreelistTrunk,
        long freelistPages,
        long schemaCookie,
        int schemaFormat,
        long largestRoot,
        int encoding,
        int userVersion,
        boolean incrementalVacuum,
        int applicationId,
        long versionValidFor,
        int writerVersion,
        int payloadFractions) {
    public static final int SIZE_BYTES = 100;

    /** 64, 32, 32: how full a b-tree page may get, once meant to be tunable. */
    public static final int PAYLOAD_FRACTIONS = 0x402020;

    private static final int LEAST_USABLE_BYTES = 480; // fileformat2, 1.3.4
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(US_ASCII);

    /**
     * Decodes the first bytes of a file.
     *
     * @param bytes as many as there are; those behind the header are ignored
     * @return empty if there are fewer than {@link #SIZE_BYTES} or they do not begin with the magic
     */
    public static Optional<Header> decode(byte[] bytes) {
        Bytes b = new Bytes(bytes);
        if (bytes.length < SIZE_BYTES || !b.has(0, MAGIC)) return Optional.empty();
        return Optional.of(new Header(
                b.u16(16) == 1 ? 65536 : b.u16(16),
                b.u8(18),
                b.u8(19),
                b.u8(20),
                b.u32(24),
                b.u32(28),
                b.u32(32),
                b.u32(36),
                b.u32(40),
                b.i32(44),
                b.u32(52),
                b.i32(56),
                b.i32(60),
                b.i32(64) != 0,
                b.i32(68),
                b.u32(92),
                b.i32(96),
                b.u8(21) << 16 | b.u16(22)));
    }

    /** Is the database in WAL mode, as far as the header says. */
    public boolean wal() {
        return readVersion == 2;
    }

    /** Can {@link #pageCount} be trusted: versions before 3.7.0 did not keep it (fileformat2, 1.3.7). */
    public boolean pageCountValid() {
        return pageCount != 0 && versionValidFor == changeCounter;
    }

    /** Which value SQLite as known here never writes, as a clause; empty if there is none. */
    public Optional<String> impossible() {
        if (!pageSizePossible(pageSizeBytes)) {
            return Optional.of("the page size is " + pageSizeBytes + ", not a power of two from 512 to 65536");
        }
        if (unknown(writeVersion)) return Optional.of(version("write", writeVersion));
        if (unknown(readVersion)) return Optional.of(version("read", readVersion));
        if (payloadFractions != PAYLOAD_FRACTIONS) {
            return Optional.of("the payload fractions are " + fraction(16) + ", " + fraction(8) + " and " + fraction(0)
                    + ", not 64, 32 and 32");
        }
        if (pageSizeBytes - reservedBytes < LEAST_USABLE_BYTES) {
            return Optional.of(reservedBytes + " bytes reserved leave " + (pageSizeBytes - reservedBytes)
                    + " of a page's " + pageSizeBytes + ", fewer than 480");
        }
        if (schemaFormat < 0 || schemaFormat > 4) {
            return Optional.of("the schema format is " + Integer.toUnsignedString(schemaFormat) + ", not 0 to 4");
        }
        if (encoding < 0 || encoding > 3) {
            return Optional.of("the text encoding is " + Integer.toUnsignedString(encoding) + ", not 0 to 3");
        }
        return Optional.empty();
    }

    static boolean pageSizePossible(long bytes) {
        return bytes >= 512 && bytes <= 65536 && Long.bitCount(bytes) == 1;
    }

    private static boolean unknown(int version) {
        return version != 1 && version != 2;
    }

    private static String version(String which, int version) {
        return "the " + which + " version is " + version + ", not 1 or 2"
                + (version > 2 ? ": a format newer than any known here, or damage" : "");
    }

    private int fraction(int shift) {
        return payloadFractions >> shift & 0xff;
    }
}
