package walsafe.guard;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.sqlite.JDBC;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.format.DatabaseFile;
import walsafe.format.Ledger;

/**
 * Who else in this process has the database open, before we open it. A connection of the same native SQLite is no danger to
 * the file: that library counts the locks of the whole process. Two native SQLites are: each closes the file without asking
 * the other, and POSIX drops the locks of both (howtocorrupt.html, 2.2.1). sqlite-jdbc unpacks its library once for each
 * class loader, so a plugin or a second web application brings a second one.
 *
 * <p>Linux only, from {@code /proc/self/fd} and {@code /proc/self/maps}; elsewhere nothing can be told, and nothing is
 * refused. From outside a library nobody can ask it what it has open, so where two are loaded the descriptors may be
 * either's, unless ours was not even loaded yet.
 */
public final class Strangers {
    private static final Logger LOG = System.getLogger("walsafe");
    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    private final Path database;
    private final List<String> ofDatabase;
    private final List<String> ofWal;
    private final List<String> ofShm;

    private Strangers(Path database) {
        this.database = database;
        this.ofDatabase = descriptors(database);
        this.ofWal = descriptors(database.resolveSibling(database.getFileName() + "-wal"));
        this.ofShm = descriptors(database.resolveSibling(database.getFileName() + "-shm"));
    }

    /**
     * What to warn of; empty if nobody was found. To be asked before SQLite opens the database for us.
     *
     * @param ours as it stands in the ledger: where walsafe itself has the file open another time, its descriptors cannot
     *     be told from a stranger's
     * @throws WalsafeException if two native SQLites would have, or may have, the same file open
     */
    static Optional<Finding> of(Path database, Ledger.Opening ours) throws SQLException {
        if (!OwnDescriptors.visible() || !ours.alone()) return Optional.empty();
        Strangers strangers = new Strangers(database);
        if (strangers.count() == 0) return Optional.empty();
        return Optional.of(strangers.judge());
    }

    /**
     * For whoever opens a database through SQLite without a {@link Guard}, and closes it again: refuses where opening would.
     *
     * @param ours as it stands in the ledger
     * @throws WalsafeException if two native SQLites would have, or may have, the same file open
     */
    public static void mustShareOurSqlite(Path database, Ledger.Opening ours) throws SQLException {
        Optional<Finding> sameSqlite = of(database, ours); // which counts the locks of all its connections
        sameSqlite.ifPresent(finding -> LOG.log(Logger.Level.DEBUG, finding.toString()));
    }

    /**
     * Those that walsafe does not have itself. A reader of bytes, or a descriptor that is kept because closing it would drop
     * locks, is no SQLite's: it never has a lock, so it is left out before any that has one. Asked in one turn, since another
     * walsafe of this program may be opening or closing one.
     */
    private static List<String> descriptors(Path file) {
        List<String> strangers = new ArrayList<>();
        DatabaseFile.whileOursStay(file, own -> {
            strangers.addAll(
                    OwnDescriptors.identity(file).flatMap(OwnDescriptors::of).orElse(List.of()));
            List<String> unlocked = strangers.stream()
                    .filter(descriptor -> !OwnDescriptors.locked(descriptor))
                    .limit(own)
                    .toList();
            strangers.removeAll(unlocked);
        });
        return strangers;
    }

    private int count() {
        return ofDatabase.size() + ofWal.size() + ofShm.size();
    }

    private Finding judge() throws SQLException {
        Set<String> before = libraries();
        JDBC.createConnection("jdbc:sqlite::memory:", new Properties())
                .close(); // now ours is loaded, and has touched no file
        Set<String> libraries = libraries();
        if (libraries.size() < 2) return bare();
        boolean oursIsNew = !before.containsAll(libraries);
        boolean theirsIsSqlite =
                !ofWal.isEmpty() || !ofShm.isEmpty() || ofDatabase.stream().anyMatch(OwnDescriptors::locked);
        // One SQLite opens the -shm once in a process, however many connections there are (decision 7).
        boolean proved = ofShm.size() > 1 || (oursIsNew && theirsIsSqlite);
        throw new WalsafeException(proved ? two(libraries) : perhapsTwo(libraries));
    }

    private Finding bare() {
        return new Finding(
                Problem.OPEN_PAST_WALSAFE,
                database.toString(),
                seen() + ", and walsafe did not open it there",
                Remedy.of(
                        "Open it through walsafe only: its queue of writers and its watch over the locks do not reach a"
                                + " connection that it does not know."));
    }

    private Finding two(Set<String> libraries) {
        return new Finding(
                Problem.TWO_SQLITES,
                database.toString(),
                seen() + " by another SQLite than walsafe's; loaded are " + String.join(", ", libraries),
                Remedy.of(
                        "Load sqlite-jdbc once, in a class loader that all share, or give one of the two a process of its"
                                + " own.",
                        "walsafe explain " + Problem.TWO_SQLITES.id()));
    }

    private Finding perhapsTwo(Set<String> libraries) {
        return new Finding(
                Problem.PERHAPS_TWO_SQLITES,
                database.toString(),
                seen() + ", and which SQLite opened it cannot be told; loaded are " + String.join(", ", libraries),
                Remedy.of(
                        "Close that connection before walsafe opens the database, or load sqlite-jdbc once, in a class loader"
                                + " that all share.",
                        "walsafe explain " + Problem.PERHAPS_TWO_SQLITES.id()));
    }

    private String seen() {
        List<String> all = new ArrayList<>(ofDatabase);
        all.addAll(ofWal);
        all.addAll(ofShm);
        return "this program has it open already (descriptor " + String.join(", ", all) + ")";
    }

    /** The files of the SQLite libraries that are mapped here; none where that cannot be told. */
    private static Set<String> libraries() {
        Set<String> found = new HashSet<>();
        try {
            for (String line : Files.readAllLines(MAPPINGS, StandardCharsets.ISO_8859_1)) {
                String file = line.substring(line.indexOf('/') < 0 ? line.length() : line.indexOf('/'));
                String name = file.substring(file.lastIndexOf('/') + 1);
                if (name.contains("sqlite") && name.contains(".so")) found.add(file);
            }
        } catch (IOException e) {
            return Set.of();
        }
        return found;
    }
}
