package walsafe.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * In which layer of an overlay a file lies. A file of a lower layer is copied up when it is first opened for writing;
 * who had it open for reading keeps seeing the old one.
 *
 * <p>Its st_dev does not tell: with layers on several filesystems files of upper and lower layers alike differ from
 * their directory, and a file keeps its number when it is copied up (tried on Linux 6.18); with layers on one, all are
 * alike. So it is told only where the upper directory can be seen, which inside a container it cannot.
 */
final class Layers {
    private Layers() {}

    /** Is it still in a lower layer; empty off overlay, or if that cannot be told. */
    static Optional<Boolean> bakedIn(Path file, Storage storage) {
        if (storage.splitMount().isPresent()) return Optional.empty(); // the file has a mount of its own
        return storage.mount().filter(mount -> mount.type().equals("overlay")).flatMap(mount -> bakedIn(file, mount));
    }

    private static Optional<Boolean> bakedIn(Path file, Mount overlay) {
        Optional<String> upper = option(overlay.superOptions(), "upperdir=");
        if (upper.isEmpty()) return Optional.of(true); // lower layers only
        try {
            Path upperRoot = Path.of(upper.get());
            Path point = Path.of(overlay.point());
            if (!upperRoot.isAbsolute() || !file.startsWith(point) || !outside(upperRoot, point)) {
                return Optional.empty();
            }
            Path shown = Path.of(overlay.root()).resolve(point.relativize(file));
            Path above = upperRoot.resolve(Path.of("/").relativize(shown));
            return Optional.of(!Files.exists(above, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // out of sight, or in a spelling that is not understood
        }
    }

    /** Inside a container a directory of that name would be some other one, on the overlay itself. */
    private static boolean outside(Path upperRoot, Path point) throws IOException {
        return Files.isDirectory(upperRoot)
                && !Files.getAttribute(upperRoot, "unix:dev").equals(Files.getAttribute(point, "unix:dev"));
    }

    private static Optional<String> option(List<String> options, String key) {
        return options.stream()
                .filter(option -> option.startsWith(key))
                .map(option -> option.substring(key.length()))
                .findFirst();
    }
}
