package walsafe.facts;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks at the database file and at the files beside it. For a healthy database on a local disk this is a few dozen
 * system calls; of a -wal at most {@link walsafe.format.WalFile.Limit#GLANCE} is read. Who reads bytes is for {@link
 * ByteLook} to say; what can be asked without opening is told in any case.
 */
final class DatabaseLook {
    private DatabaseLook() {}

    /** @param patience for reading bytes, where a child has to do that */
    static DatabaseFacts at(Target target, Storage storage, Duration patience) {
        if (target.database().isEmpty()) return DatabaseFacts.NONE;
        return switch (target.state()) {
            case FILE, MISSING, NO_DIRECTORY -> look(target.database().get(), storage, patience);
            case MEMORY -> DatabaseFacts.NONE;
            case DIRECTORY -> DatabaseFacts.notRead("it is a directory");
            case NOT_A_FILE -> DatabaseFacts.notRead("it is a device, a pipe or a socket");
            case SYMLINK_LOOP -> DatabaseFacts.notRead("its symbolic links form a loop");
            case FORBIDDEN -> DatabaseFacts.notRead("the permissions of a directory on the way forbid it");
            case SILENT -> DatabaseFacts.notRead("the storage did not answer");
        };
    }

    private static DatabaseFacts look(String name, Storage storage, Duration patience) {
        Path database;
        try {
            database = Path.of(name).toAbsolutePath();
        } catch (InvalidPathException e) {
            return DatabaseFacts.notRead("its name cannot be spelt in this process's character set, "
                    + System.getProperty("sun.jnu.encoding"));
        }
        Path directory = database.getParent();
        return directory == null
                ? DatabaseFacts.notRead("it is a directory")
                : look(database, directory, storage, patience);
    }

    private static DatabaseFacts look(Path database, Path directory, Storage storage, Duration patience) {
        FileStatus status = FileStatus.of(database);
        FileBytes files = ByteLook.at(database, status, storage.kind(), patience);
        File space = Files.exists(directory)
                ? directory.toFile()
                : nearest(directory).toFile();
        long totalBytes = space.getTotalSpace();
        return new DatabaseFacts(
                files.content(),
                files.looksLike(),
                files.header(),
                status.sizeBytes(),
                status.modified(),
                status.permissions(),
                status.owner(),
                Files.isReadable(database),
                Files.isWritable(database),
                Files.isWritable(directory),
                status.hardLinks(),
                known(totalBytes, space.getUsableSpace()),
                known(totalBytes, totalBytes),
                files.wal(),
                files.shm(),
                files.journal(),
                FolderLook.leftovers(directory),
                FolderLook.cloudFolder(directory),
                status.exists() ? Layers.bakedIn(database, storage) : Optional.empty(),
                false,
                Signpost.beside(database),
                files.notRead());
    }

    /** The nearest directory above that exists; the root always does. */
    private static Path nearest(Path directory) {
        Path parent = directory.getParent();
        if (parent == null) return directory;
        return Files.exists(parent) ? parent : nearest(parent);
    }

    /** Java says 0 where the system did not answer; a full disk has 0 bytes free, but never 0 in all. */
    private static OptionalLong known(long totalBytes, long bytes) {
        return totalBytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
    }
}
