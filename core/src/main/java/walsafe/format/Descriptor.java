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
 * The one descriptor that this walsafe has of an inode, shared by all who read it.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>A descriptor is opened only while nobody but walsafe has one of its inode in this process.
 *   <li>It is closed only while nobody but walsafe has one of its inode in this process. One that may not be closed is
 *       {@link Kept} until it may.
 *   <li>Each is counted in {@link OwnDescriptors}, so that any other that is found is somebody else's, perhaps SQLite's.
 * </ol>
 *
 * <p>The look whether it is alone and the opening or closing after it are one turn, which only one walsafe of the JVM
 * has at a time. SQLite does not wait for turns: one that opens the file <em>and</em> takes a lock between the look and the
 * closing, some microseconds, would lose that lock. Nothing inside one process can exclude that; {@link Ledger} excludes
 * it for the SQLite that walsafe itself opens.
 *
 * <p>It is a {@link RandomAccessFile}, since a {@code FileChannel} is closed behind our back when a reading thread is
 * interrupted, and the ledger refers to it, since garbage collection would close it too. Whoever has the turn may take
 * this object's monitor and then the ledger's, never the other way round.
 */
final class Descriptor {
    private static final int MOST_REPLACEMENTS = 3;

    // Made before the first descriptor, since the jar may be gone when the first one has to be kept.
    private static final Kept KEPT = new Kept();

    private final Object identity;
    private final Path path;
    private final Object turn;
    private volatile Optional<RandomAccessFile> file = Optional.empty(); // written in turn and under this monitor
    private int users; // guarded by the ledger's monitor

    Descriptor(Object identity, Path path) {
        this.identity = identity;
        this.path = path;
        this.turn = OwnDescriptors.turn(identity);
    }

    Object identity() {
        return identity;
    }

    /** By which the first reader came, its links resolved. */
    Path path() {
        return path;
    }

    static Descriptor borrow(Path path) throws IOException {
        for (int replaced = 0; replaced < MOST_REPLACEMENTS; replaced++) {
            Optional<Descriptor> descriptor = tryToBorrow(path);
            if (descriptor.isPresent()) return descriptor.get();
        }
        throw new DatabaseFile.Refused("other files keep being put in its place");
    }

    /** Empty if another file was put in its place between the asking and the opening. */
    private static Optional<Descriptor> tryToBorrow(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) throw new DatabaseFile.Refused("it is not a regular file");
        Object identity = Ledger.identity(path, attributes);
        Descriptor descriptor = Ledger.reading(path, identity);
        try {
            if (descriptor.opens(path)) return Optional.of(descriptor);
            Ledger.read(descriptor);
            return Optional.empty();
        } catch (FileNotFoundException e) {
            Ledger.read(descriptor);
            // Java has one exception for "no such file" and "permission denied" here.
            throw Files.exists(path) ? e : new NoSuchFileException(path.toString());
        } catch (IOException | RuntimeException e) {
            Ledger.read(descriptor);
            throw e;
        }
    }

    private boolean opens(Path path) throws IOException {
        RandomAccessFile opened;
        synchronized (turn) {
            if (Descriptors.mayBeOpenByOthers(identity)) throw new DatabaseFile.OpenHere();
            if (file.isPresent()) return true;
            opened = new RandomAccessFile(path.toFile(), "r");
            OptionalInt all = Descriptors.of(identity);
            if (all.isEmpty() || all.getAsInt() > OwnDescriptors.of(identity)) {
                hold(opened);
                return true;
            }
        }
        letGoOfAnother(opened, path); // no turn inside another
        return false;
    }

    /** What was opened is not the inode that was asked about, and may be one that SQLite has open. */
    private static void letGoOfAnother(RandomAccessFile opened, Path path) throws IOException {
        Object other;
        try {
            other = Ledger.identity(path, Files.readAttributes(path, BasicFileAttributes.class));
        } catch (IOException e) {
            KEPT.forEver(opened);
            throw e;
        }
        synchronized (OwnDescriptors.turn(other)) {
            OptionalInt all = Descriptors.of(other);
            if (all.isPresent() && all.getAsInt() == OwnDescriptors.of(other) + 1) opened.close();
            else KEPT.forEver(opened);
        }
    }

    private void hold(RandomAccessFile opened) {
        file = Optional.of(opened);
        OwnDescriptors.opened(identity);
    }

    synchronized long length() throws IOException {
        return opened().length();
    }

    /** How many bytes could be had. */
    synchronized int read(long offset, byte[] into, int at, int length) throws IOException {
        RandomAccessFile opened = opened();
        opened.seek(offset);
        int had = 0;
        while (had < length) {
            int more = opened.read(into, at + had, length - had);
            if (more < 0) break;
            had += more;
        }
        return had;
    }

    void giveBack() throws IOException {
        try {
            closeIfAlone();
        } finally {
            Ledger.read(this);
            if (isOpen() && users() == 0) KEPT.keep(this);
        }
    }

    /** Is it closed now? Asked again and again of one that could not be closed before. */
    boolean releasedAtLast() {
        if (!Ledger.readingAgain(this)) return false;
        try {
            closeIfAlone();
        } catch (IOException e) {
            return true; // the system has let go of it all the same
        } finally {
            Ledger.read(this);
        }
        return !isOpen();
    }

    /** To be called while counted as a user, so that the ledger lets no SQLite of ours in meanwhile. */
    private void closeIfAlone() throws IOException {
        synchronized (turn) {
            synchronized (this) {
                if (file.isEmpty() || users() > 1 || Descriptors.mayBeOpenByOthers(identity)) return;
                RandomAccessFile opened = opened();
                file = Optional.empty();
                OwnDescriptors.closing(identity);
                opened.close();
            }
        }
    }

    private RandomAccessFile opened() throws IOException {
        return file.orElseThrow(() -> new IOException("it was closed"));
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
