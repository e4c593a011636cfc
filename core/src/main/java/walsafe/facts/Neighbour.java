package walsafe.facts;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A process that has the database, its -wal, -shm or -journal open.
 *
 * @param pid in our pid namespace
 * @param command its command line, shortened; removed by redaction
 * @param user its owner's name or number; removed by redaction
 * @param startedAt when it started, ISO-8601; empty if unknown
 * @param open which files it has open
 * @param deleted which of them have lost their name: whatever it writes there, nobody else will see
 * @param descriptors how many descriptors it has of each file; of a -shm that it can write, only those that can. One SQLite opens a -shm once in a process, however many
 *     connections there are, so two prove two SQLites
 * @param locks its locks, in SQLite's words
 * @param pinsFrame the last frame of the -wal that this process's oldest reader needs, if it reads and a checkpoint
 *     cannot pass it
 * @param sqlites the SQLite libraries it runs, as far as can be told
 * @param otherDomain it reaches the same file through another superblock than we do
 * @param self is it this process
 */
public record Neighbour(
        long pid,
        String command,
        Optional<String> user,
        Optional<String> startedAt,
        Set<DatabasePart> open,
        Set<DatabasePart> deleted,
        Map<DatabasePart, Integer> descriptors,
        List<SqliteLock> locks,
        Optional<Long> pinsFrame,
        List<SqliteLibrary> sqlites,
        boolean otherDomain,
        boolean self) {
    public Neighbour {
        open = inOrder(open);
        deleted = inOrder(deleted);
        descriptors = inOrder(descriptors);
        locks = List.copyOf(locks);
        sqlites = List.copyOf(sqlites);
    }

    /** {@code pid 412 (python3 app.py)}, as it is named in the middle of a sentence. */
    public String words() {
        return "pid " + pid + " (" + command + ")";
    }

    /** Of how many descriptors of that file is known. */
    public int descriptorsOf(DatabasePart part) {
        return descriptors.getOrDefault(part, 0);
    }

    private static Map<DatabasePart, Integer> inOrder(Map<DatabasePart, Integer> descriptors) {
        Map<DatabasePart, Integer> ordered = new EnumMap<>(DatabasePart.class);
        ordered.putAll(descriptors);
        return Collections.unmodifiableMap(ordered);
    }

    /** Always in the same order, so that equal facts print alike. */
    private static Set<DatabasePart> inOrder(Set<DatabasePart> parts) {
        Set<DatabasePart> ordered = EnumSet.noneOf(DatabasePart.class);
        ordered.addAll(parts);
        return Collections.unmodifiableSet(ordered);
    }

    /**
     * A SQLite that a process has loaded.
     *
     * @param where the library or program that holds it, by its path
     * @param version empty if it could not be told
     * @param how it was told: "the library's text", "the file's name"
     */
    public record SqliteLibrary(String where, Optional<SqliteVersion> version, String how) {}
}
