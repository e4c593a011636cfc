package walsafe.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The number of a file's device, from the one that stat(2) gives to the pair that mountinfo and /proc/locks write. */
final class DeviceNumber {
    private DeviceNumber() {}

    /**
     * The st_dev of a file in mountinfo's words, {@code 253:1}. On btrfs and overlay it is no superblock's number.
     *
     * @throws IOException if there is no such file, or it may not be asked about
     */
    static String of(Path path) throws IOException {
        return spelt(((Number) Files.getAttribute(path, "unix:dev")).longValue());
    }

    /** By the layout of gnu_dev_major and gnu_dev_minor of glibc's sysmacros.h. */
    static String spelt(long device) {
        long major = (device >>> 8 & 0xfff) | (device >>> 32 & 0xffff_f000L);
        long minor = (device & 0xff) | (device >>> 12 & 0xffff_ff00L);
        return major + ":" + minor;
    }
}
