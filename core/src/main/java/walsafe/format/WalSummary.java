package walsafe.format;

import java.util.Optional;

/**
 * A write-ahead log in numbers (fileformat2, section 4). {@link WalHeader} and {@link WalFrames} have the tables of its
 * bytes.
 *
 * @param sizeBytes of the file
 * @param pageSizeBytes as its header says; 0 if there is no valid header
 * @param salt1 of its header, unsigned
 * @param salt2 of its header, unsigned
 * @param checkpointSequence of its header, unsigned
 * @param validFrames frames from the start whose salts and checksums hold
 * @param committedFrames those up to the last commit
 * @param databasePages size of the database after the last commit, in pages; 0 if there is none
 * @param scannedAll false if the look stopped at its limit, so that there may be more frames than are counted
 * @param belongs does it belong to the database beside it; empty if that cannot be told
 * @param because what that judgement rests on, a clause
 */
public record WalSummary(
        long sizeBytes,
        int pageSizeBytes,
        long salt1,
        long salt2,
        long checkpointSequence,
        long validFrames,
        long committedFrames,
        long databasePages,
        boolean scannedAll,
        Optional<Boolean> belongs,
        String because) {
    /** One without a valid header, in which SQLite sees no frames. */
    public static WalSummary withoutFrames(long sizeBytes, String because) {
        return new WalSummary(sizeBytes, 0, 0, 0, 0, 0, 0, 0, true, Optional.empty(), because);
    }

    /** One whose bytes were not looked at, so that there may be frames in it. */
    public static WalSummary unread(long sizeBytes, String because) {
        return new WalSummary(sizeBytes, 0, 0, 0, 0, 0, 0, 0, false, Optional.empty(), because);
    }

    /** The same frames, without the judgement whether they belong to the database. */
    public WalSummary withheld(String why) {
        return new WalSummary(
                sizeBytes,
                pageSizeBytes,
                salt1,
                salt2,
                checkpointSequence,
                validFrames,
                committedFrames,
                databasePages,
                scannedAll,
                Optional.empty(),
                why);
    }
}
