package walsafe.format;

/**
 * The database header: the first 100 bytes of page 1 (fileformat2, 1.3). Values are as written, unjudged.
 *
 * @param pageSizeBytes 512 to 65536
 * @param writeVersion 1 for a rollback journal, 2 for WAL
 * @param readVersion likewise
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
        int writerVersion) {
    public static final int SIZE_BYTES = 100;

    /** Is the database in WAL mode, as far as the header says. */
    public boolean wal() {
        return readVersion == 2;
    }

    /** Can {@link #pageCount} be trusted: versions before 3.7.0 did not keep it (fileformat2, 1.3.7). */
    public boolean pageCountValid() {
        return pageCount != 0 && versionValidFor == changeCounter;
    }

    /** A stand-in. */
    public java.util.Optional<String> impossible() {
        return java.util.Optional.empty();
    }
}
