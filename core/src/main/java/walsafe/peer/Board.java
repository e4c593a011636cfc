package walsafe.peer;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The directory in which two hosts leave names for each other, {@code .walsafe-two-hosts} in the one they share. The files
 * are empty: a host that never sees another's bytes (9p with {@code cache=loose}) still sees names that are new to it.
 *
 * <p>A host may remember a directory's names for a minute. It looks anew once it has changed the directory itself, so
 * before it looks it makes a name of its own and takes away the one before. No name is ever used twice.
 */
final class Board implements AutoCloseable {
    static final String NAME = ".walsafe-two-hosts";

    private static final int MOST = 20_000; // names of runs that were killed; more than that is somebody's mischief

    private static final String SAME_USER =
            "Run both hosts as one user, who may write in the directory: the one that opens"
                    + " the database; what earlier runs of another user have left there goes when that user removes it.";

    private final Path place;
    private final String id;
    private final Set<String> own = ConcurrentHashMap.newKeySet(); // to be taken away in the end
    private long looks;
    private boolean closed;

    private Board(Path place, String id) {
        this.place = place;
        this.id = id;
    }

    /**
     * Makes it if the other has not made it yet.
     *
     * @param id of chance, and part of every name that this side leaves
     * @throws NotMet if it cannot be used, saying why
     */
    static Board in(Path directory, String id) throws IOException {
        Path place = directory.resolve(NAME);
        try {
            make(directory, place);
            Board board = new Board(place, id);
            board.mustBeOurs();
            return board;
        } catch (AccessDeniedException e) {
            throw new NotMet(
                    "this user may not write in " + e.getFile()
                            + "; if it is the other host's, run both as the same user",
                    SAME_USER);
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
            throw new NotMet(
                    "nothing can be made in " + directory + ": " + reason,
                    "Take away what stands in the way, and start it on both hosts again.");
        }
    }

    private static void make(Path directory, Path place) throws IOException {
        try {
            if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
                Files.createDirectory(
                        place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectory(place);
            }
        } catch (FileAlreadyExistsException e) {
            // The other host was here before, or an earlier run.
        }
    }

    /** Else somebody who may write here could lead our files elsewhere by a link. */
    private void mustBeOurs() throws IOException {
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotMet(place + " is no directory", "Find out whose it is, and move it out of the way.");
        }
        put("b" + id);
        if (!sameOwner(place, place.resolve("b" + id))) {
            close();
            throw new NotMet(
                    place + " is another user's, or others may write in it; run both as the same user", SAME_USER);
        }
    }

    /** Is a directory its maker's alone, who is also the owner of what we make there; true where there are no owners. */
    static boolean sameOwner(Path directory, Path ours) throws IOException {
        if (!Files.getFileStore(directory).supportsFileAttributeView("posix")) return true;
        Set<PosixFilePermission> may = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
        boolean open = may.contains(PosixFilePermission.GROUP_WRITE) || may.contains(PosixFilePermission.OTHERS_WRITE);
        boolean same = Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS)
                .equals(Files.getOwner(ours, LinkOption.NOFOLLOW_LINKS));
        return same && !open;
    }

    /** Nothing is put once it is closed: a program that is being ended would leave it there. */
    synchronized void put(String name) throws IOException {
        if (closed) throw new IOException("the conversation is over");
        own.add(name);
        Files.createFile(place.resolve(name));
    }

    void take(String name) throws IOException {
        Files.deleteIfExists(place.resolve(name));
        own.remove(name);
    }

    /** The names that are there, as freshly as this host can be brought to look. */
    List<String> names() throws IOException {
        String last = looked(looks);
        put(looked(++looks));
        if (own.contains(last)) take(last);
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
                if (names.size() > MOST) throw new IOException("there are more than " + MOST + " names in " + place);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    private String looked(long times) {
        return "l" + id + "-" + times;
    }

    Path place() {
        return place;
    }

    /** Takes away what this side has left, and the directory if the other has gone. */
    @Override
    public synchronized void close() {
        closed = true;
        for (String name : own) {
            try {
                take(name);
            } catch (IOException e) {
                // Told by whoever finds it: an empty file.
            }
        }
        try {
            Files.deleteIfExists(place);
        } catch (IOException e) {
            // The other host is still here, or names of a run that was killed are.
        }
    }
}
