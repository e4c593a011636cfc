package walsafe.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a writer of a database cannot help leaving: which files there are, how long they are, and when they were last
 * written. Two that are equal, taken some milliseconds apart, say that nobody wrote in between; a single write within
 * one tick of the filesystem's clock (4 ms on Linux before 6.13) can hide only if it changes no length.
 *
 * <p>The programs seen with the file open are not all that write: one may end before the processes are looked at, and
 * those of other users and other hosts are never seen. Opens nothing.
 *
 * @param prints of the database, its -wal and its -journal; empty for one that is not there
 */
record Footprint(List<Optional<Print>> prints) {
    /** @param identity device and inode, as text */
    record Print(String identity, long sizeBytes, FileTime modified) {}

    static Footprint of(String database) {
        return new Footprint(Stream.of(DatabasePart.DATABASE, DatabasePart.WAL, DatabasePart.JOURNAL)
                .map(part -> print(database + part.suffix()))
                .toList());
    }

    /** A file that may not be asked about is told as if there were none. */
    static Optional<Print> print(String name) {
        try {
            BasicFileAttributes seen = Files.readAttributes(Path.of(name), BasicFileAttributes.class);
            return Optional.of(new Print(String.valueOf(seen.fileKey()), seen.size(), seen.lastModifiedTime()));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty(); // Target has told apart why
        }
    }
}
