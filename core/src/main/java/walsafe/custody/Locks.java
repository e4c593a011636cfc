package walsafe.custody;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import walsafe.facts.DatabasePart;

/**
 * The locks that keep every SQLite out, until this process ends.
 *
 * <p>On the database: PENDING, RESERVED and all SHARED bytes (os.h). A connection in rollback mode has a lock there while
 * it reads or writes; one in WAL mode keeps SHARED from its first access until it is closed (pager.c), however idle it
 * is. On the -shm, where there is one: all of SQLite's bytes with DMS, which everybody who has it mapped holds shared,
 * also one who has lost his lock on the database (walformat.html, 2.3). Who has the file open and never read, or is idle
 * in rollback mode, holds no lock at all: he is found by his descriptors, elsewhere.
 */
final class Locks {
    private static final long PENDING_BYTE = 0x40000000L;
    private static final long PENDING_TO_SHARED_BYTES = 512;
    private static final long SHM_LOCKS_AT = 120;
    private static final long SHM_LOCKS_BYTES = 9; // WRITE to DMS

    private final Folder folder;
    private final FileChannel database;
    private final List<FileLock> held = new ArrayList<>(); // garbage collection would close their channels

    private Locks(Folder folder) throws IOException {
        this.folder = folder;
        this.database = open(folder.database());
    }

    static Locks on(Folder folder) throws IOException {
        return new Locks(folder);
    }

    /** Takes them. What could not be had, a clause; empty if all is locked. */
    Optional<String> take() throws IOException {
        if (!taken(database, PENDING_BYTE, PENDING_TO_SHARED_BYTES)) {
            return Optional.of("another process has a lock on the database");
        }
        try {
            boolean alone = taken(open(folder.live(DatabasePart.SHM)), SHM_LOCKS_AT, SHM_LOCKS_BYTES);
            return alone ? Optional.empty() : Optional.of("another process has a lock on the -shm");
        } catch (NoSuchFileException e) {
            return Optional.empty(); // nobody has one
        }
    }

    /** Neither a link nor what would keep us waiting. */
    private static FileChannel open(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is no regular file");
        }
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /** The lock is dropped only with its channel, and that with this process. */
    private boolean taken(FileChannel channel, long at, long bytes) throws IOException {
        FileLock lock = channel.tryLock(at, bytes, false);
        if (lock == null) return false;
        held.add(lock);
        return true;
    }

    Folder folder() {
        return folder;
    }

    /** The one descriptor of the database that this process may have. */
    FileChannel database() {
        return database;
    }
}
