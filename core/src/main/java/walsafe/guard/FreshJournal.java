package walsafe.guard;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * Asks the storage itself whether there is anything in the rollback journal. SQLite asks by {@code stat()} (os_unix.c,
 * unixAccess), and a client of NFS answers that from its attribute cache, for 3 to 60 seconds (nfs(5), "Data and metadata
 * coherence"). A journal that another host's process has left behind when it was killed is then empty to SQLite: it reads
 * the pages of half a transaction, writes upon them, and overwrites what would have undone them. In the lab that destroyed
 * the database (lab/notes/0002-hosts-die).
 *
 * <p>Opening a file asks the server, and renews what {@code stat()} will say; opening it so that it would be made asks also
 * where the cache says that there is none. So who has taken a lock looks here, and if there is something in the journal,
 * lets go and takes the lock once more: then SQLite sees it, and does what is right. A look without the lock would come
 * too early.
 *
 * <p>The database itself is never opened here; on the journal SQLite has no locks that closing it could drop.
 */
public final class FreshJournal {
    private final Path database;
    private final Path journal;

    /** @param database absolute, symbolic links resolved */
    public FreshJournal(Path database) {
        this.database = database;
        this.journal = database.resolveSibling(database.getFileName() + "-journal");
    }

    /**
     * Is there something in it? Costs an opening of one file. Makes an empty journal where there is none and one may be
     * made: that is how SQLite leaves it in the mode TRUNCATE.
     *
     * @return false also where it cannot be opened; who may not write there could not roll it back either
     */
    public boolean filled() {
        try (FileChannel opened = FileChannel.open(journal, StandardOpenOption.READ)) {
            return opened.size() > 0;
        } catch (NoSuchFileException none) {
            return filledOnceItIsMade();
        } catch (IOException e) {
            return false;
        }
    }

    /** Renews what {@code stat()} will say of it for the next moments, and makes nothing. */
    void renew() {
        try (FileChannel opened = FileChannel.open(journal, StandardOpenOption.READ)) {
            opened.size();
        } catch (IOException e) {
            // there is none, or it is not ours to read
        }
    }

    private boolean filledOnceItIsMade() {
        if (!Files.exists(database)) return false;
        try (FileChannel opened =
                FileChannel.open(journal, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            boolean filled = opened.size() > 0;
            if (!filled) giveToWhoeverMayWriteTheDatabase();
            return filled;
        } catch (IOException e) {
            return false;
        }
    }

    /** As SQLite makes it (os_unix.c, findCreateFileMode). */
    private void giveToWhoeverMayWriteTheDatabase() {
        try {
            PosixFileAttributes wanted = Files.readAttributes(database, PosixFileAttributes.class);
            PosixFileAttributeView view = Files.getFileAttributeView(journal, PosixFileAttributeView.class);
            PosixFileAttributes now = view.readAttributes();
            if (!now.permissions().equals(wanted.permissions())) view.setPermissions(wanted.permissions());
            if (!now.group().equals(wanted.group())) view.setGroup(wanted.group());
            if (!now.owner().equals(wanted.owner())) view.setOwner(wanted.owner());
        } catch (IOException | UnsupportedOperationException e) {
            // not ours to give, or no owners here: it stays as the system made it
        }
    }
}
