package walsafe.facts;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The mounts of macOS, from the listing of {@code /sbin/mount} (mount(8)), because Java does not tell the flags "local"
 * and "read-only". A line is {@code source on point (type, flag, flag…)}. Written from the documented format; it has
 * not been run on a Mac.
 */
final class MacMounts {
    private MacMounts() {}

    /** The mount under a directory; its flags are the options, in mount(8)'s words, and "ro" if it is read-only. */
    static Optional<Mount> mountUnder(Path directory, List<String> unseen) {
        Optional<String> listing = SystemListing.of("/sbin/mount");
        if (listing.isEmpty())
            unseen.add("/sbin/mount gave no listing, so it is not known whether the storage is local");
        try {
            FileStore store = Files.getFileStore(directory);
            List<Mount> mounts = parse(listing.orElse(""));
            return Optional.of(under(mounts, store.name(), directory.toString())
                    .orElseGet(() -> flagless(store.type(), store.name())));
        } catch (IOException e) {
            unseen.add("the mount under " + directory + " could not be found: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** By its source, since firmlinks let {@code /Users} lie on another volume than {@code /}; else by the point. */
    static Optional<Mount> under(List<Mount> mounts, String source, String path) {
        Optional<Mount> bySource = Optional.empty();
        Optional<Mount> byPoint = Optional.empty();
        for (Mount mount : mounts) {
            if (mount.source().equals(source)) bySource = Optional.of(mount);
            if (MountTable.deeper(mount, byPoint, path)) byPoint = Optional.of(mount);
        }
        return bySource.isPresent() ? bySource : byPoint;
    }

    /** Lines that are none of mount(8)'s are left out. */
    static List<Mount> parse(String listing) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : listing.lines().toList()) {
            int on = line.indexOf(" on /");
            int flags = line.lastIndexOf(" (");
            if (on < 0 || flags < on + 4 || !line.endsWith(")")) continue;
            List<String> words =
                    Mount.split(line.substring(flags + 2, line.length() - 1).replace(", ", ","));
            if (words.isEmpty()) continue;
            mounts.add(mount(words, line.substring(0, on), line.substring(on + 4, flags)));
        }
        return mounts;
    }

    private static Mount mount(List<String> words, String source, String point) {
        List<String> options = new ArrayList<>(words.subList(1, words.size()));
        if (!options.contains("read-only"))
            return new Mount(-1, "", "/", point, words.get(0), source, options, List.of());
        options.add("ro");
        return new Mount(-1, "", "/", point, words.get(0), source, options, List.of("ro"));
    }

    private static Mount flagless(String type, String source) {
        return new Mount(-1, "", "/", "/", type, source, List.of(), List.of());
    }
}
