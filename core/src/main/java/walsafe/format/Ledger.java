package walsafe.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which database files this process reads as bytes, and which it has open through SQLite; never one file both ways at
 * once. Who opens a database through SQLite registers it first; {@link DatabaseFile} asks here before it opens.
 *
 * <p>The ledger knows only who registers. Programs that use SQLite without walsafe are found by their descriptors
 * (Linux) or by their library (elsewhere).
 */
public final class Ledger {
    /** Guards the fields below and the counts of users. Never held while a file is opened, read or asked. */
    static final Object MONITOR = new Object();

    private static final Map<Object, Descriptor> READ_AS_BYTES = new HashMap<>();
    private static final List<Opening> OPEN_THROUGH_SQLITE = new ArrayList<>();
    static final List<String> SUFFIXES = List.of("", "-wal", "-shm", "-journal");

    private static volatile boolean withoutSqlite;

    private Ledger() {}

    /** Said by a child of ours, before anything else: no SQLite runs in this process, and none will. */
    public static void thisProcessHasNoSqlite() {
        withoutSqlite = true;
    }

    static boolean withoutSqlite() {
        return withoutSqlite;
    }

    /** A database that this process has open through SQLite, until it is closed. Closing twice is harmless. */
    public static final class Opening implements AutoCloseable {
        private final Path database;
        private final Object identity;

        private Opening(Path database, Object identity) {
            this.database = database;
            this.identity = identity;
        }

        private boolean covers(Path path, Object otherIdentity) {
            if (identity.equals(otherIdentity)) return true;
            return SUFFIXES.stream()
                    .anyMatch(suffix -> path.equals(database.resolveSibling(database.getFileName() + suffix)));
        }

        /** Is this the only one of the database in this process? */
        public boolean alone() {
            synchronized (MONITOR) {
                return OPEN_THROUGH_SQLITE.stream()
                        .noneMatch(other -> other != this && other.covers(database, identity));
            }
        }

        /** To be called after SQLite has closed its last connection to the database. */
        @Override
        public void close() {
            synchronized (MONITOR) {
                OPEN_THROUGH_SQLITE.remove(this);
            }
        }
    }

    /**
     * Registers a database that SQLite is about to open in this process; it need not exist yet.
     *
     * @throws DatabaseFile.Refused if bytes of it are being read here at this moment: try again when they have been
     */
    public static Opening openingThroughSqlite(Path database) throws IOException {
        Path path = real(database);
        Object identity =
                Files.exists(path) ? identity(path, Files.readAttributes(path, BasicFileAttributes.class)) : path;
        Opening opening = new Opening(path, identity);
        synchronized (MONITOR) {
            for (Descriptor reading : READ_AS_BYTES.values()) {
                if (reading.users() > 0 && opening.covers(reading.path(), reading.identity())) {
                    throw new DatabaseFile.Refused("its bytes are being read in this process at this moment");
                }
            }
            OPEN_THROUGH_SQLITE.add(opening);
        }
        return opening;
    }

    /** Has walsafe, of this class loader, this database open through SQLite. */
    static boolean isOpenThroughSqlite(Path database) throws IOException {
        Path path = real(database);
        Object identity =
                Files.exists(path) ? identity(path, Files.readAttributes(path, BasicFileAttributes.class)) : path;
        synchronized (MONITOR) {
            return isOpenThroughSqlite(path, identity);
        }
    }

    private static boolean isOpenThroughSqlite(Path path, Object identity) {
        return OPEN_THROUGH_SQLITE.stream().anyMatch(opening -> opening.covers(path, identity));
    }

    /** Device and inode; where the platform has none, the path with its links resolved. */
    static Object identity(Path path, BasicFileAttributes attributes) throws IOException {
        Object key = attributes.fileKey();
        return key == null ? path.toRealPath() : key;
    }

    /** The descriptor for somebody who wants to read the file as bytes; it may not be open yet. */
    static Descriptor reading(Path path, Object identity) throws IOException {
        Path real = real(path);
        synchronized (MONITOR) {
            if (isOpenThroughSqlite(real, identity)) throw new DatabaseFile.OpenHere();
            Descriptor descriptor = READ_AS_BYTES.computeIfAbsent(identity, id -> new Descriptor(id, real));
            descriptor.count(1);
            return descriptor;
        }
    }

    /** Counts somebody who comes back to a descriptor that was kept; false if SQLite of ours has the file open now. */
    static boolean readingAgain(Descriptor descriptor) {
        synchronized (MONITOR) {
            if (isOpenThroughSqlite(descriptor.path(), descriptor.identity())) return false;
            descriptor.count(1);
            return true;
        }
    }

    /** One reader less. A descriptor that could not be closed stays, so that nothing else closes it either. */
    static void read(Descriptor descriptor) {
        synchronized (MONITOR) {
            descriptor.count(-1);
            if (descriptor.users() == 0 && !descriptor.isOpen()) READ_AS_BYTES.remove(descriptor.identity());
        }
    }

    private static Path real(Path path) throws IOException {
        return Files.exists(path) ? path.toRealPath() : path.toAbsolutePath().normalize();
    }
}
