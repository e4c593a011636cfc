package walsafe.facts;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds the storage under a database. On Linux the kernel is asked for the mount of the database's directory
 * ({@link MountId}); where that mount is not listed, as in a chroot whose root is no mount, the device number and
 * then Java's FileStore are asked, in this order of trust.
 */
final class StorageLook {
    private static final Path INIT = Path.of("/proc/1/mountinfo");

    private final String os;
    private final List<String> unseen = new ArrayList<>();

    StorageLook(String os) {
        this.os = os;
    }

    /** What could not be looked at; only to be asked by the thread that looked. */
    List<String> unseen() {
        return unseen;
    }

    /** The storage under a target, without its views: no other mount is touched. */
    Storage under(Target target) {
        if (target.database().isEmpty()) return NOWHERE;
        Path database = Path.of(target.database().get());
        Optional<Path> directory = nearestDirectory(database, target.state());
        if (directory.isEmpty()) return NOWHERE;
        if (os.startsWith("Windows")) return listed(WindowsDrives.mountUnder(directory.get(), unseen));
        if (os.startsWith("Mac")) return listed(MacMounts.mountUnder(directory.get(), unseen));
        return onLinux(directory.get(), database, target.state());
    }

    /** What mountinfo says about a storage that does not answer; touches nothing but {@code /proc}. */
    static Storage bySpelling(String os, Path path) {
        if (!os.equals("Linux")) return NOWHERE;
        try {
            Optional<Mount> mount =
                    MountTable.read(MountTable.SELF).above(path.normalize().toString());
            return storage(os, mount, Storage.Found.SPELLING, Optional.empty());
        } catch (IOException e) {
            return NOWHERE; // without /proc nothing is known; the caller tells that the storage was silent
        }
    }

    /** The same storage with other ways to the same directory, if any answers within the patience. */
    Storage withViews(Storage storage, Target target, Duration patience) {
        if (!os.equals("Linux")
                || storage.mount().isEmpty()
                || storage.mount().get().id() < 0) return storage;
        return ViewLook.of(storage.mount().get(), target, patience, unseen)
                .map(views -> new Storage(
                        storage.mount(),
                        storage.found(),
                        storage.kind(),
                        storage.reach(),
                        storage.answers(),
                        storage.splitMount(),
                        views,
                        storage.blockDevice()))
                .orElseGet(storage::viewsNotTold);
    }

    /** The directory of the files, or what exists of it; a directory that was asked for is meant itself. */
    static Optional<Path> nearestDirectory(Path database, Target.State state) {
        Path directory = state == Target.State.DIRECTORY ? database : database.getParent();
        while (directory != null && !Files.isDirectory(directory)) directory = directory.getParent();
        return Optional.ofNullable(directory);
    }

    private Storage onLinux(Path directory, Path database, Target.State state) {
        try {
            MountTable table = MountTable.read(MountTable.SELF);
            OptionalInt id = mountId(directory);
            if (id.isPresent()) {
                Optional<Mount> mount = table.byId(id.getAsInt()).or(() -> outside(id.getAsInt()));
                if (mount.isPresent()) {
                    Optional<Mount> split = splitMount(table, mount.get(), database, state);
                    return storage(os, mount, Storage.Found.MOUNT_ID, split);
                }
            }
            Optional<Mount> mount = table.byDevice(DeviceNumber.of(directory), directory.toString());
            if (mount.isPresent()) return storage(os, mount, Storage.Found.DEVICE_NUMBER, Optional.empty());
            return storage(os, byFileStore(table, directory), Storage.Found.FILE_STORE, Optional.empty());
        } catch (IOException e) {
            unseen.add("the mount under " + directory + " could not be found: " + e.getMessage());
            return NOWHERE;
        }
    }

    private OptionalInt mountId(Path directory) {
        try {
            return MountId.of(directory);
        } catch (IOException e) {
            // A directory that may be entered but not listed, say. Its device number needs no permission.
            unseen.add("the directory " + directory
                    + " could not be opened to ask for its mount, so its mount is told by" + " its device number");
            return OptionalInt.empty();
        }
    }

    /** A mount that a chroot hides from us is in the list of the first process, if we may read that. */
    private static Optional<Mount> outside(int id) {
        try {
            return MountTable.read(INIT).byId(id);
        } catch (IOException e) {
            return Optional.empty(); // only root may: the device number is asked next
        }
    }

    /** A mount on one of the files themselves: SQLite makes the others on the directory's mount. */
    private static Optional<Mount> splitMount(MountTable table, Mount mount, Path database, Target.State state) {
        if (state != Target.State.FILE && state != Target.State.MISSING) return Optional.empty();
        for (DatabasePart part : DatabasePart.values()) {
            Optional<Mount> split = table.at(database + part.suffix(), mount);
            if (split.isPresent()) return split;
        }
        return Optional.empty();
    }

    private static Optional<Mount> byFileStore(MountTable table, Path directory) throws IOException {
        FileStore store = Files.getFileStore(directory);
        for (int i = table.all().size() - 1; i >= 0; i--) {
            Mount mount = table.all().get(i);
            boolean same = mount.type().equals(store.type()) && mount.source().equals(store.name());
            if (same && MountTable.inside(directory.toString(), mount.point())) return Optional.of(mount);
        }
        return Optional.of(new Mount(-1, "", "/", "", store.type(), store.name(), List.of(), List.of()));
    }

    private Storage listed(Optional<Mount> mount) {
        return storage(os, mount, Storage.Found.FILE_STORE, Optional.empty());
    }

    private static Storage storage(String os, Optional<Mount> mount, Storage.Found found, Optional<Mount> splitMount) {
        if (mount.isEmpty()) return NOWHERE;
        Knowledge known = Knowledge.about(os, mount.get());
        return new Storage(
                mount,
                found,
                known.kind(),
                known.reach(),
                known.answers(),
                splitMount,
                List.of(),
                onBlockDevice(mount.get()));
    }

    /** Device number 0:n means "no device", but btrfs and bcachefs have one all the same, or several. */
    static boolean onBlockDevice(Mount mount) {
        if (!mount.source().startsWith("/dev/")) return false;
        boolean numbered = !mount.device().startsWith("0:") && !mount.device().isEmpty();
        return numbered || mount.type().equals("btrfs") || mount.type().equals("bcachefs");
    }

    /** For what lies on no storage, or on one whose mount could not be found. */
    static final Storage NOWHERE = new Storage(
            Optional.empty(),
            Storage.Found.NOT_FOUND,
            StorageClass.UNKNOWN,
            Reach.UNKNOWN,
            Answers.NONE,
            Optional.empty(),
            List.of(),
            false);
}
