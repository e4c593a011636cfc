package walsafe.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Finds other ways to the same directory in this mount table. Each superblock has a page cache and a lock table of its
 * own, so two programs that come by different ways lose each other's commits inside one kernel: measured for overlay
 * and its upper directory, FUSE mounts and the directory behind them, one 9p share mounted twice.
 *
 * <p>A bind of the same superblock is no view: it shares cache and locks. A view counts only if the very file, or its
 * directory if there is no file yet, is there. What neither mountinfo nor a server's command line tells cannot be found:
 * the server of a FUSE mount may be hidden from us.
 */
final class ViewLook {
    private final MountTable table;
    private final Mount mount;
    private final String directory;
    private final Optional<String> file;
    private final List<Storage.View> views = new ArrayList<>();
    private Map<String, List<String>> servers = Map.of();

    /** What is being asked just now, for telling which mount did not answer. */
    private volatile String asking = "";

    private ViewLook(MountTable table, Mount mount, Path directory, Optional<String> file) {
        this.table = table;
        this.mount = mount;
        this.directory = directory.toString();
        this.file = file;
    }

    /**
     * The views, one for each other superblock; empty if it could not be told which there are. Touches other mounts, but waits
     * no longer than the patience.
     */
    static Optional<List<Storage.View>> of(Mount mount, Target target, Duration patience, List<String> unseen) {
        Optional<Path> database = target.database().map(Path::of);
        Optional<Path> directory = database.flatMap(path -> StorageLook.nearestDirectory(path, target.state()));
        if (directory.isEmpty()) return Optional.of(List.of());
        Optional<String> file = target.state() == Target.State.FILE
                ? database.map(path -> String.valueOf(path.getFileName()))
                : Optional.empty();
        try {
            ViewLook look = new ViewLook(MountTable.read(MountTable.SELF), mount, directory.get(), file);
            if (!look.mayHaveAny()) return Optional.of(List.of());
            if (Bounded.finishes(Bounded.start("other mounts", look::look), patience))
                return Optional.of(List.copyOf(look.views));
            unseen.add("whether " + look.asking + " is another way to this directory: it did not answer in "
                    + Bounded.words(patience));
        } catch (IOException e) {
            unseen.add("other ways to this directory: " + e.getMessage());
        }
        return Optional.empty();
    }

    private boolean mayHaveAny() {
        for (Mount other : table.all()) {
            if (Backing.possible(other) || isSameShare(other)) return true;
        }
        return false;
    }

    private void look() {
        List<String> points = new ArrayList<>();
        for (Mount other : table.all()) if (Backing.passesThrough(other)) points.add(other.point());
        servers = FuseServers.argumentsByPoint(points);

        for (Backing backing : backings(mount)) lookBehindUs(backing);
        for (Mount other : table.all()) if (!other.device().equals(mount.device())) lookAt(other);
    }

    private void lookAt(Mount other) {
        for (Backing backing : backings(other)) lookInFrontOfUs(other, backing);
        if (!isSameShare(other)) return;
        String relation = "the same share, mounted again at " + other.point();
        inFilesystem().ifPresent(path -> lookThrough(other, path, relation));
    }

    private List<Backing> backings(Mount mount) {
        return Backing.of(mount, servers.getOrDefault(mount.point(), List.of()));
    }

    /** We came through an overlay or a FUSE mount, and what it shows lies in a directory that is also here. */
    private void lookBehindUs(Backing backing) {
        if (!backing.written()) return; // a lower layer: this overlay writes its own copy
        inFilesystem()
                .ifPresent(
                        path -> add(backing.directory() + path, backing.words() + " this " + mount.type() + " mount"));
    }

    /** We lie in the directory that an overlay or a FUSE mount shows somewhere else. */
    private void lookInFrontOfUs(Mount other, Backing backing) {
        asking = other.point();
        Optional<String> behind = insideOf(backing);
        if (behind.isEmpty() || (!backing.written() && hiddenByUpper(other, behind.get()))) return;
        String relation = "shown by the " + other.type() + " mount at " + other.point();
        lookThrough(other, behind.get(), relation);
        boolean whole = backing.upper() && other.root().equals("/");
        if (whole && views.stream().noneMatch(view -> view.mount().equals(other)))
            add(other.point() + behind.get(), relation, this::isDirectory);
    }

    /**
     * A union shows its upper directory whether it shows our file or not: fuse-overlayfs remembers names, and overlooks a file
     * that was made behind its back until it reads the directory again.
     */
    private boolean isDirectory(String path) {
        return Files.isDirectory(Path.of(path));
    }

    private Optional<String> insideOf(Backing backing) {
        if (MountTable.inside(directory, backing.directory())) {
            return Optional.of(MountTable.below(directory, backing.directory()));
        }
        // A container host has hundreds of lower layers, named by links; asking for all of them costs too much.
        if (!backing.written()) return Optional.empty();
        try {
            String real = Path.of(backing.directory()).toRealPath().toString();
            return MountTable.inside(directory, real)
                    ? Optional.of(MountTable.below(directory, real))
                    : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty(); // not in this mount namespace, so no way that we can see
        }
    }

    private boolean hiddenByUpper(Mount overlay, String below) {
        for (Backing backing : backings(overlay)) {
            if (backing.written() && isThere(backing.directory() + below)) return true;
        }
        return false;
    }

    /** Our directory as the filesystem itself names it, with an empty string for its root. */
    private Optional<String> inFilesystem() {
        if (!MountTable.inside(directory, mount.point())) return Optional.empty();
        String below = MountTable.below(directory, mount.point());
        return Optional.of(mount.root().equals("/") ? below : mount.root() + below);
    }

    private void lookThrough(Mount other, String inFilesystem, String relation) {
        String path = inFilesystem.isEmpty() ? "/" : inFilesystem;
        if (!MountTable.inside(path, other.root())) return;
        String point = other.point().equals("/") ? "" : other.point();
        String below = MountTable.below(path, other.root());
        add(point + (below.equals("/") ? "" : below), relation);
    }

    private void add(String path, String relation) {
        add(path, relation, this::isThere);
    }

    private void add(String path, String relation, Predicate<String> there) {
        asking = path;
        if (!there.test(path)) return;
        try {
            Path real = Path.of(path).toRealPath();
            // By what the kernel says: another mount may lie over the one that we meant.
            OptionalInt id = MountId.of(real);
            Optional<Mount> through = id.isPresent() ? table.byId(id.getAsInt()) : Optional.empty();
            if (through.isEmpty() || through.get().device().equals(mount.device())) return;
            for (Storage.View view : views) {
                if (view.mount().device().equals(through.get().device())) return;
            }
            views.add(new Storage.View(real.toString(), through.get(), relation));
        } catch (IOException | InvalidPathException e) {
            // It vanished, or may not be listed by us: then nothing is known about it, as about all that is hidden.
            return;
        }
    }

    private boolean isThere(String path) {
        try {
            Path there = Path.of(path);
            return file.isPresent() ? Files.isRegularFile(there.resolve(file.get())) : isOurDirectory(there);
        } catch (InvalidPathException e) {
            return false; // a name that this Java cannot spell
        }
    }

    /** Without a file to go by, the time of the last change tells: a server has other directories among its words. */
    private boolean isOurDirectory(Path there) {
        try {
            return Files.isDirectory(there)
                    && Files.getLastModifiedTime(there).equals(Files.getLastModifiedTime(Path.of(directory)));
        } catch (IOException e) {
            return false; // it vanished in between
        }
    }

    private boolean isSameShare(Mount other) {
        if (other.device().equals(mount.device()) || !other.source().equals(mount.source())) return false;
        return isShare(mount)
                && family(mount).equals(family(other))
                && drive(mount).equals(drive(other));
    }

    /** Types whose source says what is mounted. A tmpfs calls itself "tmpfs", and so do all others. */
    private static boolean isShare(Mount mount) {
        return switch (family(mount)) {
            case "nfs", "cifs", "9p", "virtiofs", "ceph", "lustre", "afs", "vboxsf", "prl_fs", "drvfs" -> true;
            default ->
                Backing.passesThrough(mount)
                        && (mount.source().indexOf('/') >= 0 || mount.source().indexOf(':') >= 0);
        };
    }

    private static String family(Mount mount) {
        return switch (mount.type()) {
            case "nfs4" -> "nfs";
            case "smb3", "smbfs" -> "cifs";
            default -> mount.type();
        };
    }

    /** WSL mounts every Windows drive from the source "drvfs" and tells them apart here. */
    private static String drive(Mount mount) {
        for (String option : mount.superOptions()) if (option.startsWith("aname=")) return option;
        return "";
    }
}
