package walsafe.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A directory that a torture works in; made for it, and gone after it. */
final class Scratch {
    static final String PREFIX = ".walsafe-torture-";

    private static final int DEPTH = 3; // files, the directories of dot-file locks, and those of libraries
    private static final int TRIES = 80;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(25); // a .nfs file goes with its last opener

    private final Path directory;

    private Scratch(Path directory) {
        this.directory = directory;
    }

    /** With a name of chance, so that two tortures do not meet, and for this user alone. */
    static Scratch in(Path directory) throws IOException {
        return new Scratch(Files.createTempDirectory(directory, PREFIX));
    }

    /** The same by another path. */
    Scratch through(Path view) {
        return new Scratch(view.resolve(directory.getFileName()));
    }

    Path directory() {
        return directory;
    }

    /** Those that lie there: of a torture that was killed itself, or of one that still runs. */
    static List<String> others(Path directory) {
        List<String> others = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path each : found) others.add(each.toString());
        } catch (IOException e) {
            return List.of(); // what cannot be listed will not take a scratch directory either, and that is told
        }
        Collections.sort(others);
        return others;
    }

    /** In bytes, by their names alone: nothing is opened. */
    long size() {
        long bytes = 0;
        try {
            for (Path file : contents()) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) bytes += Files.size(file);
            }
        } catch (IOException e) {
            return bytes; // a journal that is gone by now
        }
        return bytes;
    }

    /** Removes what is in it; true if nothing is left. */
    boolean empty() {
        return repeatedly(this::emptied);
    }

    /**
     * Removes it, trying for two seconds.
     *
     * @return what is still there; empty if it is gone
     */
    List<String> clear() {
        if (repeatedly(this::removed) || !listed()) return List.of();
        List<String> left = new ArrayList<>();
        try {
            for (Path file : contents()) left.add(file.toString());
        } catch (IOException e) {
            // Then its own name has to do.
        }
        return left.isEmpty() ? List.of(directory.toString()) : left;
    }

    /** An overlay goes on answering for a name that went away below it, but lists it no more. */
    private boolean listed() {
        Path parent = directory.toAbsolutePath().getParent();
        return parent == null
                || others(parent).contains(directory.toAbsolutePath().toString());
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static boolean repeatedly(Attempt attempt) {
        for (int i = 0; i < TRIES; i++) {
            try {
                attempt.run();
                return true;
            } catch (IOException e) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return false;
    }

    private void emptied() throws IOException {
        for (Path file : contents()) Files.deleteIfExists(file);
    }

    private void removed() throws IOException {
        emptied();
        Files.deleteIfExists(directory);
    }

    /** The deepest first; links are not followed. */
    private List<Path> contents() throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) return List.of();
        try (Stream<Path> walk = Files.walk(directory, DEPTH)) {
            List<Path> contents =
                    new ArrayList<>(walk.filter(file -> !file.equals(directory)).toList());
            Collections.reverse(contents);
            return contents;
        } catch (UncheckedIOException e) {
            throw e.getCause(); // something went away meanwhile
        }
    }
}
