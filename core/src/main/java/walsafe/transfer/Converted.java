package walsafe.transfer;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a conversion went.
 *
 * @param database absolute, links resolved
 * @param wasWal was it in WAL mode before
 * @param mode that it is in now
 * @param changed false if it was in that mode already, and nothing was touched
 * @param frames of the -wal that were carried over into the database
 * @param framesLeft of a -wal that did not belong to it: not carried over, kept in quarantine
 * @param kept where the old files are kept, if they had to be
 * @param notes what could not be seen or made sure of, a clause each
 */
public record Converted(
        Path database,
        boolean wasWal,
        JournalMode mode,
        boolean changed,
        long frames,
        long framesLeft,
        Optional<Path> kept,
        List<String> notes) {
    public Converted {
        Objects.requireNonNull(database, "database");
        notes = List.copyOf(notes);
    }
}
