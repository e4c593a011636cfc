package walsafe.format;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The one descriptor that walsafe has of an inode, shared by all who read it.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>A descriptor is opened only while no other descriptor of its inode exists in this process.
 *   <li>It is closed only while no other descriptor of its inode exists in this process. One that may not be closed is
 *       kept, and looked at again when the file is next read.
 *   <li>At most one per inode, so that any other that is found is somebody else's, perhaps SQLite's.
 * </ol>
 *
 * <p>It is a {@link RandomAccessFile}, since a {@code FileChannel} is closed behind our back when a reading thread is
 * interrupted, and the ledger refers to it, since garbage collection would close it too. Whoever holds this object's
 * monitor may take the ledger's, never the other way round.
 */
final class Descriptor {
    private final Object identity;
    private final Path path;
    private volatile Optional<RandomAccessFile> file = Optional.empty(); // written under this object's monitor
    private int users; // guarded by the ledger's monitor

    Descriptor(Object identity, Path path) {
        this.identity = identity;
        this.path = path;
    }

    Object identity() {
        return identity;
    }

    /** By which the first reader came, its links resolved. */
    Path path() {
        return path;
    }

    static Descriptor borrow(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) throw new DatabaseFile.Refused("it is not a regular file");
        Object identity = Ledger.identity(path, attributes);
        Descriptor descriptor = Ledger.reading(path, identity);
        try {
            descriptor.open(path);
        } catch (FileNotFoundException e) {
            Ledger.read(descriptor);
            // Java has one exception for "no such file" and "permission denied" here.
            throw Files.exists(path) ? e : new NoSuchFileException(path.toString());
        } catch (IOException | RuntimeException e) {
            Ledger.read(descriptor);
            throw e;
        }
        return descriptor;
    }

    private synchronized void open(Path path) throws IOException {
        if (!alone()) {
            throw new DatabaseFile.Refused(
                    "it is open in this process, and reading it here would drop SQLite's locks on it");
        }
        if (file.isEmpty()) file = Optional.of(new RandomAccessFile(path.toFile(), "r"));
    }

    synchronized long length() throws IOException {
        return opened().length();
    }

    /** How many bytes could be had. */
    synchronized int read(long offset, byte[] into) throws IOException {
        RandomAccessFile opened = opened();
        opened.seek(offset);
        int had = 0;
        while (had < into.length) {
            int more = opened.read(into, had, into.length - had);
            if (more < 0) break;
            had += more;
        }
        return had;
    }

    void giveBack() throws IOException {
        try {
            closeIfLast();
        } finally {
            Ledger.read(this);
        }
    }

    private synchronized void closeIfLast() throws IOException {
        if (users() > 1 || !alone()) return;
        RandomAccessFile opened = opened();
        file = Optional.empty();
        opened.close();
    }

    private RandomAccessFile opened() throws IOException {
        return file.orElseThrow(() -> new IOException("it was closed"));
    }

    /** Is ours the only descriptor of the inode in this process; false if that cannot be told. */
    private boolean alone() {
        if (Descriptors.closingDropsNoLocks()) return true;
        OptionalInt all = Descriptors.of(identity);
        if (all.isPresent()) return all.getAsInt() == (file.isPresent() ? 1 : 0);
        return !Descriptors.sqliteMayBeLoaded();
    }

    boolean isOpen() {
        return file.isPresent();
    }

    int users() {
        synchronized (Ledger.MONITOR) {
            return users;
        }
    }

    void count(int change) {
        synchronized (Ledger.MONITOR) {
            users += change;
        }
    }
}
