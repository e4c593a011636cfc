package walsafe.facts;

import java.util.List;
import java.util.Optional;

/**
 * The storage that the database lies on.
 *
 * @param mount the mount under the database's directory; empty if it could not be found
 * @param found how the mount was found, and so how far to trust it
 * @param kind what sort of storage its filesystem is
 * @param reach who can reach its files
 * @param answers what the tables of knowledge say about it, its mount options considered
 * @param splitMount the mount of the database file alone where it differs from its directory's (a file bind mount:
 *     {@code docker -v file:file}); SQLite makes the -wal and -shm on the directory's mount
 * @param views other ways in this mount table to the same directory, each with a page cache and locks of its own
 * @param blockDevice is the source a block device of this machine, so that one kernel owns it
 */
public record Storage(
        Optional<Mount> mount,
        Found found,
        StorageClass kind,
        Reach reach,
        Answers answers,
        Optional<Mount> splitMount,
        List<View> views,
        boolean blockDevice) {
    public Storage {
        views = List.copyOf(views);
    }

    /** How the mount was found, best first. */
    public enum Found {
        /** A descriptor of the directory named its mount id: exact, also for stacked and hidden mounts. */
        MOUNT_ID,
        /** By st_dev, inside a chroot whose root is no mount. */
        DEVICE_NUMBER,
        /** Java's FileStore, or the system's own listing on macOS and Windows. */
        FILE_STORE,
        /** The storage did not answer in time; the deepest mount point above the name, by its spelling. */
        SPELLING,
        NOT_FOUND
    }

    /**
     * Another way to the same directory.
     *
     * @param path the directory, through the other mount
     * @param mount the other mount
     * @param relation in words: "the upper directory of this overlay", "mirrored by the bindfs mount at /mnt/x"
     */
    public record View(String path, Mount mount, String relation) {}

    /** The filesystem's name as the kernel spells it; "unknown" if the mount could not be found. */
    public String filesystem() {
        return mount.map(Mount::type).orElse("unknown");
    }

    /** The same, where it could not be told in time whether there is another way to it: perhaps there is. */
    Storage viewsNotTold() {
        boolean local = reach == Reach.THIS_SUPERBLOCK || reach == Reach.THIS_KERNEL;
        Reach told = local ? Reach.UNKNOWN : reach;
        return new Storage(mount, found, kind, told, answers, splitMount, List.of(), blockDevice);
    }
}
