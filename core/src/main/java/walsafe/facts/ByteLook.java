package walsafe.facts;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import walsafe.child.Child;
import walsafe.format.DatabaseFile;

/**
 * Chooses who reads the bytes. Closing any descriptor of a file drops every lock that the process holds on it, so a database
 * that this process has open is read by a child, which costs 0.1 to 0.3 s. One that nobody here has open is read here,
 * in a millisecond: should SQLite open it meanwhile, {@link DatabaseFile} keeps its descriptor.
 *
 * <p>A kept descriptor is no matter on a disk of this machine. On network filesystems and FUSE it has a deleted file renamed
 * instead, or a lease held, so there a child reads whenever SQLite might come in between.
 */
final class ByteLook {
    /** Where a descriptor that is kept for a while is nobody else's business. */
    private static final Set<StorageClass> KEEPS_QUIETLY =
            EnumSet.of(StorageClass.LOCAL, StorageClass.VOLATILE, StorageClass.UNION, StorageClass.READ_ONLY);

    private static final Duration MOST = Duration.ofSeconds(30);
    private static final String OPEN_HERE = "it is open in this process";

    private final Path database;
    private final FileStatus status;
    private final Duration patience;

    private ByteLook(Path database, FileStatus status, Duration patience) {
        this.database = database;
        this.status = status;
        this.patience = patience.compareTo(MOST) > 0 ? MOST : patience;
    }

    /** @param patience for a child, whatever it waits for */
    static FileBytes at(Path database, FileStatus status, StorageClass kind, Duration patience) {
        ByteLook look = new ByteLook(database, status, patience);
        Optional<String> why = look.childsReason(kind);
        if (why.isPresent()) return look.byAChild(why.get());
        FileBytes bytes = FileSet.read(database, status);
        return bytes.openHere() ? look.byAChild(OPEN_HERE) : bytes; // opened since
    }

    /** Why these bytes are not for this process to read; empty if they are. */
    private Optional<String> childsReason(StorageClass kind) {
        if (!status.exists() && walBytes().isEmpty()) return Optional.empty();
        try {
            if (DatabaseFile.openHere(database)) return Optional.of(OPEN_HERE);
        } catch (IOException e) {
            return Optional.empty(); // it vanished, or changes: opening looks again, and refuses where it must
        }
        return KEEPS_QUIETLY.contains(kind) || !DatabaseFile.sqliteMayBeLoadedHere()
                ? Optional.empty()
                : Optional.of("it may be opened in this process at any moment");
    }

    private FileBytes byAChild(String why) {
        long start = System.nanoTime();
        try (Child child = Child.start(patience, ReadBytes.class)) {
            child.tell(ReadBytes.line(database));
            FileBytes bytes = RecordLines.read(FileBytes.class, answer(child, start));
            boolean vanished = status.exists() && bytes.content() == DatabaseFacts.Content.NONE;
            return vanished ? unread("it vanished while being looked at") : bytes;
        } catch (IOException | IllegalArgumentException e) {
            return unread(why + ", so that only a process of its own may read it, and that failed: "
                    + Objects.toString(e.getMessage(), e.getClass().getSimpleName()));
        }
    }

    private List<String> answer(Child child, long start) throws IOException {
        List<String> lines = new ArrayList<>();
        while (true) {
            Duration left = patience.minusNanos(System.nanoTime() - start);
            String line = child.hear(left.isNegative() ? Duration.ZERO : left);
            if (line.equals(ReadBytes.END)) return lines;
            lines.add(line);
        }
    }

    private FileBytes unread(String because) {
        return FileBytes.unread(status.exists(), walBytes(), because);
    }

    private OptionalLong walBytes() {
        return FileStatus.of(database.resolveSibling(database.getFileName() + DatabasePart.WAL.suffix()))
                .sizeBytes();
    }
}
