package walsafe.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.util.Optional;

/**
 * A rollback journal as it lies beside the database. Whether it is hot, so that the next opener would roll it back,
 * also depends on the locks that others hold; that is not judged here.
 *
 * <pre>
 * offset size meaning                                            (fileformat2, 3)
 *    0    8   magic: d9 d5 05 f9 20 a1 63 d7
 *    8    4   number of records up to the next header; 0xffffffff for "to the end of the file"
 *   12    4   random start of the records' checksums
 *   16    4   size of the database before the transaction, in pages
 *   20    4   sector size; the first record begins at this offset
 *   24    4   page size
 * </pre>
 *
 * <p>A transaction over several databases ends with the name of its super-journal (pager.c, readSuperJournal):
 *
 * <pre>
 * offset from the end
 * -16-n   n   the name, UTF-8
 *  -16    4   n
 *  -12    4   sum of the name's bytes
 *   -8    8   the magic
 * </pre>
 *
 * @param sizeBytes of the file
 * @param headerValid does it begin with the journal's magic; false in an empty (TRUNCATE) or zeroed (PERSIST) journal,
 *     which are at rest
 * @param records pages it would put back, as its first header says; -1 for "to the end of the file"
 * @param databasePages size of the database before the transaction, in pages
 * @param pageSizeBytes as its header says; 0 without a header
 * @param superJournal the super-journal it names at its end, if it does
 * @param superJournalExists does that file exist; a journal whose super-journal is gone is not hot. The name is the one
 *     that its writer used, which means nothing in another container
 */
public record Journal(
        long sizeBytes,
        boolean headerValid,
        long records,
        long databasePages,
        int pageSizeBytes,
        Optional<String> superJournal,
        boolean superJournalExists) {
    private static final int HEADER_BYTES = 28;
    private static final int TRAILER_BYTES = 16;
    private static final int LONGEST_NAME_BYTES = 4096; // SQLite's own limit is below 4096 on every system
    private static final byte[] MAGIC = {(byte) 0xd9, (byte) 0xd5, 5, (byte) 0xf9, 0x20, (byte) 0xa1, 0x63, (byte) 0xd7
    };

    /**
     * Reads the first header and the end. What the bytes say is in the record, never an exception.
     *
     * @throws IOException if bytes cannot be had
     */
    public static Journal read(DatabaseFile file) throws IOException {
        long size = file.sizeBytes();
        byte[] header = file.read(0, HEADER_BYTES);
        Bytes b = new Bytes(header);
        if (header.length < HEADER_BYTES || !b.has(0, MAGIC)) return atRest(size);
        Optional<String> superJournal = superJournal(file, size);
        return new Journal(
                size,
                true,
                b.i32(8), // as a signed number, 0xffffffff is the -1 that is meant
                b.u32(16),
                (int) Math.min(b.u32(24), Integer.MAX_VALUE),
                superJournal,
                superJournal.map(name -> new File(name).exists()).orElse(false));
    }

    /** Do these bytes begin with the journal's magic. */
    static boolean begins(byte[] bytes) {
        return new Bytes(bytes).has(0, MAGIC);
    }

    /** One without a header, of the given size. */
    public static Journal atRest(long sizeBytes) {
        return new Journal(sizeBytes, false, 0, 0, 0, Optional.empty(), false);
    }

    private static Optional<String> superJournal(DatabaseFile file, long size) throws IOException {
        if (size < TRAILER_BYTES) return Optional.empty();
        byte[] trailer = file.read(size - TRAILER_BYTES, TRAILER_BYTES);
        Bytes b = new Bytes(trailer);
        if (trailer.length < TRAILER_BYTES || !b.has(8, MAGIC)) return Optional.empty();
        long length = b.u32(0);
        if (length == 0 || length > LONGEST_NAME_BYTES || length > size - TRAILER_BYTES) return Optional.empty();
        byte[] name = file.read(size - TRAILER_BYTES - length, (int) length);
        return sumHolds(name, b.i32(4)) ? Optional.of(new String(name, UTF_8)) : Optional.empty();
    }

    /** SQLite adds C's chars, which are signed on some processors and unsigned on others. */
    private static boolean sumHolds(byte[] name, int expected) {
        int signed = 0;
        int unsigned = 0;
        for (byte each : name) {
            signed += each;
            unsigned += Byte.toUnsignedInt(each);
        }
        return expected == signed || expected == unsigned;
    }
}
