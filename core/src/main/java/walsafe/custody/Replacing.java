package walsafe.custody;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import walsafe.facts.DatabasePart;
import walsafe.finding.Problem;
import walsafe.words.Amount;

/** One replacement, step by step, in the process that holds the locks. Every step is durable when it returns. */
final class Replacing {
    private static final long MARGIN_BYTES = 1 << 20; // for directories, the manifest and the intent

    private final Locks locks;
    private final Folder folder;
    private final Path proved;
    private final Path set;
    private final boolean linking;
    private final Replacement replacement;
    private Optional<FileChannel> intent = Optional.empty(); // open, and so locked, until this process ends

    private Replacing(Locks locks, Path proved, Path set, boolean linking, Replacement replacement) {
        this.locks = locks;
        this.folder = locks.folder();
        this.proved = proved;
        this.set = set;
        this.linking = linking;
        this.replacement = replacement;
    }

    /** Looks at everything that could be in the way, while nothing has been changed but empty directories. */
    static Replacing prepare(Locks locks, Path proved, String setName) throws IOException, Refusal {
        Folder folder = locks.folder();
        mustBeOneFile(folder.database());
        mustBeOneFile(proved);
        if (!attribute(proved, "unix:dev").equals(attribute(folder.database(), "unix:dev"))) {
            throw new Refusal(
                    Problem.SPLIT_SET, proved + " lies on another filesystem, so it cannot take the name in one step");
        }
        Rights.give(folder.database(), proved);
        Durable.file(proved);
        Folder.make(folder.root());
        Folder.make(folder.quarantine());
        removeDrafts(folder);
        boolean linking = linksWork(folder, proved);
        Replacement replacement = new Replacement(
                System.currentTimeMillis(),
                Identity.of(proved),
                old(locks),
                setName,
                folder.database().getFileName().toString());
        if (!linking) mustHaveRoom(folder, replacement);
        return new Replacing(locks, proved, folder.quarantine().resolve(setName), linking, replacement);
    }

    private static void mustBeOneFile(Path path) throws IOException, Refusal {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new Refusal(Problem.NOT_A_DATABASE, path + " is no regular file");
        }
        int names = attribute(path, "unix:nlink").intValue();
        if (names != 1) throw new Refusal(Problem.HARD_LINKED, path + " has " + names + " names");
    }

    private static Number attribute(Path path, String name) throws IOException {
        return (Number) Files.getAttribute(path, name, LinkOption.NOFOLLOW_LINKS);
    }

    /** Of processes that died before their intent had its name; while we have the locks there is no other. */
    private static void removeDrafts(Folder folder) throws IOException {
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder.root(), "{intent,try,back}-*")) {
            for (Path draft : drafts) {
                if (Files.isRegularFile(draft, LinkOption.NOFOLLOW_LINKS)) Files.delete(draft);
            }
        }
    }

    private static boolean linksWork(Folder folder, Path proved) throws IOException {
        Path second = folder.root().resolve("try-" + UUID.randomUUID());
        try {
            Files.createLink(second, proved);
            Files.delete(second);
            return true;
        } catch (UnsupportedOperationException | FileSystemException e) {
            return false; // vfat, exFAT, some shares
        }
    }

    private static Map<DatabasePart, Identity> old(Locks locks) throws IOException, Refusal {
        Map<DatabasePart, Identity> old = new EnumMap<>(DatabasePart.class);
        Folder folder = locks.folder();
        old.put(DatabasePart.DATABASE, Identity.of(folder.database(), locks.database()));
        for (DatabasePart part : new DatabasePart[] {DatabasePart.WAL, DatabasePart.JOURNAL}) {
            Path live = folder.live(part);
            if (Files.exists(live, LinkOption.NOFOLLOW_LINKS)) mustBeOneFile(live); // a pipe would keep us waiting
            try {
                old.put(part, Identity.of(live));
            } catch (NoSuchFileException e) {
                // Then it is no part of the set.
            }
        }
        return old;
    }

    private static void mustHaveRoom(Folder folder, Replacement replacement) throws IOException, Refusal {
        long needed = MARGIN_BYTES;
        for (Identity each : replacement.old().values()) needed += each.sizeBytes();
        long free = Files.getFileStore(folder.root()).getUsableSpace();
        if (free >= needed) return;
        throw new Refusal(
                Problem.DISK_NEARLY_FULL,
                "keeping the old files needs " + Amount.bytes(needed)
                        + " here, since this filesystem has no hard links; " + Amount.bytes(free) + " are free");
    }

    void take(Step step) throws IOException {
        switch (step) {
            case INTEND -> intend();
            case QUARANTINE -> quarantine();
            case STRIP -> strip();
            case RENAME -> rename();
            case FORGET -> forget();
        }
    }

    /** Whoever can lock an intent knows that its writer is dead; so it is locked before it has its name. */
    private void intend() throws IOException {
        Path draft = folder.root().resolve("intent-" + UUID.randomUUID());
        FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        intent = Optional.of(channel);
        FileLock lock = channel.tryLock();
        if (lock == null) throw new IOException(draft + " could not be locked");
        Durable.writeFully(channel, replacement.encode());
        if (Files.exists(folder.intent(), LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(draft);
            throw new IOException("there is an intent already");
        }
        Files.move(draft, folder.intent(), StandardCopyOption.ATOMIC_MOVE);
        Durable.directory(folder.root());
    }

    private void quarantine() throws IOException {
        Files.createDirectory(set);
        StringBuilder manifest =
                new StringBuilder("# walsafe: kept before " + folder.database().getFileName() + " was replaced, "
                        + Instant.ofEpochMilli(replacement.atMillis()) + "\n# sha256 bytes inode name\n");
        for (Map.Entry<DatabasePart, Identity> each : replacement.old().entrySet()) {
            keep(each.getKey(), each.getValue());
            manifest.append("%s %d %d %s%n"
                    .formatted(
                            each.getValue().sha256(),
                            each.getValue().sizeBytes(),
                            each.getValue().inode(),
                            folder.name(each.getKey())));
        }
        Durable.write(set.resolve("MANIFEST"), manifest.toString().getBytes(UTF_8));
        Durable.directory(set);
        Durable.directory(folder.quarantine());
    }

    private void keep(DatabasePart part, Identity identity) throws IOException {
        Path kept = set.resolve(folder.name(part));
        if (linking) {
            Files.createLink(kept, folder.live(part));
            return;
        }
        copy(part, kept);
        if (!Identity.of(kept).sameBytes(identity)) throw new IOException(kept + " did not become what was copied");
    }

    /** The database through its one descriptor. */
    private void copy(DatabasePart part, Path kept) throws IOException {
        if (part != DatabasePart.DATABASE) {
            Files.copy(folder.live(part), kept, StandardCopyOption.COPY_ATTRIBUTES);
            Durable.file(kept);
            return;
        }
        try (FileChannel out = FileChannel.open(kept, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            long size = locks.database().size();
            for (long at = 0; at < size; ) at += locks.database().transferTo(at, size - at, out);
            out.force(true);
        }
    }

    private void strip() throws IOException {
        for (DatabasePart part : new DatabasePart[] {DatabasePart.WAL, DatabasePart.JOURNAL, DatabasePart.SHM}) {
            mustBeAsKept(part);
            Files.deleteIfExists(folder.live(part));
        }
        Durable.directory(folder.root().resolveSibling(""));
    }

    /** What came since is in no quarantine. */
    private void mustBeAsKept(DatabasePart part) throws IOException {
        if (part == DatabasePart.SHM) return;
        OptionalLong living = Identity.inode(folder.live(part));
        Optional<Identity> kept = Optional.ofNullable(replacement.old().get(part));
        if (living.isPresent()
                && kept.map(Identity::inode)
                        .filter(inode -> inode == living.getAsLong())
                        .isEmpty()) {
            throw new IOException(folder.live(part) + " has come meanwhile");
        }
    }

    private void rename() throws IOException {
        OptionalLong living = Identity.inode(folder.database());
        if (living.isEmpty() || living.getAsLong() != replacement.oldDatabase().inode()) {
            throw new IOException(folder.database() + " is another file now");
        }
        Files.move(proved, folder.database(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Durable.directory(folder.root().resolveSibling(""));
    }

    private void forget() throws IOException {
        if (!intent.orElseThrow().isOpen()) throw new IOException("the intent was not locked to the end");
        Files.delete(folder.intent());
        Durable.directory(folder.root());
    }
}
