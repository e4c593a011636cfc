package walsafe.facts;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which mount a directory lies on, asked of the kernel without native code: an open directory has a descriptor, and
 * {@code /proc/self/fdinfo} names the mount it was opened through (proc_pid_fdinfo(5), {@code mnt_id}). Nothing that
 * goes by names or by st_dev is right for stacked and hidden mounts, binds, autofs, btrfs and overlay alike.
 *
 * <p>Only directories are ever opened: closing a descriptor of a database file would drop this process's locks on it.
 */
final class MountId {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path DETAILS = Path.of("/proc/self/fdinfo");

    private MountId() {}

    /**
     * The id, as in the first field of mountinfo; empty if no descriptor of ours could be told to be this directory's.
     *
     * @param directory its real path
     * @throws IOException if the directory cannot be opened; it needs to be readable
     */
    static OptionalInt of(Path directory) throws IOException {
        // Held open while ours is opened, so that its own descriptor is not given to ours and taken for an old one.
        try (DirectoryStream<Path> before = Files.newDirectoryStream(DESCRIPTORS)) {
            Set<Path> old = new HashSet<>();
            for (Path descriptor : before) old.add(descriptor);
            try (DirectoryStream<Path> ours = Files.newDirectoryStream(directory)) {
                Objects.requireNonNull(ours);
                return ofOpen(directory, old);
            }
        }
    }

    private static OptionalInt ofOpen(Path directory, Set<Path> old) throws IOException {
        OptionalInt known = OptionalInt.empty();
        try (DirectoryStream<Path> now = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : now) {
                // Another descriptor may show the same path and lie on a mount that is hidden below ours by now. So new
                // ones are believed first; an old number can be ours if another thread closed it in between.
                boolean isNew = !old.contains(descriptor);
                if ((!isNew && known.isPresent()) || !shows(descriptor, directory)) continue;
                OptionalInt id = mountId(descriptor);
                if (isNew && id.isPresent()) return id;
                if (id.isPresent()) known = id;
            }
        }
        return known;
    }

    /** Compares the names before the inodes: asking for the inode of another's descriptor might never return. */
    private static boolean shows(Path descriptor, Path directory) {
        try {
            return Files.readSymbolicLink(descriptor).equals(directory)
                    && Objects.equals(key(descriptor), key(directory));
        } catch (IOException e) {
            return false; // closed by its owner in between, so it is not ours
        }
    }

    private static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private static OptionalInt mountId(Path descriptor) {
        try {
            List<String> lines = Files.readAllLines(DETAILS.resolve(descriptor.getFileName()));
            for (String line : lines) {
                if (line.startsWith("mnt_id:")) {
                    return OptionalInt.of(
                            Integer.parseInt(line.substring("mnt_id:".length()).trim()));
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Closed by its owner in between, or a kernel before 3.15: the caller goes on to st_dev.
            return OptionalInt.empty();
        }
        return OptionalInt.empty();
    }
}
