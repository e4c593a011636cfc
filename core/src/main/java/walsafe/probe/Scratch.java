package walsafe.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The directory that a probe works in, beside the database; made for it, and gone after it. */
final class Scratch {
    /** Begins its name, so that whoever meets one knows whose it was. */
    static final String PREFIX = ".walsafe-probe-";

    private static final int DEPTH = 2; // files, and those of a directory for SQLite's library
    private static final int TRIES = 40;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(25); // a .nfs file goes with its last opener

    private Scratch() {}

    /** With a name of chance, so that two probes do not meet, and for this user alone. */
    static Path in(Path directory) throws IOException {
        return Files.createTempDirectory(directory, PREFIX);
    }

    /**
     * Removes it, trying for a second.
     *
     * @return what is still there; empty if it is gone
     */
    static List<String> clear(Path scratch) {
        for (int i = 1; i < TRIES; i++) {
            if (tried(scratch)) return List.of();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return tried(scratch) ? List.of() : left(scratch);
    }

    private static boolean tried(Path scratch) {
        try {
            for (Path file : files(scratch)) Files.deleteIfExists(file);
            Files.deleteIfExists(scratch);
            return true;
        } catch (IOException e) {
            return !Files.exists(scratch, LinkOption.NOFOLLOW_LINKS) && Files.notExists(scratch);
        }
    }

    /** What lies in it, the deepest first; links are not followed. */
    private static List<Path> files(Path scratch) throws IOException {
        if (!Files.isDirectory(scratch, LinkOption.NOFOLLOW_LINKS)) return List.of();
        try (Stream<Path> walk = Files.walk(scratch, DEPTH)) {
            List<Path> files =
                    new ArrayList<>(walk.filter(file -> !file.equals(scratch)).toList());
            Collections.reverse(files);
            return files;
        } catch (UncheckedIOException e) {
            throw e.getCause(); // somebody else removes it too
        }
    }

    private static List<String> left(Path scratch) {
        try {
            List<String> left = new ArrayList<>();
            for (Path file : files(scratch)) left.add(file.toString());
            return left.isEmpty() ? List.of(scratch.toString()) : left;
        } catch (IOException e) {
            return List.of(scratch.toString());
        }
    }
}
