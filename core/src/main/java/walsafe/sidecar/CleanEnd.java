package walsafe.sidecar;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import walsafe.facts.Facts;
import walsafe.facts.Signs;
import walsafe.format.DatabaseFile;
import walsafe.format.Header;
import walsafe.format.Journal;

/**
 * The stamp of a clean end: an empty file whose name says what the database looked like when its last guard had closed.
 * If it still looks so, nobody has written since, and it need not be checked for the traces of a crash.
 *
 * <pre>
 * closed.INODE.SIZE.MTIME.CTIME.CHANGE.VALID[.bBOOT]      all in hexadecimal
 *   INODE   of the database file; 0 where the platform has none
 *   SIZE    in bytes
 *   MTIME   in nanoseconds since 1970
 *   CTIME   when its bytes or its inode changed, in nanoseconds; no program can set it, so bytes put in place by
 *           cp -p or rsync -t do not pass for the old ones; 0 where the platform has none
 *   CHANGE  the change counter, header bytes 24 to 27               (fileformat2, 1.3.6)
 *   VALID   the version-valid-for number, header bytes 92 to 95     (fileformat2, 1.3.16)
 *   BOOT    the first 8 digits of the boot id, if commits need not survive a power cut; the stamp ends with that boot
 * </pre>
 *
 * <p>It is made only while there is neither a -wal nor a journal that is not at rest, and it counts only then. It says
 * nothing about whether the database was sound.
 */
public final class CleanEnd {
    private static final String BEGINNING = "closed.";

    private CleanEnd() {}

    /**
     * Is there a stamp, and does the database look as it says? Costs two or three looks at names; opens nothing.
     *
     * @param facts gathered before, with the header; if somebody has written since, the time of the file says so
     */
    public static boolean proved(Path database, Facts facts) {
        Optional<Header> header = facts.database().header();
        boolean journalAtRest = facts.database()
                .journal()
                .map(journal -> !journal.headerValid())
                .orElse(true);
        if (header.isEmpty() || !journalAtRest) return false;
        try {
            String expected = name(database, header.get());
            String thisBoot = expected + inBoot(Signs.boot(facts.host()));
            boolean bootKnown = facts.host().bootId().isPresent();
            return !hasWal(database)
                    && Files.isWritable(Folder.path(database))
                    && Folder.of(database).names(BEGINNING).stream()
                            .anyMatch(name -> name.equals(expected) || (bootKnown && name.equals(thisBoot)));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Removes every stamp: from now on somebody may write. Does nothing where there is none. One that this user may not
     * remove stays, and is no reason not to open: whoever may not remove stamps does not believe them either.
     */
    public static void forget(Path database) throws IOException {
        Folder folder = Folder.of(database);
        for (String name : folder.names(BEGINNING)) {
            try {
                folder.remove(name);
            } catch (AccessDeniedException | DirectoryNotEmptyException e) {
                // another user's, or a folder that somebody named so
            }
        }
    }

    /**
     * Stamps the database as it is now. To be called after SQLite has closed it in this process; where somebody else has
     * it open, what they write voids the stamp. Reads 128 bytes through {@link DatabaseFile}, which refuses while this
     * process has the file open through SQLite, so that no lock is lost. Never waits.
     *
     * @param survivesPowerCut were its commits synchronised to storage that keeps what it was given
     * @return was it stamped; false if its state does not allow one, or if bytes could not be read
     * @throws IOException if the folder cannot be written
     */
    public static boolean stamp(Path database, Facts facts, boolean survivesPowerCut) throws IOException {
        String boot = Signs.boot(facts.host());
        if (!survivesPowerCut && facts.host().bootId().isEmpty()) return false;
        Optional<String> state = state(database);
        if (state.isEmpty()) return false;
        String name = state.get() + (survivesPowerCut ? "" : inBoot(boot));
        Folder folder = Folder.of(database);
        for (String old : folder.names(BEGINNING)) if (!old.equals(name)) folder.remove(old);
        try {
            folder.add(name);
        } catch (FileAlreadyExistsException e) {
            return true;
        }
        return true;
    }

    /** The state at rest, the same before and after its bytes were read; empty if it is not at rest. */
    private static Optional<String> state(Path database) {
        try {
            Optional<Header> header = header(database);
            if (header.isEmpty() || hasWal(database) || !journalAtRest(database)) return Optional.empty();
            String before = name(database, header.get());
            boolean steady = header(database).equals(header)
                    && name(database, header.get()).equals(before);
            return steady ? Optional.of(before) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // open here otherwise, gone, or not ours to read: then nothing is claimed
        }
    }

    private static Optional<Header> header(Path database) throws IOException {
        try (DatabaseFile file = DatabaseFile.open(database)) {
            return file.header();
        }
    }

    private static boolean journalAtRest(Path database) throws IOException {
        Path journal = database.resolveSibling(database.getFileName() + "-journal");
        try (DatabaseFile file = DatabaseFile.open(journal)) {
            return !Journal.read(file).headerValid();
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private static boolean hasWal(Path database) {
        return Files.exists(database.resolveSibling(database.getFileName() + "-wal"), LinkOption.NOFOLLOW_LINKS);
    }

    private static String name(Path database, Header header) throws IOException {
        BasicFileAttributes seen = Files.readAttributes(database, BasicFileAttributes.class);
        return BEGINNING
                + String.join(
                        ".",
                        Long.toHexString(inode(database)),
                        Long.toHexString(seen.size()),
                        Long.toHexString(seen.lastModifiedTime().to(TimeUnit.NANOSECONDS)),
                        Long.toHexString(changed(database)),
                        Long.toHexString(header.changeCounter()),
                        Long.toHexString(header.versionValidFor()));
    }

    private static String inBoot(String boot) {
        return ".b" + boot;
    }

    private static long inode(Path database) throws IOException {
        return unix(database) && Files.getAttribute(database, "unix:ino") instanceof Long inode ? inode : 0;
    }

    private static long changed(Path database) throws IOException {
        return unix(database) && Files.getAttribute(database, "unix:ctime") instanceof FileTime time
                ? time.to(TimeUnit.NANOSECONDS)
                : 0;
    }

    private static boolean unix(Path database) {
        return database.getFileSystem().supportedFileAttributeViews().contains("unix");
    }
}
