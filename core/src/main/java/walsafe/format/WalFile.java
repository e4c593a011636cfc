package walsafe.format;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * The write-ahead log of a database, read as bytes.
 *
 * <p>Order matters where others write meanwhile: open the -wal first, then read the database's header, then ask for the
 * {@link #summary}. The salts are the same at the beginning and at the end of all that, or the judgement whether the
 * two belong together is withheld; if they are, the header is one that the database had during this generation of
 * frames, and every frame that was copied into it by then is among those read.
 */
public final class WalFile {
    /**
     * Where to stop; whichever is reached first. The frames of one MiB are always read whole.
     *
     * @param bytes of the -wal
     * @param time since the scan began
     */
    public record Limit(long bytes, Duration time) {
        public static final Limit GLANCE = new Limit(64L << 20, Duration.ofSeconds(2)); // 64 MiB
    }

    private final DatabaseFile file;
    private final byte[] headerBytes;

    private WalFile(DatabaseFile file, byte[] headerBytes) {
        this.file = file;
        this.headerBytes = headerBytes;
    }

    /** Reads the header at once. The file stays the caller's to close. */
    public static WalFile of(DatabaseFile wal) throws IOException {
        return new WalFile(wal, wal.read(0, WalHeader.SIZE_BYTES));
    }

    /**
     * Walks the frames. What the bytes say is in the summary, never an exception.
     *
     * @param database header of the database beside it, read after this was opened; empty if it has none
     * @param databaseBytes size of the database file
     * @throws IOException if bytes cannot be had
     */
    public WalSummary summary(Optional<Header> database, long databaseBytes, Limit limit) throws IOException {
        Optional<WalHeader> decoded = WalHeader.decode(headerBytes);
        if (decoded.isEmpty()) return WalSummary.withoutFrames(file.sizeBytes(), noHeader());
        WalHeader header = decoded.get();
        WalScan scan = new WalScan(header);
        scan.run(file, limit);
        Kinship kinship = sameGeneration()
                ? database.map(theirs -> Kinship.of(header, scan, theirs, databaseBytes))
                        .orElseGet(() -> Kinship.unknown("there is no database header to compare it with"))
                : Kinship.unknown("it was begun anew while it was being read");
        return new WalSummary(
                file.sizeBytes(),
                header.pageSizeBytes(),
                Integer.toUnsignedLong(header.salt1()),
                Integer.toUnsignedLong(header.salt2()),
                header.checkpointSequence(),
                scan.frames(),
                scan.committedFrames(),
                scan.databasePages(),
                scan.all(),
                kinship.belongs(),
                kinship.because());
    }

    private boolean sameGeneration() throws IOException {
        return Arrays.equals(headerBytes, file.read(0, WalHeader.SIZE_BYTES));
    }

    private String noHeader() {
        return headerBytes.length == 0 ? "it is empty" : "it has no valid header, so that SQLite ignores it";
    }
}
