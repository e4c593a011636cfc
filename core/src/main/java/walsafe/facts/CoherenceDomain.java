package walsafe.facts;

/**
 * Within one of these, and only there, all openers share one page cache, one lock table and one -wal. Two openers are
 * in the same domain if and only if all six agree. Boot id and device are not enough: an overlay's merged path and its
 * upper directory, or two 9p servers on one directory, lose acknowledged commits inside one kernel; hard links and
 * file binds share an inode but not a -wal; btrfs subvolumes repeat inode numbers.
 *
 * @param bootId which boot of which kernel
 * @param device mountinfo's major:minor of the mount
 * @param statDevice st_dev of the file, which differs from {@code device} on btrfs and overlay
 * @param inode of the database file; 0 if it does not exist yet
 * @param directoryInode of the directory in which SQLite makes the -wal
 * @param walName the -wal's file name
 */
public record CoherenceDomain(
        String bootId, String device, long statDevice, long inode, long directoryInode, String walName) {}
