package walsafe.facts;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of {@code /proc/self/mountinfo} (proc_pid_mountinfo(5)), or what the platform offers in its place.
 *
 * @param id the mount's id; -1 where the platform has none
 * @param device major:minor in decimal, the superblock's identity inside one kernel; empty where the platform has none
 * @param root the directory inside the filesystem that is mounted here; {@code /} but for binds and subvolumes
 * @param point where it is mounted
 * @param type as the kernel spells it, subtype included: {@code ext4}, {@code fuse.sshfs}
 * @param source what is mounted: a block device, {@code server:/export}, a directory
 * @param options per mount: {@code ro} here is a read-only bind of a filesystem that others may write
 * @param superOptions per superblock: {@code ro} here means that this kernel writes it nowhere
 */
public record Mount(
        int id,
        String device,
        String root,
        String point,
        String type,
        String source,
        List<String> options,
        List<String> superOptions) {
    public Mount {
        options = List.copyOf(options);
        superOptions = List.copyOf(superOptions);
    }

    /** Is this one of the options, per mount or per superblock, spelt exactly so ({@code nolock}, {@code vers=4.2})? */
    public boolean has(String option) {
        return options.contains(option) || superOptions.contains(option);
    }

    /** Can nobody write through this mount, though others may write to the same files by another? */
    public boolean mountReadOnly() {
        return options.contains("ro");
    }

    /** Can nobody of this kernel write to the filesystem, by whatever mount? */
    public boolean superblockReadOnly() {
        return superOptions.contains("ro");
    }

    /** The words between commas, without the empty ones. */
    static List<String> split(String options) {
        List<String> split = new ArrayList<>();
        int start = 0;
        while (start < options.length()) {
            int end = options.indexOf(',', start);
            if (end < 0) end = options.length();
            if (end > start) split.add(options.substring(start, end));
            start = end + 1;
        }
        return split;
    }
}
