package walsafe.custody;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import walsafe.facts.DatabasePart;

/**
 * Where walsafe keeps what belongs to one database: {@code <db>-walsafe.d} beside it. Other parts of walsafe keep names
 * of their own there, which this leaves alone.
 *
 * @param database absolute, links resolved
 */
record Folder(Path database) {
    /** What a set is made of; a -shm is an index that SQLite makes anew, no data. */
    static final List<DatabasePart> SET = List.of(DatabasePart.DATABASE, DatabasePart.WAL, DatabasePart.JOURNAL);

    Path root() {
        return database.resolveSibling(database.getFileName() + "-walsafe.d");
    }

    Path intent() {
        return root().resolve("intent");
    }

    Path quarantine() {
        return root().resolve("quarantine");
    }

    Path staging() {
        return root().resolve("staging");
    }

    Path live(DatabasePart part) {
        return database.resolveSibling(name(part));
    }

    String name(DatabasePart part) {
        return database.getFileName() + part.suffix();
    }

    /** The sets in quarantine, oldest first. */
    List<Path> sets() throws IOException {
        if (!Files.isDirectory(quarantine(), LinkOption.NOFOLLOW_LINKS)) return List.of();
        try (Stream<Path> all = Files.list(quarantine())) {
            return all.filter(each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
    }

    /** Makes it, if need be, below a parent that is there; a link in its place could lead anywhere. */
    static void make(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(directory + " is in the way: it is no directory");
            }
        }
    }
}
