package walsafe.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import walsafe.facts.DatabasePart;

/**
 * What a write of another program would change: number, size and time of the database, its -wal and its -journal. An
 * empty -wal is like none: SQLite makes one when it opens. Opens nothing.
 */
record Footprint(List<String> parts) {
    static Footprint of(Path database) throws IOException {
        List<String> parts = new ArrayList<>();
        for (DatabasePart part : List.of(DatabasePart.DATABASE, DatabasePart.WAL, DatabasePart.JOURNAL)) {
            parts.add(of(database, part));
        }
        return new Footprint(List.copyOf(parts));
    }

    private static String of(Path database, DatabasePart part) throws IOException {
        Path path = database.resolveSibling(database.getFileName() + part.suffix());
        try {
            BasicFileAttributes seen = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (part == DatabasePart.WAL && seen.size() == 0) return "none";
            return seen.fileKey() + " " + seen.size() + " " + seen.lastModifiedTime();
        } catch (NoSuchFileException e) {
            return "none";
        }
    }
}
