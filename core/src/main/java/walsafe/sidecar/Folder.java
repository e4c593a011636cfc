package walsafe.sidecar;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import walsafe.facts.Signs;

/** The folder beside a database, and the empty files in it whose names tell something. */
public final class Folder {
    private static final int ATTEMPTS = 3;
    private static final int NAMES_LISTED = 10_000;

    private static final Map<PosixFilePermission, PosixFilePermission> ENTER_WHAT_IS_READ = new EnumMap<>(Map.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE));

    private final Path database;
    private final Path path;

    private Folder(Path database) {
        this.database = database;
        this.path = path(database);
    }

    /** The folder's path: {@code shop.db-walsafe.d} beside {@code shop.db}. It need not exist. */
    public static Path path(Path database) {
        return Signs.folder(database);
    }

    static Folder of(Path database) {
        return new Folder(database);
    }

    Path path() {
        return path;
    }

    /**
     * Makes an empty file of a new name, and the folder if it is missing.
     *
     * @throws FileAlreadyExistsException if the name is taken
     * @throws IOException if it cannot be made
     */
    void add(String name) throws IOException {
        for (int attempt = 1; ; attempt++) {
            make();
            try {
                Files.createFile(path.resolve(name));
                return;
            } catch (NoSuchFileException e) {
                if (attempt == ATTEMPTS) throw e; // else: somebody has removed the folder this moment
            }
        }
    }

    /** Removes a file; one that is not there is as good. */
    void remove(String name) throws IOException {
        Files.deleteIfExists(path.resolve(name));
    }

    /** The names that begin so; none if it cannot be listed. Looks at the first 10,000. */
    List<String> names(String beginning) {
        List<String> found = new ArrayList<>();
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) return found;
        int seen = 0;
        try (DirectoryStream<Path> names = Files.newDirectoryStream(path)) {
            for (Path each : names) {
                String name = each.getFileName().toString();
                if (name.startsWith(beginning)) found.add(name);
                if (++seen == NAMES_LISTED) break;
            }
        } catch (IOException | DirectoryIteratorException e) {
            return found; // not ours to list, or deleted meanwhile
        }
        return found;
    }

    /** Has the names written to the storage. Some platforms and servers cannot, which is no reason to fail. */
    void sync() {
        try (FileChannel directory = FileChannel.open(path)) {
            directory.force(true);
        } catch (IOException e) {
            // Windows opens no directories, and FUSE servers refuse fsync; others see the name when they list it
        }
    }

    /** As root SQLite gives the -wal that it makes to the database's owner, who could not write otherwise. */
    private void giveToTheOwner() {
        try {
            PosixFileAttributes owner = Files.readAttributes(database, PosixFileAttributes.class);
            PosixFileAttributes now = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            PosixFileAttributeView view =
                    Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            if (!now.group().equals(owner.group())) view.setGroup(owner.group());
            if (!now.owner().equals(owner.owner())) view.setOwner(owner.owner());
        } catch (IOException | UnsupportedOperationException e) {
            // no database yet, no owners here, or not root: it stays ours
        }
    }

    /** Makes the folder if it is missing. */
    void make() throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) return;
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) return; // made by another process this moment
            throw new NotDirectoryException(path.toString());
        }
        letInWhoMayWriteTheDatabase();
    }

    /** Whoever may write the database must be able to leave a sign, as with the -wal that SQLite makes. */
    private void letInWhoMayWriteTheDatabase() {
        giveToTheOwner();
        try {
            Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
            for (PosixFilePermission each : Files.getPosixFilePermissions(database)) {
                permissions.add(each);
                PosixFilePermission enter = ENTER_WHAT_IS_READ.get(each);
                if (enter != null) permissions.add(enter);
            }
            permissions.addAll(EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE));
            Files.setPosixFilePermissions(path, permissions);
        } catch (IOException | UnsupportedOperationException e) {
            // no database yet, or no such permissions here: it keeps those that the system gave it
        }
    }
}
