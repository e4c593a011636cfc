package walsafe.lab;

import java.util.Locale;

/** A storage and the two sides from which one database in it is used at once. */
enum Scene {
    EXT4("0010-local", Share.EXT4, Sides.ONE_MOUNT),
    XFS("0010-local", Share.XFS, Sides.ONE_MOUNT),
    BTRFS("0010-local", Share.BTRFS, Sides.ONE_MOUNT),
    OVERLAY_ALONE("0010-local", Share.OVERLAY_ALONE, Sides.ONE_MOUNT),
    NFS3("0011-nfs3", Share.NFS3, Sides.TWO_GUESTS),
    NFS3_NOLOCK("0011-nfs3", Share.NFS3_NOLOCK, Sides.TWO_GUESTS),
    NFS3_LOCAL_LOCK("0011-nfs3", Share.NFS3_LOCAL_LOCK, Sides.TWO_GUESTS),
    NFS42("0012-nfs4", Share.NFS42, Sides.TWO_GUESTS),
    SMB("0013-smb", Share.SMB, Sides.TWO_GUESTS),
    SMB_NOBRL("0013-smb", Share.SMB_NOBRL, Sides.TWO_GUESTS),
    P9("0014-9p", Share.P9, Sides.TWO_GUESTS),
    P9_MMAP("0014-9p", Share.P9_MMAP, Sides.TWO_GUESTS),
    P9_LOOSE("0014-9p", Share.P9_LOOSE, Sides.TWO_GUESTS),
    VIRTIOFS("0015-virtiofs", Share.VIRTIOFS, Sides.TWO_GUESTS),
    VIRTIOFS_AND_HOST("0015-virtiofs", Share.VIRTIOFS, Sides.GUEST_AND_HOST),
    VIRTIOFS_POSIX_LOCK("0015-virtiofs", Share.VIRTIOFS_POSIX_LOCK, Sides.TWO_GUESTS),
    VIRTIOFS_NO_CACHE("0015-virtiofs", Share.VIRTIOFS_NO_CACHE, Sides.TWO_GUESTS),
    SSHFS("0016-sshfs", Share.SSHFS, Sides.TWO_GUESTS),
    HOSTFS("0017-hostfs", Share.HOSTFS, Sides.TWO_GUESTS),
    HOSTFS_AND_HOST("0017-hostfs", Share.HOSTFS, Sides.GUEST_AND_HOST),
    OVERLAY("0018-overlay", Share.OVERLAY, Sides.TWO_VIEWS),
    BINDFS("0019-fuse", Share.BINDFS, Sides.TWO_VIEWS),
    FUSE_OVERLAYFS("0019-fuse", Share.FUSE_OVERLAYFS, Sides.TWO_VIEWS);

    /** Who meets in the storage. */
    enum Sides {
        /** The control: two processes, one kernel, one mount. */
        ONE_MOUNT("one mount", "undeclared"),
        /** Two processes of one kernel, one through the mount and one in the directory behind it. */
        TWO_VIEWS("two views", "undeclared"),
        TWO_GUESTS("two hosts", "several-hosts"),
        GUEST_AND_HOST("guest and host", "several-hosts");

        private final String words;
        private final String sharing;

        Sides(String words, String sharing) {
            this.words = words;
            this.sharing = sharing;
        }

        /** As in the results. */
        String words() {
            return words;
        }

        /** What walsafe is told, as an option of its command line. */
        String sharing() {
            return sharing;
        }
    }

    private final String note;
    private final Share share;
    private final Sides sides;

    Scene(String note, Share share, Sides sides) {
        this.note = note;
        this.share = share;
        this.sides = sides;
    }

    /** The folder of its results, under {@code lab/notes}. */
    String note() {
        return note;
    }

    Share share() {
        return share;
    }

    Sides sides() {
        return sides;
    }

    /** Is there more than one kernel in it? */
    boolean betweenKernels() {
        return sides == Sides.TWO_GUESTS || sides == Sides.GUEST_AND_HOST;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-').replaceFirst("^p9", "9p");
    }
}
