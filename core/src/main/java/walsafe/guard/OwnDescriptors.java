package walsafe.guard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this process has open, by device and inode, so that neither a new name nor a second one hides a file. Asks {@code
 * /proc} (Linux) and opens none of the files: a stat of {@code /proc/self/fd/N} is one of the file behind it.
 */
final class OwnDescriptors {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path INFOS = Path.of("/proc/self/fdinfo");

    private OwnDescriptors() {}

    /** Can it be told at all? */
    static boolean visible() {
        return Files.isDirectory(INFOS);
    }

    /** Device and inode; empty if there is no such file, or the platform has no such thing. */
    static Optional<Object> identity(Path file) {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The numbers of all descriptors of that file; empty if it could not be told. Costs a stat of every descriptor. */
    static Optional<List<String>> of(Object identity) {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path each : all) {
                String number = each.getFileName().toString();
                if (refersTo(number, identity)) found.add(number);
            }
        } catch (IOException | DirectoryIteratorException e) {
            return Optional.empty(); // no /proc, or no descriptor left to list it with
        }
        return Optional.of(found);
    }

    static boolean refersTo(String descriptor, Object identity) {
        return identity(DESCRIPTORS.resolve(descriptor))
                .filter(identity::equals)
                .isPresent();
    }

    /** Does this process hold a lock that was taken through it? True if that could not be told. */
    static boolean locked(String descriptor) {
        try {
            return Files.readString(INFOS.resolve(descriptor), StandardCharsets.ISO_8859_1)
                    .contains("lock:");
        } catch (IOException e) {
            return true; // closed since it was listed
        }
    }
}
