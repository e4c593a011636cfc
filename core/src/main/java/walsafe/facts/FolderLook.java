package walsafe.facts;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the directory of a database, and those above it, say about who else works there. */
final class FolderLook {
    private static final int NAMES_LISTED = 10_000;
    private static final int NAMES_TOLD = 20;

    /** A file or directory that a synchronising program keeps at the top of each folder it synchronises. */
    private record Marker(String name, String program) {}

    private static final List<Marker> MARKERS = List.of(
            new Marker(".dropbox.cache", "Dropbox"),
            new Marker(".stfolder", "Syncthing"),
            new Marker(".sync/ID", "Resilio Sync"),
            new Marker(".owncloudsync.log", "ownCloud"),
            new Marker(".nextcloudsync.log", "Nextcloud"),
            new Marker(".tmp.drivedownload", "Google Drive"),
            new Marker(".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive"),
            new Marker(".megaignore", "MEGA"));

    private FolderLook() {}

    /**
     * Names that a network or FUSE filesystem gave to files deleted while open, sorted. Looks at the first 10,000 names
     * of the directory, tells at most 20. Empty if it cannot be listed.
     */
    static List<String> leftovers(Path directory) {
        List<String> found = new ArrayList<>();
        int seen = 0;
        try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
            for (Path each : names) {
                String name = each.getFileName().toString();
                if (name.startsWith(".nfs0") || name.startsWith(".fuse_hidden")) found.add(name);
                if (++seen == NAMES_LISTED || found.size() == NAMES_TOLD) break;
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of(); // may be entered but not listed, or not there yet
        }
        return found.stream().sorted().toList();
    }

    /**
     * The program that synchronises this folder, if one is known to. A folder's name alone proves nothing but where the
     * program makes no other, so that most are known by what they leave at the top of what they synchronise.
     */
    static Optional<String> cloudFolder(Path directory) {
        for (Optional<Path> each = Optional.of(directory); each.isPresent(); each = each.map(Path::getParent)) {
            Path top = each.get();
            Optional<String> program = byPlace(top).or(() -> byMarker(top));
            if (program.isPresent()) return program;
        }
        return Optional.empty();
    }

    private static Optional<String> byMarker(Path top) {
        return MARKERS.stream()
                .filter(marker -> Files.exists(top.resolve(marker.name()), LinkOption.NOFOLLOW_LINKS))
                .map(Marker::program)
                .findFirst()
                .or(() -> nextcloud(top));
    }

    /** Apple's places for all such programs, and the names that no one else would choose. */
    private static Optional<String> byPlace(Path folder) {
        if (folder.endsWith("Library/Mobile Documents")) return Optional.of("iCloud Drive");
        Path name = folder.getFileName();
        if (name == null) return Optional.empty();
        Path parent = folder.getParent();
        if (parent != null && parent.endsWith("Library/CloudStorage")) return Optional.of(provider(name.toString()));
        if (name.toString().equals("pCloudDrive")) return Optional.of("pCloud");
        if (name.toString().startsWith("OneDrive - ")) return Optional.of("OneDrive");
        return Optional.empty();
    }

    /** {@code Dropbox-Personal}, {@code GoogleDrive-me@example.org}: the account is nobody's business. */
    private static String provider(String folder) {
        String name = folder.split("-", 2)[0];
        return name.equals("GoogleDrive") ? "Google Drive" : name;
    }

    /** Its database in the folder has a random part in its name, so only a folder of that name is listed for it. */
    private static Optional<String> nextcloud(Path top) {
        Path name = top.getFileName();
        if (name == null) return Optional.empty();
        if (!name.toString().equals("Nextcloud") && !name.toString().equals("ownCloud")) return Optional.empty();
        try (DirectoryStream<Path> databases = Files.newDirectoryStream(top, "{.sync_,._sync_}*.db")) {
            return databases.iterator().hasNext() ? Optional.of(name.toString()) : Optional.empty();
        } catch (IOException | DirectoryIteratorException e) {
            return Optional.empty(); // not to be listed: nothing to go by
        }
    }
}
