package walsafe.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A rollback journal read to its end: which pages it would put back, as SQLite would play it back if it were hot (pager.c,
 * pager_playback). {@link Journal} has the look that is enough to tell whether there is anything in it.
 *
 * <pre>
 * offset size a segment of the journal; each begins at a multiple of the sector size     (fileformat2, 3)
 *    0    8   magic: d9 d5 05 f9 20 a1 63 d7
 *    8    4   number of its records; in the first, 0xffffffff for "to the end of the file"
 *   12    4   nonce: where the checksums of its records begin
 *   16    4   size of the database before the transaction, in pages; the first segment's counts
 *   20    4   sector size; the first segment's counts
 *   24    4   page size; the first segment's counts, 0 for that of the database
 *
 *        a record; the first follows one sector behind the beginning of its segment
 *    0    4   page number; 0 or that of the lock-byte page ends the playback
 *    4    n   the page as it was
 *  4+n    4   checksum: the nonce and the bytes n-200, n-400 and so on of the page, down to the last that is above 0
 * </pre>
 *
 * <p>Takes 16 to 64 bytes of memory for each page in it.
 */
public final class JournalLog {
    private static final int HEADER_BYTES = 28;
    private static final int MOST_SEGMENTS = 100_000;

    /**
     * A segment.
     *
     * @param offset where it begins in the file
     * @param declaredRecords as its header says; -1 for "to the end of the file"
     * @param records how many of them hold
     * @param databasePages as its header says
     */
    public record Segment(long offset, long declaredRecords, long records, long databasePages) {}

    private final ByteSource journal;
    private final PageIndex index = new PageIndex();
    private final List<Segment> segments = new ArrayList<>();
    private Reading reading = Legible.YES;
    private Reading end = Legible.YES;
    private long sizeBytes;
    private int pageSizeBytes;
    private int sectorBytes;
    private long databasePages;

    private JournalLog(ByteSource journal) {
        this.journal = journal;
    }

    /**
     * Reads the whole journal. What the bytes say is in the result, never an exception.
     *
     * @param databasePageBytes page size of the database, for a journal that does not name one
     * @throws IOException if bytes cannot be had
     */
    public static JournalLog read(ByteSource journal, int databasePageBytes) throws IOException {
        JournalLog log = new JournalLog(journal);
        log.sizeBytes = journal.sizeBytes();
        byte[] header = new byte[HEADER_BYTES];
        int had = journal.read(0, header, 0, HEADER_BYTES);
        log.reading = had == HEADER_BYTES ? log.first(header, databasePageBytes) : flaw(Flaw.JOURNAL_AT_REST, 0);
        if (log.reading.ok()) log.playBack();
        return log;
    }

    private static Unreadable flaw(Flaw flaw, long seen) {
        return new Unreadable(flaw, 0, seen, 0);
    }

    private Reading first(byte[] header, int databasePageBytes) {
        if (!Journal.begins(header)) return flaw(Flaw.JOURNAL_AT_REST, 0);
        long sector = BigEndian.u32(header, 20);
        long page = BigEndian.u32(header, 24);
        if (page == 0) page = databasePageBytes;
        if (!Header.pageSizePossible(page)) return flaw(Flaw.JOURNAL_PAGE_SIZE, page);
        if (sector < 32 || sector > 65536 || Long.bitCount(sector) != 1) {
            return flaw(Flaw.JOURNAL_SECTOR_SIZE, sector);
        }
        pageSizeBytes = (int) page;
        sectorBytes = (int) sector;
        databasePages = BigEndian.u32(header, 16);
        return Legible.YES;
    }

    /** A segment takes a sector at least, so that this ends. */
    private void playBack() throws IOException {
        byte[] header = new byte[HEADER_BYTES];
        byte[] record = new byte[8 + pageSizeBytes];
        long offset = 0;
        while (end.ok() && segments.size() < MOST_SEGMENTS && offset + sectorBytes <= sizeBytes) {
            if (journal.read(offset, header, 0, HEADER_BYTES) < HEADER_BYTES || !Journal.begins(header)) return;
            offset = segment(offset, header, record);
            offset = (offset + sectorBytes - 1) / sectorBytes * sectorBytes;
        }
    }

    /** Returns where the segment ends. */
    private long segment(long offset, byte[] header, byte[] record) throws IOException {
        long declared = BigEndian.i32(header, 8) == -1 ? -1 : BigEndian.u32(header, 8);
        long most = declared == -1 ? (sizeBytes - sectorBytes) / record.length : declared;
        int nonce = BigEndian.i32(header, 12);
        long at = offset + sectorBytes;
        long records = 0;
        while (end.ok() && records < most && journal.read(at, record, 0, record.length) == record.length) {
            end = judge(record, nonce);
            if (end.ok()) {
                put(BigEndian.u32(record, 0), at + 4);
                at += record.length;
                records++;
            }
        }
        if (end.ok() && records < most && declared != -1) {
            end = new Unreadable(Flaw.JOURNAL_CUT, 0, records, declared);
        }
        segments.add(new Segment(offset, declared, records, BigEndian.u32(header, 16)));
        return at;
    }

    /** Where SQLite ends the playback: at a page that is none, and at a wrong checksum of one that it would put back. */
    private Reading judge(byte[] record, int nonce) {
        long page = BigEndian.u32(record, 0);
        if (page == 0 || page == (1L << 30) / pageSizeBytes + 1) {
            return new Unreadable(Flaw.JOURNAL_PAGE, page, page, 0);
        }
        if (page > databasePages || index.get(page) != 0) return Legible.YES;
        int sum = checksum(record, 4, pageSizeBytes, nonce);
        int stored = BigEndian.i32(record, 4 + pageSizeBytes);
        return sum == stored
                ? Legible.YES
                : new Unreadable(Flaw.JOURNAL_SUM, page, Integer.toUnsignedLong(stored), Integer.toUnsignedLong(sum));
    }

    /** The first image of a page is the one from before the transaction; pages that it added are not put back. */
    private void put(long page, long place) {
        if (page <= databasePages && index.get(page) == 0) index.put(page, place);
    }

    /** The checksum of a page in a journal (pager.c, pager_cksum). */
    static int checksum(byte[] bytes, int at, int pageSizeBytes, int nonce) {
        int sum = nonce;
        for (int i = pageSizeBytes - 200; i > 0; i -= 200) sum += bytes[at + i] & 0xff;
        return sum;
    }

    /** Does it begin with a header that SQLite would take; if not, nothing would be put back. */
    public Reading reading() {
        return reading;
    }

    /** Why the playback ends: OK where the last segment does. What was read before would be put back all the same. */
    public Reading end() {
        return end;
    }

    /** 0 without a header. */
    public int pageSizeBytes() {
        return pageSizeBytes;
    }

    /** 0 without a header. */
    public int sectorBytes() {
        return sectorBytes;
    }

    /** Size of the database before the transaction, to which it would be cut. */
    public long databasePages() {
        return databasePages;
    }

    /** In the order of the file; no more than 100,000. */
    public List<Segment> segments() {
        return List.copyOf(segments);
    }

    /** The pages that would be put back, rising. */
    public long[] pages() {
        return index.pages();
    }

    /**
     * Copies a page as it was before the transaction into a part of an array.
     *
     * @return false if the journal does not hold it
     */
    public boolean page(long page, byte[] into, int at) throws IOException {
        long place = page == 0 ? 0 : index.get(page);
        return place != 0 && journal.read(place, into, at, pageSizeBytes) == pageSizeBytes;
    }

    /**
     * The database as the playback would leave it.
     *
     * @param database with pages of the same size; unchanged if there is nothing to play back
     */
    public PageSource over(PageSource database) {
        return segments.isEmpty() ? database : new RolledBack(database);
    }

    private final class RolledBack implements PageSource {
        private final PageSource database;

        RolledBack(PageSource database) {
            this.database = database;
        }

        @Override
        public long pages() {
            return databasePages;
        }

        @Override
        public boolean read(long page, byte[] into, int at) throws IOException {
            if (page < 1 || page > databasePages) return false;
            return page(page, into, at) || database.read(page, into, at);
        }
    }
}
