package walsafe.format;

import java.util.Optional;

/**
 * A rollback journal as it lies beside the database (fileformat2, section 3).
 *
 * @param sizeBytes of the file
 * @param headerValid does it begin with the journal's magic; false in an empty (TRUNCATE) or zeroed (PERSIST) journal,
 *     which are at rest
 * @param records pages it would put back, as its first header says; -1 for "to the end of the file"
 * @param databasePages size of the database before the transaction, in pages
 * @param pageSizeBytes as its header says; 0 without a header
 * @param superJournal the super-journal it names at its end, if it does
 * @param superJournalExists does that file exist; a journal whose super-journal is gone is not hot
 */
public record Journal(
        long sizeBytes,
        boolean headerValid,
        long records,
        long databasePages,
        int pageSizeBytes,
        Optional<String> superJournal,
        boolean superJournalExists) {}
