package walsafe.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What stat(2) says of a file, and as much of that as the platform has. Opens nothing. */
record FileStatus(
        boolean exists,
        OptionalLong sizeBytes,
        Optional<String> modified,
        Optional<String> permissions,
        Optional<String> owner,
        int hardLinks) {
    private static final FileStatus NONE =
            new FileStatus(false, OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0);

    /** Follows symbolic links. A file that may not even be asked about is told as if there were none. */
    static FileStatus of(Path path) {
        try {
            return path.getFileSystem().supportedFileAttributeViews().contains("unix") ? unix(path) : basic(path);
        } catch (IOException e) {
            return NONE; // Target has told apart why
        }
    }

    private static FileStatus unix(Path path) throws IOException {
        Map<String, Object> all = Files.readAttributes(path, "unix:size,lastModifiedTime,permissions,owner,nlink");
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        ((Set<?>) value(all, "permissions")).forEach(each -> permissions.add((PosixFilePermission) each));
        return new FileStatus(
                true,
                OptionalLong.of((Long) value(all, "size")),
                modified((FileTime) value(all, "lastModifiedTime")),
                Optional.of(PosixFilePermissions.toString(permissions)),
                Optional.of(value(all, "owner").toString()),
                (Integer) value(all, "nlink"));
    }

    private static Object value(Map<String, Object> all, String name) {
        return Objects.requireNonNull(all.get(name), name);
    }

    private static FileStatus basic(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return new FileStatus(
                true,
                OptionalLong.of(attributes.size()),
                modified(attributes.lastModifiedTime()),
                Optional.empty(),
                Optional.of(Files.getOwner(path).getName()),
                1);
    }

    private static Optional<String> modified(FileTime time) {
        return Optional.of(time.toInstant().toString());
    }
}
