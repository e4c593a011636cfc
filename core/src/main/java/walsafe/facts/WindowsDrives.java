package walsafe.facts;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The storage under a path of Windows. Java's FileStore names the filesystem of the far side ("NTFS" for a share), so
 * it is the path and the drive that tell whether the storage is remote. Written from the documented formats; it has not
 * been run on Windows.
 */
final class WindowsDrives {
    /** The option that marks a mount of Windows as remote. */
    static final String REMOTE = "remote";

    private WindowsDrives() {}

    /** The mount under a directory: type from FileStore, and as source the share or the drive. */
    static Optional<Mount> mountUnder(Path directory, List<String> unseen) {
        String path = directory.toString();
        String drive = drive(path);
        Optional<String> share =
                share(path).or(() -> SystemListing.of("net", "use").flatMap(list -> mapped(list, drive)));
        boolean remote = share.isPresent() || (!drive.isEmpty() && isRemote(drive, unseen));
        try {
            FileStore store = Files.getFileStore(directory);
            List<String> options = new ArrayList<>();
            if (remote) options.add(REMOTE);
            if (store.isReadOnly()) options.add("ro");
            String point = drive.isEmpty() ? share.orElse(path) : drive + "\\";
            String source = share.orElse(drive.isEmpty() ? path : drive);
            return Optional.of(new Mount(-1, "", "/", point, store.type(), source, options, options));
        } catch (IOException e) {
            unseen.add("the drive under " + directory + " could not be asked: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** {@code \\server\share} of a UNC path, {@code \\?\UNC\} included; empty for {@code C:\x} and {@code \\?\C:\x}. */
    static Optional<String> share(String path) {
        String windows = path.replace('/', '\\');
        if (!windows.startsWith("\\\\")) return Optional.empty();
        String name = windows.substring(2);
        if (name.regionMatches(true, 0, "?\\UNC\\", 0, 6)) name = name.substring(6);
        else if (name.startsWith("?\\") || name.startsWith(".\\")) return Optional.empty();
        int server = name.indexOf('\\');
        int share = server < 0 ? -1 : name.indexOf('\\', server + 1);
        return Optional.of("\\\\" + (share < 0 ? name : name.substring(0, share)));
    }

    /** {@code Z:} of {@code z:\x} and {@code \\?\Z:\x}; empty for a path without a drive. */
    static String drive(String path) {
        String name = path.startsWith("\\\\?\\") || path.startsWith("\\\\.\\") ? path.substring(4) : path;
        boolean drive = name.length() >= 2 && name.charAt(1) == ':' && isLetter(name.charAt(0));
        return drive ? Character.toUpperCase(name.charAt(0)) + ":" : "";
    }

    /** The share that {@code net use} lists beside a drive. Its headings are localized, drives and shares are not. */
    static Optional<String> mapped(String netUse, String drive) {
        for (String line : netUse.lines().toList()) {
            int at = line.indexOf(" " + drive + " ");
            int share = at < 0 ? -1 : line.indexOf("\\\\", at);
            if (drive.isEmpty() || share < 0) continue;
            int end = line.indexOf("  ", share);
            return Optional.of((end < 0 ? line.substring(share) : line.substring(share, end)).strip());
        }
        return Optional.empty();
    }

    /**
     * Does {@code fsutil fsinfo drivetype} call the two drives by the same words? They are localized, but the system's
     * own drive is always a fixed one, so what is called as it is called is fixed too.
     */
    static boolean calledAlike(String driveType, String systemDriveType) {
        String words = wordsAfterDrive(driveType);
        return !words.isEmpty() && words.equals(wordsAfterDrive(systemDriveType));
    }

    private static String wordsAfterDrive(String driveType) {
        int dash = driveType.indexOf(" - ");
        return dash < 0 ? "" : driveType.substring(dash + 3).strip();
    }

    /** A removable drive is told from a share only in English: elsewhere it counts as remote, which is the careful way. */
    private static boolean isRemote(String drive, List<String> unseen) {
        Optional<String> words = SystemListing.of("fsutil", "fsinfo", "drivetype", drive);
        Optional<String> system = SystemListing.of("fsutil", "fsinfo", "drivetype", systemDrive());
        if (words.isEmpty() || system.isEmpty()) {
            unseen.add("fsutil gave no answer, so it is not known whether " + drive + " is a local drive");
            return false;
        }
        String said = wordsAfterDrive(words.get());
        boolean local =
                calledAlike(words.get(), system.get()) || said.startsWith("Removable") || said.startsWith("RAM");
        return !local;
    }

    private static String systemDrive() {
        return Optional.ofNullable(System.getenv("SystemDrive")).orElse("C:");
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
