package walsafe.custody;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import walsafe.facts.DatabasePart;

/**
 * Finishes or reverts what an intent tells of, in a process of its own. Believes an intent only as far as what it finds
 * agrees: whose number the name has now decides, and whatever fits neither file is left as it is.
 */
final class Settling {
    private final Folder folder;
    private Optional<Locks> locks = Optional.empty(); // until this process ends

    Settling(Folder folder) {
        this.folder = folder;
    }

    /** An answer as {@link Keeper} has it. */
    String run() throws IOException {
        try {
            return settle();
        } catch (Undecidable e) {
            return Line.of("refused", String.valueOf(e.getMessage()));
        }
    }

    private static final class Undecidable extends Exception {
        private static final long serialVersionUID = 1L;

        Undecidable(String because) {
            super(because);
        }
    }

    private String settle() throws IOException, Undecidable {
        Path intent = folder.intent();
        if (!Files.exists(intent, LinkOption.NOFOLLOW_LINKS)) return "nothing";
        mustBeOurs(folder.root(), true);
        mustBeOurs(intent, false);
        try (FileChannel channel = FileChannel.open(
                intent, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            OptionalLong before = Identity.inode(intent);
            FileLock lock = channel.tryLock();
            if (lock == null) return "busy";
            if (before.isEmpty() || !before.equals(Identity.inode(intent))) return "nothing"; // settled meanwhile
            return settle(understood(channel));
        } catch (NoSuchFileException e) {
            return "nothing";
        }
    }

    /** A pipe would keep us waiting, a link could lead anywhere, and somebody else's word is not ours. */
    private void mustBeOurs(Path path, boolean directory) throws IOException, Undecidable {
        boolean right = directory
                ? Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                : Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        if (!right) throw new Undecidable(path + " is no " + (directory ? "directory" : "regular file"));
        Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        Object owners = Files.getAttribute(folder.database(), "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (owner.equals(0) || owner.equals(owners) || owner.equals(ownUser())) return;
        throw new Undecidable(path + " belongs to user " + owner + ", the database to user " + owners);
    }

    private static Object ownUser() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    private static Replacement understood(FileChannel channel) throws IOException, Undecidable {
        ByteBuffer bytes = ByteBuffer.allocate(Replacement.MAX_BYTES + 1);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            // Until there is no more.
        }
        try {
            return Replacement.decode(Arrays.copyOf(bytes.array(), bytes.position()));
        } catch (IOException e) {
            throw new Undecidable("the intent " + e.getMessage());
        }
    }

    private String settle(Replacement replacement) throws IOException, Undecidable {
        if (!replacement.database().equals(folder.database().getFileName().toString())) {
            throw new Undecidable("the intent speaks of a database called " + replacement.database());
        }
        OptionalLong living = Identity.inode(folder.database());
        if (living.equals(OptionalLong.of(replacement.fresh().inode()))) return finish(replacement);
        if (living.equals(OptionalLong.of(replacement.oldDatabase().inode()))) return revert(replacement);
        throw new Undecidable(
                "the database is neither the file that was to be replaced nor the one that was to replace it");
    }

    /** A -wal or a -journal that is there now belongs to the new file: the old ones went before it came. */
    private String finish(Replacement replacement) throws IOException {
        Durable.directory(folder.root().resolveSibling(""));
        forget();
        return Line.of("finished", replacement.set());
    }

    private String revert(Replacement replacement) throws IOException, Undecidable {
        Path set = folder.quarantine().resolve(replacement.set());
        List<DatabasePart> gone = gone(replacement, set);
        if (!gone.isEmpty()) {
            mustBeUntouched(replacement);
            for (DatabasePart part : gone) putBack(set.resolve(folder.name(part)), folder.live(part));
            Durable.directory(folder.root().resolveSibling(""));
        }
        takeBack(set, replacement);
        forget();
        return Line.of("reverted", replacement.set());
    }

    /** What had its name taken, every one still in quarantine as it was. */
    private List<DatabasePart> gone(Replacement replacement, Path set) throws IOException, Undecidable {
        List<DatabasePart> gone = new ArrayList<>();
        for (DatabasePart part : Folder.SET) {
            Optional<Identity> old = Optional.ofNullable(replacement.old().get(part));
            OptionalLong living = Identity.inode(folder.live(part));
            if (old.isEmpty() && living.isPresent()) throw cameSince(part);
            if (old.isEmpty() || living.equals(OptionalLong.of(old.get().inode()))) continue;
            if (living.isPresent()) {
                if (part != DatabasePart.DATABASE
                        && Files.isRegularFile(folder.live(part), LinkOption.NOFOLLOW_LINKS)
                        && Identity.of(folder.live(part)).sameBytes(old.get())) continue;
                throw cameSince(part);
            }
            Path kept = set.resolve(folder.name(part));
            if (!Files.isRegularFile(kept, LinkOption.NOFOLLOW_LINKS)
                    || !Identity.of(kept).sameBytes(old.get())) {
                throw new Undecidable(kept + " is not as it was kept");
            }
            gone.add(part);
        }
        return gone;
    }

    private Undecidable cameSince(DatabasePart part) {
        return new Undecidable("another program has made " + folder.live(part) + " since");
    }

    /** Locked from here on, so that nobody opens it without what is put back. */
    private void mustBeUntouched(Replacement replacement) throws IOException, Undecidable {
        Locks taken = Locks.on(folder);
        locks = Optional.of(taken);
        Optional<String> missing = taken.take();
        if (missing.isPresent())
            throw new Undecidable(
                    missing.get() + ", and that process sees the database without what was committed last");
        if (!Identity.of(folder.database(), locks.orElseThrow().database()).sameBytes(replacement.oldDatabase())) {
            throw new Undecidable("another program has written to the database since");
        }
    }

    private void putBack(Path kept, Path live) throws IOException {
        try {
            Files.createLink(live, kept);
        } catch (UnsupportedOperationException | FileSystemException e) {
            if (Files.exists(live, LinkOption.NOFOLLOW_LINKS)) throw e;
            Path whole = folder.root().resolve("back-" + UUID.randomUUID()); // the name never has half of it
            Files.copy(kept, whole, StandardCopyOption.COPY_ATTRIBUTES);
            Durable.file(whole);
            Files.move(whole, live, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /**
     * Everything in the set has its own name again, or never lost it, so nothing is lost with the second one. What is
     * something else stays, whatever the intent says.
     */
    private void takeBack(Path set, Replacement replacement) throws IOException {
        if (!Files.isDirectory(set, LinkOption.NOFOLLOW_LINKS)) return;
        boolean whole = Files.exists(set.resolve("MANIFEST"), LinkOption.NOFOLLOW_LINKS);
        boolean all = true;
        for (DatabasePart part : Folder.SET) {
            Path kept = set.resolve(folder.name(part));
            if (!Files.exists(kept, LinkOption.NOFOLLOW_LINKS)) continue;
            boolean second = !whole
                    || isSecond(
                            kept,
                            folder.live(part),
                            Optional.ofNullable(replacement.old().get(part)));
            if (second) Files.delete(kept);
            all &= second;
        }
        if (!all) return;
        Files.deleteIfExists(set.resolve("MANIFEST"));
        try {
            Files.delete(set);
        } catch (DirectoryNotEmptyException e) {
            // Somebody has put something of his own there.
        }
        Durable.directory(folder.quarantine());
    }

    private static boolean isSecond(Path kept, Path live, Optional<Identity> old) throws IOException {
        if (old.isEmpty() || Identity.inode(live).isEmpty()) return false;
        return Identity.inode(kept).equals(Identity.inode(live))
                || Identity.of(kept).sameBytes(old.get());
    }

    private void forget() throws IOException {
        Files.delete(folder.intent());
        Durable.directory(folder.root());
    }
}
