package walsafe.format;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * A file of a database (the database, its -wal, -shm or -journal) read as bytes, without SQLite. Safe on a file that
 * another process has open.
 *
 * <p><b>Not</b> on a file that SQLite has open in <em>this</em> process: POSIX drops every lock that a process holds on
 * a file when the process closes any descriptor of it (howtocorrupt.html, section 2.2), and SQLite's locks are such
 * locks. {@link #open} therefore refuses, also through a hard link or a symbolic link. Should SQLite open the file here
 * while it is being read, {@link #close} leaves the descriptor open until SQLite has let go, however long that is.
 *
 * <p>Reads are bounded and positional; nothing is mapped, nothing is written. Threads may share it.
 */
public final class DatabaseFile implements ByteSource, Closeable {
    /** Most that one {@link #read} returns. */
    public static final int MAX_READ_BYTES = 1 << 22; // 4 MiB

    private final Descriptor descriptor;
    private boolean closed;

    private DatabaseFile(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Why a file is not opened although it could be; the message is a clause that can follow "not read:". */
    public static class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String because) {
            super(because);
        }
    }

    /** It is open in this process, so only another process may read it as bytes. */
    public static final class OpenHere extends Refused {
        private static final long serialVersionUID = 1;

        OpenHere() {
            super("it is open in this process, and reading it here would drop SQLite's locks on it");
        }
    }

    /**
     * Is the database, or a file beside it, open in this process by anybody but a reader of ours; also true if that cannot
     * be told. Asks, and opens nothing. By the time of the answer it may be out of date, so {@link #open} looks again.
     */
    public static boolean openHere(Path database) throws IOException {
        if (Descriptors.closingDropsNoLocks()) return false;
        if (Ledger.isOpenThroughSqlite(database)) return true;
        for (String suffix : Ledger.SUFFIXES) {
            Path part = database.resolveSibling(database.getFileName() + suffix);
            if (Files.exists(part)
                    && Descriptors.mayBeOpenByOthers(
                            Ledger.identity(part, Files.readAttributes(part, BasicFileAttributes.class)))) return true;
        }
        return false;
    }

    /** How many descriptors walsafe has of this file in this process at this moment, in whatever class loader. */
    public static int ownDescriptors(Path path) {
        try {
            return OwnDescriptors.of(Ledger.identity(path, Files.readAttributes(path, BasicFileAttributes.class)));
        } catch (IOException e) {
            return 0; // there is no such file
        }
    }

    /**
     * Does something while walsafe, in whatever class loader, neither opens nor closes a descriptor of this file in this
     * process: only so can listed descriptors be compared with their number. Must not take long, nor open the file.
     *
     * @param look is told how many walsafe has; not called if there is no such file
     */
    public static void whileOursStay(Path path, IntConsumer look) {
        Object identity;
        try {
            identity = Ledger.identity(path, Files.readAttributes(path, BasicFileAttributes.class));
        } catch (IOException e) {
            return; // there is no such file
        }
        synchronized (OwnDescriptors.turn(identity)) {
            look.accept(OwnDescriptors.of(identity));
        }
    }

    /**
     * May SQLite open a database in this process at any moment, because its library is loaded; also true if that cannot be
     * told. Where it is false, a file that is not open here will not be while it is read.
     */
    public static boolean sqliteMayBeLoadedHere() {
        return Descriptors.sqliteMayBeLoaded();
    }

    /**
     * Opens for reading only. Follows symbolic links. Costs a stat of each descriptor of this process.
     *
     * @throws OpenHere if SQLite in this process has it open or may have it open
     * @throws Refused if it is no regular file (opening a pipe would wait for its writer)
     * @throws IOException if it is missing or may not be read
     */
    public static DatabaseFile open(Path path) throws IOException {
        return new DatabaseFile(Descriptor.borrow(path));
    }

    /** Size at this moment. */
    @Override
    public long sizeBytes() throws IOException {
        return descriptor.length();
    }

    /**
     * Bytes from an offset on; fewer than asked for where the file ends, none behind its end.
     *
     * @param length 0 to {@link #MAX_READ_BYTES}
     */
    public byte[] read(long offset, int length) throws IOException {
        if (offset < 0) throw new IllegalArgumentException("offset must be 0 or more, was " + offset);
        if (length < 0 || length > MAX_READ_BYTES) {
            throw new IllegalArgumentException("length must be 0 to " + MAX_READ_BYTES + ", was " + length);
        }
        byte[] bytes = new byte[length];
        return Arrays.copyOf(bytes, descriptor.read(offset, bytes, 0, length));
    }

    /** Into an array of the caller's, as many bytes as it likes; otherwise like the other {@link #read}. */
    @Override
    public int read(long offset, byte[] into, int at, int length) throws IOException {
        if (offset < 0) throw new IllegalArgumentException("offset must be 0 or more, was " + offset);
        Objects.checkFromIndexSize(at, length, into.length);
        return descriptor.read(offset, into, at, length);
    }

    /** The database header; empty if the file is too short for one or does not begin with SQLite's magic. */
    public Optional<Header> header() throws IOException {
        return Header.decode(read(0, Header.SIZE_BYTES));
    }

    /** Lets go of the file. Never drops a lock of SQLite's. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) return;
        closed = true;
        descriptor.giveBack();
    }
}
