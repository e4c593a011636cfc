package walsafe.custody;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The directories in which an attempt works, {@code <db>-walsafe.d/staging/…}, each attempt in its own.
 *
 * <pre>
 *   try-UUID           a copy of the database that is tried; worth nothing once its attempt has ended
 *   kept-TIME-UUID     what is kept until the database is proved again; worth nothing once it is
 *   unresolved-…       the same, of an attempt that failed: only a person deletes it
 * </pre>
 *
 * Directories of others are removed only while SQLite's locks on the database are held, since no other attempt gets
 * so far then.
 */
public final class Staging {
    private static final String TRY = "try-";
    private static final String KEPT = "kept-";
    private static final String UNRESOLVED = "unresolved-";
    private static final int ATTEMPTS = 10; // another's clearing can come between the making of two directories
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

    private final Folder folder;
    private final List<Path> own = new ArrayList<>();

    /** Of one attempt on a database; makes nothing yet. */
    public Staging(Path database) {
        this.folder = new Folder(database);
    }

    /** A fresh empty directory to try something in. Removes those of attempts that were killed: hold the locks. */
    public Path trying() throws IOException {
        for (Path old : folders(TRY)) empty(old);
        return made(TRY + UUID.randomUUID());
    }

    /** A fresh empty directory for what is to be kept until the database is proved again. */
    public Path keeping() throws IOException {
        String time = TIME.format(Clock.systemUTC().instant().atOffset(ZoneOffset.UTC));
        return made(KEPT + time + "-" + UUID.randomUUID().toString().substring(0, 8));
    }

    private Path made(String name) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Folder.make(folder.root());
                Folder.make(folder.staging());
                Path made = Files.createDirectory(folder.staging().resolve(name));
                own.add(made);
                return made;
            } catch (NoSuchFileException e) {
                if (attempt == ATTEMPTS) throw e;
            }
        }
    }

    /** What attempts that failed have left, oldest first. */
    public List<Path> unresolved() throws IOException {
        return folders(UNRESOLVED);
    }

    /** Gives what this attempt has kept a name that no later attempt removes; where it is then, empty if nothing is. */
    public List<Path> failed() throws IOException {
        List<Path> left = new ArrayList<>();
        for (Path each : own) {
            String name = String.valueOf(each.getFileName());
            if (!name.startsWith(KEPT) || !Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) continue;
            left.add(Files.move(each, each.resolveSibling(UNRESOLVED + name.substring(KEPT.length()))));
        }
        return left;
    }

    /** The database is proved: what killed attempts have left goes too. Hold the locks. */
    public void done() throws IOException {
        for (String prefix : List.of(TRY, KEPT)) {
            for (Path old : folders(prefix)) empty(old);
        }
        leaveLocked();
    }

    /** Removes what this attempt has made, and the folders of ours that are empty then. Hold the locks. */
    public void leaveLocked() throws IOException {
        for (Path each : own) empty(each);
        for (Path each : List.of(folder.staging(), folder.quarantine(), folder.root())) removeIfEmpty(each);
    }

    /** The same without locks: a quarantine that is empty may be another's, who is about to fill it. */
    public void leave() throws IOException {
        for (Path each : own) empty(each);
        if (own.isEmpty()) return;
        for (Path each : List.of(folder.staging(), folder.root())) removeIfEmpty(each);
    }

    private List<Path> folders(String prefix) throws IOException {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(folder.staging(), LinkOption.NOFOLLOW_LINKS)) return found;
        try (DirectoryStream<Path> names = Files.newDirectoryStream(folder.staging(), prefix + "*")) {
            for (Path each : names) if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) found.add(each);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        found.sort(null);
        return found;
    }

    private static void empty(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) return;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path each : files.toList()) Files.deleteIfExists(each);
        } catch (NoSuchFileException e) {
            return;
        }
        removeIfEmpty(directory);
    }

    private static void removeIfEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) return;
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            // Somebody has something there.
        }
    }
}
