package walsafe.transfer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import walsafe.facts.Facts;
import walsafe.facts.Neighbours;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;

/**
 * A copy in the making, under a name of its own beside the target. It gets the target's name when it was proved, in one
 * step that fails if there is such a file. Whoever else makes the same copy is kept out: in this process by a list, in
 * others by the name, which is made exclusively and kept open from then on, so that they see who has it.
 */
final class Partial implements AutoCloseable {
    /** Nobody but walsafe makes files of this name, so whoever finds one knows what it is. */
    private static final String SUFFIX = ".walsafe.partial";

    private static final List<String> BESIDE = List.of("-wal", "-journal", "-shm");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Set<Path> IN_THIS_PROCESS = ConcurrentHashMap.newKeySet();

    private final Path target;
    private final Path file;
    private Optional<Database> holder = Optional.empty();
    private Optional<Object> identity = Optional.empty();
    private boolean keep;

    private Partial(Path target) {
        this.target = target;
        this.file = of(target);
    }

    static Path of(Path target) {
        return target.resolveSibling(target.getFileName() + SUFFIX);
    }

    /**
     * Takes the name for this copy. What an earlier one left behind goes, if nobody has it open.
     *
     * @param target in a directory whose links are resolved
     * @param like the database whose permissions it gets, as far as the umask lets it
     */
    static Partial claim(Path target, Path like) throws IOException, SQLException {
        if (!IN_THIS_PROCESS.add(target)) throw underWay(target, "in this program");
        Partial partial = new Partial(target);
        try {
            partial.targetMustBeFree();
            partial.removeAbandoned();
            partial.create(like);
            return partial;
        } catch (IOException | SQLException | RuntimeException | Error e) {
            IN_THIS_PROCESS.remove(target);
            throw e;
        }
    }

    /** One that was proved before its process died, and only waits for its name; empty if there is none. */
    static Optional<Partial> adopt(Path target) throws IOException {
        if (!Files.isRegularFile(of(target), LinkOption.NOFOLLOW_LINKS)) return Optional.empty();
        if (!IN_THIS_PROCESS.add(target)) throw underWay(target, "in this program");
        Partial partial = new Partial(target);
        partial.identity = Optional.of(key(partial.file));
        partial.keep = true;
        return Optional.of(partial);
    }

    /** From here on it is worth as much as the target, and is not removed. */
    void keep() {
        keep = true;
    }

    void discard() {
        keep = false;
    }

    Path file() {
        return file;
    }

    private void targetMustBeFree() throws IOException {
        if (exists(target)) {
            if (sameFile()) Files.delete(file); // it has its name, and was killed before the first one went
            throw taken(target, "there is such a file");
        }
        for (String suffix : BESIDE) {
            Path beside = target.resolveSibling(target.getFileName() + suffix);
            if (exists(beside))
                throw taken(beside, "it was left by another database of that name, and would be read into the copy");
        }
    }

    private boolean sameFile() throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
                && key(file).equals(key(target));
    }

    /** A dangling symbolic link exists too. */
    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static WalsafeException taken(Path path, String seen) {
        return Failure.told(
                Problem.TARGET_EXISTS,
                path,
                seen,
                "Choose another name, or move that file away; a copy never overwrites.");
    }

    private static WalsafeException underWay(Path target, String who) {
        return Failure.told(
                Problem.TARGET_EXISTS,
                of(target),
                "a copy to " + target + " is being made " + who,
                "Wait for it to end.");
    }

    private void removeAbandoned() throws IOException {
        if (exists(file)) {
            Neighbours who = Facts.gather(file.toString(), PATIENCE).neighbours();
            if (!who.processes().isEmpty())
                throw underWay(target, "by pid " + who.processes().get(0).pid());
            if (!who.unseenHolders().isEmpty()) throw underWay(target, "by a process that cannot be seen");
            mustBeUnlocked();
        }
        removeAll();
    }

    /** Where processes of others cannot be seen, their locks still can be felt. */
    private void mustBeUnlocked() throws IOException {
        if (Files.size(file) == 0) return;
        try (Database abandoned = Database.open(file, "mode=rw", 0)) {
            abandoned.run("BEGIN EXCLUSIVE");
        } catch (SQLException e) {
            if ((Failure.code(e) & 0xff) == 5) throw underWay(target, "by a process that holds its lock");
            // Half a database can be anything; what counts is that nobody locks it.
        }
    }

    private void create(Path like) throws IOException, SQLException {
        try {
            Files.createFile(file, permissions(like));
        } catch (FileAlreadyExistsException e) {
            throw underWay(target, "by another process");
        } catch (AccessDeniedException e) {
            throw notAllowed(e, "this user may not make files there");
        } catch (FileSystemException e) {
            throw notAllowed(e, "no file can be made there: " + e.getReason());
        }
        try {
            identity = Optional.of(key(file));
            holder = Optional.of(Database.open(file, "mode=rw", 0));
        } catch (IOException | SQLException | RuntimeException | Error e) {
            removeAll();
            throw e;
        }
    }

    private WalsafeException notAllowed(FileSystemException cause, String seen) {
        Finding finding = new Finding(
                Problem.NO_PERMISSION, target.toString(), seen, Remedy.of("Copy to a directory that can be written."));
        return new WalsafeException(finding, cause);
    }

    /** What only its owner could read must not become readable by being copied. */
    private static FileAttribute<?>[] permissions(Path like) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(like, PosixFileAttributeView.class);
        if (view == null) return new FileAttribute<?>[0];
        Set<PosixFilePermission> permissions =
                EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        permissions.addAll(view.readAttributes().permissions());
        permissions.removeAll(EnumSet.of(
                PosixFilePermission.OWNER_EXECUTE,
                PosixFilePermission.GROUP_EXECUTE,
                PosixFilePermission.OTHERS_EXECUTE));
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
    }

    /** SQLite's own check, without a lock or a file beside it: nobody else writes here. */
    void prove(long pages) throws SQLException {
        try (Database copy = Database.open(file, "immutable=1", 0)) {
            long copied = copy.number("PRAGMA page_count");
            if (copied != pages) throw unsound("the source has " + pages + " pages, the copy " + copied);
            String verdict = copy.ask("PRAGMA quick_check(3)");
            if (!verdict.equals("ok")) throw unsound("PRAGMA quick_check of the copy says: " + verdict);
        } catch (SQLException e) {
            if ((Failure.code(e) & 0xff) != 11) throw e;
            throw unsound("PRAGMA quick_check of the copy ends with " + e.getMessage());
        }
    }

    private WalsafeException unsound(String seen) {
        return new WalsafeException(new Finding(
                Problem.COPY_UNSOUND,
                target.toString(),
                seen,
                Remedy.of("Run PRAGMA integrity_check on the original: if it is sound, the copy's disk is at fault.")));
    }

    /** All of it on the disk. SQLite has synced it too; this does not rest on that. */
    void sync() throws IOException, SQLException {
        letGo();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        syncDirectory(file);
    }

    private void letGo() throws SQLException {
        if (holder.isPresent()) holder.get().close();
        holder = Optional.empty();
    }

    /** Gives it the target's name, unless there is one of that name by now. */
    void place() throws IOException {
        targetMustBeFree();
        if (!identity.equals(Optional.of(key(file))))
            throw underWay(target, "by another process, which took this one's place");
        try {
            Files.createLink(target, file);
            syncDirectory(target);
            Files.delete(file);
        } catch (FileAlreadyExistsException e) {
            throw taken(target, "it appeared while the copy was made");
        } catch (UnsupportedOperationException | IOException e) {
            if (exists(target)) throw e;
            renameOverOwnPlaceholder();
        }
        syncDirectory(target);
    }

    /** For filesystems without hard links: the name is made exclusively, and replaced as long as it is still ours. */
    private void renameOverOwnPlaceholder() throws IOException {
        try {
            Files.createFile(target);
        } catch (FileAlreadyExistsException e) {
            throw taken(target, "it appeared while the copy was made");
        }
        if (Files.size(target) > 0) throw taken(target, "it was written to while the copy was put in place");
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A new name is on the disk only when its directory is (fsync(2)). */
    static void syncDirectory(Path file) throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) return; // it has no such thing
        try (FileChannel directory =
                FileChannel.open(Objects.requireNonNull(file.toAbsolutePath().getParent()), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static Object key(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
        return key == null ? path : key;
    }

    private void removeAll() throws IOException {
        for (String suffix : BESIDE) Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
        Files.deleteIfExists(file);
    }

    /** Removes it, if it was not put in place. */
    @Override
    public void close() throws IOException, SQLException {
        try {
            letGo();
            if (!keep && exists(file) && identity.equals(Optional.of(key(file)))) removeAll();
        } finally {
            IN_THIS_PROCESS.remove(target);
        }
    }
}
