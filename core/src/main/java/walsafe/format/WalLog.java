package walsafe.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A write-ahead log read to its end: which frame holds the present version of each page, as SQLite would see it after the
 * last valid commit, and what else lies behind that. Takes 16 to 64 bytes of memory for each page in it.
 *
 * <p>It is a picture of the moment when it was read. Where others write meanwhile, what was valid stays so until the log is
 * begun anew; {@link #unchanged} tells.
 */
public final class WalLog {
    private static final int MOST_RUNS = 1000;

    /**
     * Frames in a row that carry the same salts, behind the last valid frame: of an older generation, of a transaction that
     * was torn, or behind a frame that broke.
     *
     * @param firstFrame number of the first, from 1
     * @param frames how many
     * @param salt1 theirs, unsigned
     * @param salt2 likewise
     * @param sound how many of them continue the checksum of the frame before; the first of an older generation never does
     * @param commits how many of the sound ones end a commit
     */
    public record Run(long firstFrame, long frames, long salt1, long salt2, long sound, long commits) {}

    private final ByteSource wal;
    private final byte[] headerBytes = new byte[WalHeader.SIZE_BYTES];
    private final PageIndex index = new PageIndex();
    private final List<Run> behind = new ArrayList<>();
    private Reading reading = Legible.YES;
    private Optional<WalHeader> header = Optional.empty();
    private long frames;
    private long validFrames;
    private long committedFrames;
    private long databasePages;
    private long[] pending = new long[64];

    private WalLog(ByteSource wal) {
        this.wal = wal;
    }

    /**
     * Reads the whole log. What the bytes say is in the result, never an exception.
     *
     * @throws IOException if bytes cannot be had
     */
    public static WalLog read(ByteSource wal) throws IOException {
        WalLog log = new WalLog(wal);
        int had = wal.read(0, log.headerBytes, 0, WalHeader.SIZE_BYTES);
        log.reading = WalHeader.judge(Arrays.copyOf(log.headerBytes, had));
        log.header = WalHeader.decode(Arrays.copyOf(log.headerBytes, had));
        if (log.header.isPresent()) log.scan(log.header.get());
        return log;
    }

    private void scan(WalHeader header) throws IOException {
        WalFrames frame = new WalFrames(wal, header);
        while (frame.next()) {
            frames = frame.number();
            boolean next = validFrames == frame.number() - 1;
            if (next && header.accepts(frame)) count(frame);
            else behind(frame);
        }
    }

    private void count(WalFrames frame) {
        validFrames++;
        int place = (int) (validFrames - committedFrames - 1);
        if (place == pending.length) pending = Arrays.copyOf(pending, 2 * place);
        pending[place] = frame.page();
        if (frame.commitPages() == 0) return;
        for (int i = 0; i <= place; i++) index.put(pending[i], committedFrames + 1 + i);
        committedFrames = validFrames;
        databasePages = frame.commitPages();
    }

    private void behind(WalFrames frame) {
        int sound = frame.sumHolds() ? 1 : 0;
        int commit = frame.sumHolds() && frame.commitPages() != 0 ? 1 : 0;
        long salt1 = Integer.toUnsignedLong(frame.salt1());
        long salt2 = Integer.toUnsignedLong(frame.salt2());
        int last = behind.size() - 1;
        if (last >= 0 && behind.get(last).salt1() == salt1 && behind.get(last).salt2() == salt2) {
            Run run = behind.get(last);
            behind.set(
                    last,
                    new Run(
                            run.firstFrame(),
                            run.frames() + 1,
                            salt1,
                            salt2,
                            run.sound() + sound,
                            run.commits() + commit));
        } else if (behind.size() < MOST_RUNS) behind.add(new Run(frame.number(), 1, salt1, salt2, sound, commit));
    }

    /** Would SQLite take its beginning for the header of a -wal; if not, it sees no frame in it. */
    public Reading reading() {
        return reading;
    }

    /** 0 without a header. */
    public int pageSizeBytes() {
        return header.map(WalHeader::pageSizeBytes).orElse(0);
    }

    /** Of its header, unsigned; 0 without one. */
    public long salt1() {
        return header.map(found -> Integer.toUnsignedLong(found.salt1())).orElse(0L);
    }

    /** Of its header, unsigned; 0 without one. */
    public long salt2() {
        return header.map(found -> Integer.toUnsignedLong(found.salt2())).orElse(0L);
    }

    /** Whole frames in the file, of whatever generation. */
    public long frames() {
        return frames;
    }

    /** Frames from the start whose salts and checksums hold. */
    public long validFrames() {
        return validFrames;
    }

    /** Those up to the last commit, which are all that SQLite sees. */
    public long committedFrames() {
        return committedFrames;
    }

    /** Size of the database after the last commit, in pages; 0 if there is none. */
    public long databasePages() {
        return databasePages;
    }

    /** What lies behind the last valid frame, in the order of the file; no more than the first thousand runs. */
    public List<Run> behind() {
        return List.copyOf(behind);
    }

    /** The committed frame that holds the present version of a page; 0 if that is in the database. */
    public long frameOf(long page) {
        return page == 0 ? 0 : index.get(page);
    }

    /** The pages that have committed frames, rising. They may be larger than {@link #databasePages}. */
    public long[] pages() {
        return index.pages();
    }

    /**
     * Copies the page of a frame into a part of an array.
     *
     * @param frame 1 to {@link #frames}
     * @return false if the file does not reach so far any more
     */
    public boolean page(long frame, byte[] into, int at) throws IOException {
        int size = pageSizeBytes();
        long offset = WalHeader.SIZE_BYTES + (frame - 1) * (WalFrames.HEADER_BYTES + size) + WalFrames.HEADER_BYTES;
        return wal.read(offset, into, at, size) == size;
    }

    /** All frames once more, of whatever generation; empty without a header. */
    public Optional<WalFrames> walk() {
        return header.map(found -> new WalFrames(wal, found));
    }

    /** Has the log not been begun anew since it was read. */
    public boolean unchanged() throws IOException {
        byte[] now = new byte[WalHeader.SIZE_BYTES];
        wal.read(0, now, 0, now.length);
        return Arrays.equals(now, headerBytes);
    }

    /** The database as SQLite would see it: the pages of the last valid commit laid over those of its file. */
    public PageSource over(PageSource database) {
        return committedFrames == 0 ? database : new Overlay(database);
    }

    private final class Overlay implements PageSource {
        private final PageSource database;

        Overlay(PageSource database) {
            this.database = database;
        }

        @Override
        public long pages() {
            return databasePages;
        }

        @Override
        public boolean read(long page, byte[] into, int at) throws IOException {
            if (page < 1 || page > databasePages) return false;
            long frame = index.get(page);
            return frame == 0 ? database.read(page, into, at) : page(frame, into, at);
        }
    }
}
