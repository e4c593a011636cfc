package walsafe.facts;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds out what the caller's name for a database stands for. Asks for attributes and reads symbolic links, and opens
 * nothing: a pipe would block and a device might act.
 *
 * <p>Symbolic links are resolved as SQLite's unix VFS does it ({@code unixFullPathname} in os_unix.c): element by
 * element, {@code ..} taken off what is resolved so far, a name that does not exist appended as it is. Because SQLite
 * resolves before it appends {@code -wal}, the companions lie beside the resolved file. On Windows SQLite resolves no
 * links, so neither do we.
 *
 * <p>One use, one thread; but {@link #reached} may be read by another that has lost its patience.
 */
final class TargetLook {
    /** SQLITE_MAX_SYMLINK of os_unix.c: with more, SQLite says "unable to open". */
    private static final int MOST_LINKS = 200;

    /** PATH_MAX of Linux is 4096, and the longest path of Windows 32767. */
    private static final int LONGEST_NAME = 32_767;

    private final String asked;
    private final List<String> links = new ArrayList<>();
    private final List<String> unseen = new ArrayList<>();
    private volatile List<String> uriParameters = List.of();
    private volatile Optional<Path> spelling = Optional.empty();

    /** The name being looked at, links before it resolved: what a dead storage is found by. */
    private volatile Optional<Path> reached = Optional.empty();

    TargetLook(String asked) {
        this.asked = asked;
    }

    /** Resolves the name. Takes a system call per element of the path, and does not return if the storage is dead. */
    Target look(String os) {
        String name = asked;
        if (SqliteUri.looksLike(asked)) {
            SqliteUri uri = SqliteUri.parse(asked);
            uriParameters = uri.parameters();
            if (uri.namesAnotherHost()) return refusedByUri(uri);
            if (uri.inMemory()) return target(Optional.empty(), Target.State.MEMORY);
            name = uri.path();
        }
        if (name.isEmpty() || name.equals(":memory:")) return target(Optional.empty(), Target.State.MEMORY);
        return lookAt(name, os.startsWith("Windows"));
    }

    /** How far the look has come: the element that it asks about, links before it resolved. Any thread may ask. */
    Optional<Path> reached() {
        return reached;
    }

    /** The target as it is told when the look has not come back: by its spelling. Any thread may ask. */
    Target silent() {
        return new Target(asked, spelling.map(Path::toString), Target.State.SILENT, List.of(), uriParameters);
    }

    /** What could not be looked at; only to be asked by the thread that looked. */
    List<String> unseen() {
        return unseen;
    }

    private Target lookAt(String name, boolean windows) {
        if (name.length() > LONGEST_NAME) return noPath("it is longer than any path can be");
        try {
            Path path = Path.of(windows ? withoutSlashBeforeDrive(name) : name).toAbsolutePath();
            spelling = Optional.of(path.normalize());
            reached = spelling;
            return windows ? judged(path.normalize()) : walked(path);
        } catch (InvalidPathException e) {
            // A NUL in it, or letters that this Java's encoding of file names lacks (LC_ALL=C before JDK 18).
            return noPath(e.getReason());
        }
    }

    private Target noPath(String why) {
        unseen.add("the name cannot be a path for this Java: " + why);
        return target(Optional.empty(), Target.State.NOT_A_FILE);
    }

    private Target walked(Path path) {
        Deque<Path> rest = new ArrayDeque<>();
        Path resolved = pushElements(path, rest, path.getRoot());
        Target.State state = Target.State.DIRECTORY;
        while (!rest.isEmpty()) {
            Path element = rest.pop();
            if (element.toString().equals(".")) continue;
            if (element.toString().equals("..")) {
                Path parent = resolved.getParent();
                resolved = parent == null ? resolved : parent;
                state = absent(state) && !Files.isDirectory(resolved)
                        ? Target.State.NO_DIRECTORY
                        : Target.State.DIRECTORY;
                continue;
            }
            Path here = resolved.resolve(element);
            // Asked here because ENOTDIR is one exception before JDK 20 and another since.
            if (state == Target.State.FILE || state == Target.State.NOT_A_FILE) return belowAFile(resolved, here);
            reached = Optional.of(here);
            try {
                BasicFileAttributes seen =
                        Files.readAttributes(here, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (seen.isSymbolicLink()) {
                    links.add(here.toString());
                    if (links.size() > MOST_LINKS)
                        return target(Optional.of(here.toString()), Target.State.SYMLINK_LOOP);
                    resolved = pushElements(Files.readSymbolicLink(here), rest, resolved);
                    continue;
                }
                state = stateOf(seen);
            } catch (NoSuchFileException e) {
                state = absent(state) ? Target.State.NO_DIRECTORY : Target.State.MISSING;
            } catch (IOException e) {
                return unreachable(here, joined(here, rest), e);
            }
            resolved = here;
        }
        return target(Optional.of(resolved.toString()), state);
    }

    private static boolean absent(Target.State state) {
        return state == Target.State.MISSING || state == Target.State.NO_DIRECTORY;
    }

    /** Puts the elements of a path before the rest, and returns where they start: at the root, or where we are. */
    private static Path pushElements(Path path, Deque<Path> rest, Path from) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) rest.push(path.getName(i));
        Path root = path.getRoot();
        return root == null ? from : root;
    }

    private static Path joined(Path here, Deque<Path> rest) {
        Path path = here;
        for (Path element : rest) path = path.resolve(element);
        return path.normalize();
    }

    private Target judged(Path path) {
        reached = Optional.of(path);
        try {
            return target(Optional.of(path.toString()), stateOf(Files.readAttributes(path, BasicFileAttributes.class)));
        } catch (NoSuchFileException e) {
            Path directory = path.getParent();
            boolean below = directory != null && !Files.exists(directory);
            return target(Optional.of(path.toString()), below ? Target.State.NO_DIRECTORY : Target.State.MISSING);
        } catch (IOException e) {
            return unreachable(path, path, e);
        }
    }

    private Target unreachable(Path here, Path whole, IOException e) {
        Optional<String> path = Optional.of(whole.toString());
        if (e instanceof AccessDeniedException) {
            unseen.add("permissions forbid to look at " + here);
            return target(path, Target.State.FORBIDDEN);
        }
        unseen.add("the storage at " + here + " answered: " + reason(e));
        return target(path, Target.State.SILENT);
    }

    private Target belowAFile(Path file, Path here) {
        unseen.add(file + " is a file, so nothing can lie below it");
        return target(Optional.of(here.toString()), Target.State.NOT_A_FILE);
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException said && said.getReason() != null) return said.getReason();
        return String.valueOf(e.getMessage());
    }

    private static Target.State stateOf(BasicFileAttributes seen) {
        if (seen.isDirectory()) return Target.State.DIRECTORY;
        return seen.isRegularFile() ? Target.State.FILE : Target.State.NOT_A_FILE;
    }

    private Target refusedByUri(SqliteUri uri) {
        unseen.add("SQLite opens no URI that names a host (" + uri.authority()
                + "); write file:///path or file://localhost/path");
        return target(Optional.empty(), Target.State.NOT_A_FILE);
    }

    /** {@code file:///C:/x.db} has the path {@code /C:/x.db}, which SQLite opens as {@code C:/x.db} (uri.html, 3.1). */
    private static String withoutSlashBeforeDrive(String name) {
        boolean drive = name.length() > 2 && name.charAt(0) == '/' && name.charAt(2) == ':';
        return drive ? name.substring(1) : name;
    }

    private Target target(Optional<String> database, Target.State state) {
        return new Target(asked, database, state, links, uriParameters);
    }
}
