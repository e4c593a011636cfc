package walsafe.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Puts together what tells one coherence domain from another. Asks for attributes, and opens nothing. */
final class DomainLook {
    private DomainLook() {}

    /**
     * The domain of a database that exists or may come to exist.
     *
     * @return empty if there is no database, or no directory for one; and where the platform names neither boot nor
     *     superblock, as macOS and Windows
     */
    static Optional<CoherenceDomain> of(Target target, Storage storage, Optional<String> bootId) throws IOException {
        Optional<Mount> mount = storage.mount().filter(found -> !found.device().isEmpty());
        boolean exists = target.state() == Target.State.FILE;
        boolean possible = exists || target.state() == Target.State.MISSING;
        if (!possible
                || mount.isEmpty()
                || bootId.isEmpty()
                || target.database().isEmpty()) return Optional.empty();

        Path database = Path.of(target.database().get());
        Path directory = database.resolveSibling("").toAbsolutePath();
        if (!Files.isDirectory(directory)) return Optional.empty();
        return Optional.of(new CoherenceDomain(
                bootId.get(),
                deviceOf(database, mount.get(), storage.splitMount()),
                number(exists ? database : directory, "unix:dev"),
                exists ? number(database, "unix:ino") : 0,
                number(directory, "unix:ino"),
                database.getFileName() + DatabasePart.WAL.suffix()));
    }

    private static String deviceOf(Path database, Mount directorys, Optional<Mount> split) {
        return split.filter(mount -> mount.point().equals(database.toString()))
                .orElse(directorys)
                .device();
    }

    private static long number(Path path, String attribute) throws IOException {
        return ((Number) Files.getAttribute(path, attribute)).longValue();
    }
}
