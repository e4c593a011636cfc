package walsafe.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One of the database's files, and how to know it again among other processes' open files.
 *
 * <p>A name proves nothing: another mount namespace has its own {@code /data/app.db}. A file is ours if it lies on the
 * same superblock, and there either has the same place or the same inode number. The place is the path inside the
 * filesystem, which is equal through every bind mount and in every container. The number alone, which finds hard links
 * and processes in a chroot, is believed only where a superblock gives each number once.
 *
 * @param part which of the files
 * @param path as we name it
 * @param device major:minor of its superblock
 * @param place its path inside the filesystem; empty if the mount does not tell
 * @param inode its number; empty if there is no such file, or it could not be asked without waiting
 * @param inodesRepeat two files on this superblock can have one number
 * @param mayAsk is the storage known to answer, so that a stat will not hang
 */
record SoughtFile(
        DatabasePart part,
        String path,
        String device,
        Optional<String> place,
        OptionalLong inode,
        boolean inodesRepeat,
        boolean mayAsk) {
    /** Subvolumes (btrfs, bcachefs), layers (overlay, aufs), and servers that pass on several filesystems as one. */
    private static final Set<String> REPEATING =
            Set.of("btrfs", "bcachefs", "overlay", "aufs", "9p", "virtiofs", "unknown");

    /** Empty if the superblock could not be told, since then nothing could be known again. */
    static Optional<SoughtFile> of(DatabasePart part, String database, Optional<Mount> mount, boolean mayAsk) {
        String path = database + part.suffix();
        Optional<String> device = mount.map(Mount::device)
                .filter(known -> !known.isEmpty())
                .or(() -> mayAsk ? device(path) : Optional.empty());
        String type = mount.map(Mount::type).orElse("unknown");
        return device.map(known -> new SoughtFile(
                part,
                path,
                known,
                mount.flatMap(on -> placeInside(on, path)),
                mayAsk ? attribute(path, "unix:ino") : OptionalLong.empty(),
                REPEATING.contains(type) || type.startsWith("fuse"),
                mayAsk));
    }

    /** Is this a descriptor of our file, reached through the same superblock? */
    boolean isSame(OpenFile file, Mount through) {
        if (!device.equals(through.device())) return false;
        if (sameInode(file)) return !inodesRepeat || samePlace(file, through);
        // An overlay may number a file differently in fdinfo and in stat, so another number does not acquit a place.
        return !file.deleted() && samePlace(file, through);
    }

    /**
     * Is this a descriptor of a file that once had our file's name, and has it no more?
     *
     * <p>The kernel's word alone does not do: network filesystems and FUSE tell a file as deleted that they merely
     * looked up anew, but then the number is still that of the living file.
     */
    boolean isLostPredecessor(OpenFile file, Mount through) {
        return device.equals(through.device())
                && file.deleted()
                && samePlace(file, through)
                && !sameInode(file)
                && !livesUnderThatName(file);
    }

    /** Does the lock lie on our file? Where numbers repeat that cannot be told. */
    boolean isLockedBy(LockLine lock) {
        return !inodesRepeat && device.equals(lock.device()) && inode.isPresent() && inode.getAsLong() == lock.inode();
    }

    static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The path inside the filesystem that a mount shows; empty if the path does not lead through it. */
    static Optional<String> placeInside(Mount mount, String path) {
        String root = mount.root().equals("/") ? "" : mount.root();
        String point = mount.point().equals("/") ? "" : mount.point();
        if (path.equals(point)) return Optional.of(root);
        return path.startsWith(point + "/") ? Optional.of(root + path.substring(point.length())) : Optional.empty();
    }

    private boolean sameInode(OpenFile file) {
        return inode.isPresent() && inode.equals(file.inode());
    }

    private boolean samePlace(OpenFile file, Mount through) {
        return place.isPresent() && place.equals(placeInside(through, file.name()));
    }

    private boolean livesUnderThatName(OpenFile file) {
        if (!mayAsk) return false;
        OptionalLong living = attribute(file.link(), "unix:ino");
        return living.isPresent() && living.equals(file.inode());
    }

    /** On btrfs and overlay st_dev is no superblock's number, and then nothing will match. */
    private static Optional<String> device(String path) {
        OptionalLong device = attribute(path, "unix:dev");
        return device.isPresent() ? Optional.of(DeviceNumber.spelt(device.getAsLong())) : Optional.empty();
    }

    /** Asks with stat, which opens nothing. */
    private static OptionalLong attribute(String path, String name) {
        try {
            return Files.getAttribute(Path.of(path), name) instanceof Number number
                    ? OptionalLong.of(number.longValue())
                    : OptionalLong.empty();
        } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
            return OptionalLong.empty(); // no such file, or none that Java can name
        }
    }
}
