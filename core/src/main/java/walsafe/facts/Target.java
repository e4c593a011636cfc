package walsafe.facts;

import java.util.List;
import java.util.Optional;

/**
 * What the caller named, and what that turned out to be.
 *
 * @param asked the path as it was given: a path, a {@code file:} URI, {@code :memory:}
 * @param database absolute, symbolic links resolved as SQLite resolves them; for a file that does not exist yet, its
 *     nearest existing ancestor resolved and the rest appended. Empty for {@code :memory:} and for
 *     a name that no path can have
 * @param state what lies there
 * @param links the symbolic links that were followed, outermost first
 * @param uriParameters of a {@code file:} URI ({@code vfs=unix-dotfile}, {@code immutable=1}), in the order given
 */
public record Target(
        String asked, Optional<String> database, State state, List<String> links, List<String> uriParameters) {
    public Target {
        links = List.copyOf(links);
        uriParameters = List.copyOf(uriParameters);
    }

    public enum State {
        FILE,
        /** No such file, in a directory that is there. */
        MISSING,
        /** Not even the directory: what will be made or mounted there, nobody knows. */
        NO_DIRECTORY,
        DIRECTORY,
        /** A device, a pipe or a socket; or a name below a file; or a URI that SQLite refuses to open. */
        NOT_A_FILE,
        SYMLINK_LOOP,
        /** The permissions of a directory on the way forbid even to look. */
        FORBIDDEN,
        /** {@code :memory:}, an empty name, or {@code mode=memory}. */
        MEMORY,
        /** The storage did not answer in time, or only with an error. */
        SILENT
    }
}
