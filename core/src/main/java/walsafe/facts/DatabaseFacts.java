package walsafe.facts;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import walsafe.format.Header;
import walsafe.format.Journal;
import walsafe.format.WalIndex;
import walsafe.format.WalSummary;

/**
 * The database file and the files beside it.
 *
 * @param content what the file's first bytes are
 * @param looksLike where it is no database: what its first bytes suggest ("a PNG image"), if they do
 * @param header the database header, where there is one
 * @param sizeBytes of the file; empty if it does not exist or could not be asked
 * @param modified when the file was last modified, ISO-8601; empty likewise
 * @param permissions in {@code ls} style ({@code rw-r--r--}); empty where the platform has none
 * @param owner of the file; removed by redaction
 * @param readable can this process read the file
 * @param writable can this process write the file
 * @param directoryWritable can this process create files in the directory, as SQLite must for -wal and -journal
 * @param hardLinks how many names the file has; 0 if it does not exist
 * @param freeBytes free space of the storage, for this user; empty if it could not be asked
 * @param totalBytes size of the storage; empty likewise
 * @param wal the -wal beside it, if there is one
 * @param shm the -shm beside it, if there is one and it could be read
 * @param journal the -journal beside it, if there is one
 * @param leftovers names beside it such as {@code .nfs0001} and {@code .fuse_hidden0001}
 * @param cloudFolder the name of the synchronising program whose folder this lies in, if it does
 * @param bakedIn is the file still in a lower, read-only layer of an overlay; empty if that could not be told
 * @param changing did a writer change the file, its -wal or its -journal while they and the neighbours were looked at;
 *     then what is told of one need not fit what is told of another
 * @param carriedTo the signpost beside it, if its data was carried to another place
 * @param notRead why bytes were not looked at, if they were not ("it could not be read: Permission denied")
 */
public record DatabaseFacts(
        Content content,
        Optional<String> looksLike,
        Optional<Header> header,
        OptionalLong sizeBytes,
        Optional<String> modified,
        Optional<String> permissions,
        Optional<String> owner,
        boolean readable,
        boolean writable,
        boolean directoryWritable,
        int hardLinks,
        OptionalLong freeBytes,
        OptionalLong totalBytes,
        Optional<WalSummary> wal,
        Optional<WalIndex> shm,
        Optional<Journal> journal,
        List<String> leftovers,
        Optional<String> cloudFolder,
        Optional<Boolean> bakedIn,
        boolean changing,
        Optional<Signpost> carriedTo,
        Optional<String> notRead) {
    public DatabaseFacts {
        leftovers = List.copyOf(leftovers);
    }

    public enum Content {
        /** It begins with a database header. */
        DATABASE,
        EMPTY,
        /** No header, and bytes as random as an encrypted database's, in a whole number of pages. */
        PERHAPS_ENCRYPTED,
        /** It begins with zeros: a first transaction that is not over yet, or a file that lost its bytes. */
        ZEROS,
        SOMETHING_ELSE,
        /** There is no file. */
        NONE,
        /** There is one, and its bytes were not read. */
        NOT_READ
    }

    /** For a path where there is nothing to look at. */
    public static final DatabaseFacts NONE = nothingBut(Content.NONE, Optional.empty());

    /**
     * For a file that is there, or may be, and was not looked at.
     *
     * @param because why, a clause
     */
    public static DatabaseFacts notRead(String because) {
        return nothingBut(Content.NOT_READ, Optional.of(because));
    }

    private static DatabaseFacts nothingBut(Content content, Optional<String> notRead) {
        return new DatabaseFacts(
                content,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false,
                0,
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                notRead);
    }

    /** The same, seen to change while it was being looked at. */
    DatabaseFacts seenChanging() {
        return new DatabaseFacts(
                content,
                looksLike,
                header,
                sizeBytes,
                modified,
                permissions,
                owner,
                readable,
                writable,
                directoryWritable,
                hardLinks,
                freeBytes,
                totalBytes,
                wal,
                shm,
                journal,
                leftovers,
                cloudFolder,
                bakedIn,
                true,
                carriedTo,
                notRead);
    }
}
