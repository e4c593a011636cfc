package walsafe.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;
import walsafe.words.FileUri;

/** Opens connections as the plan says, and hands none out whose settings were not read back. */
final class Opener {
    private final Path database;
    private final Plan.Open plan;
    private final boolean local;

    Opener(Path database, Plan.Open plan) {
        this(database, plan, true);
    }

    /** @param local as for {@link Guard#open} */
    Opener(Path database, Plan.Open plan, boolean local) {
        this.database = database;
        this.plan = plan;
        this.local = local;
    }

    /** The connection that writes; sets the journal mode of the file. */
    Session writer() throws SQLException {
        Connection connection = connect(database);
        return orClose(connection, () -> {
            setUp(connection);
            return session(connection);
        });
    }

    /** A connection that only reads. Never sets the journal mode: that is the file's, and the writer's to set. */
    Session reader() throws SQLException {
        Connection connection = connect(database);
        return orClose(connection, () -> {
            for (Pragma pragma : waitFirst()) {
                if (pragma.name().equals("journal_mode")) {
                    Setting.verify(connection, fileWide(pragma), database.toString());
                } else {
                    Setting.apply(connection, pragma, database.toString());
                }
            }
            Setting.apply(connection, new Pragma("query_only", "on", "only the writer writes"), database.toString());
            return session(connection);
        });
    }

    /**
     * Writes and reads a database of its own beside the real one, with the same settings. On storage that cannot map
     * shared memory {@code PRAGMA journal_mode=wal} answers "wal", and every statement after it fails; by then the real
     * header would say WAL, and an ordinary connection could not even switch back.
     */
    void rehearse() throws SQLException, IOException {
        Path directory = Files.createTempDirectory(database.toAbsolutePath().getParent(), ".walsafe-");
        Path scratch = directory.resolve("rehearsal.db");
        try (Connection connection = connect(scratch)) {
            new Opener(scratch, plan).setUp(connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE rehearsal(line)");
                statement.execute("INSERT INTO rehearsal VALUES ('to be, or not')");
                statement.executeQuery("SELECT line FROM rehearsal").close();
            }
        } finally {
            for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
                Files.deleteIfExists(directory.resolve("rehearsal.db" + suffix));
            }
            Files.deleteIfExists(directory);
        }
    }

    private void setUp(Connection connection) throws SQLException {
        for (Pragma pragma : waitFirst()) {
            if (pragma.name().equals("journal_mode") && !pragma.value().equals("wal")) mustNotBeWal(connection);
            Setting.apply(connection, pragma, database.toString());
        }
    }

    private Session session(Connection connection) throws SQLException {
        return new Session(connection, database.toString(), error -> LockedOut.told(error, database, plan), journal());
    }

    private Optional<FreshJournal> journal() {
        boolean used = plan.mode() == Mode.ROLLBACK && !local && !InMemory.is(database);
        return used ? Optional.of(new FreshJournal(database)) : Optional.empty();
    }

    /** Somebody may have made it a WAL database since it was looked at; SQLite would switch it back without a word. */
    private void mustNotBeWal(Connection connection) throws SQLException {
        if (!Setting.readBack(connection, "journal_mode").equals("wal")) return;
        throw new WalsafeException(new Finding(
                Problem.MODE_UNSAFE_HERE,
                database.toString(),
                "the database is in WAL mode now, and the plan is "
                        + plan.mode().words(),
                Remedy.of("Stop the program that switched it, and open it again: walsafe who names it.")));
    }

    /** The plan's settings in its order, but the busy timeout before all: the others may have to wait for a lock. */
    private List<Pragma> waitFirst() {
        List<Pragma> ordered = new ArrayList<>(plan.pragmas());
        ordered.sort((one, other) ->
                Boolean.compare(other.name().equals("busy_timeout"), one.name().equals("busy_timeout")));
        return ordered;
    }

    /** Rollback flavours are a connection's own; to another connection the file says only "not WAL". */
    private static Pragma fileWide(Pragma journalMode) {
        return journalMode.value().equals("wal")
                ? journalMode
                : new Pragma("journal_mode", "delete", journalMode.because());
    }

    /** As the writer was when it was new. */
    void restore(Session session) {
        session.restore(this::setUp);
    }

    private Connection connect(Path file) throws SQLException {
        if (InMemory.is(file)) return Driver.connect("jdbc:sqlite::memory:");
        return Driver.connect("jdbc:sqlite:" + FileUri.of(file) + parameters());
    }

    /**
     * A connection with no setting of the plan but how it reaches the file. One that only looks leaves the -wal as it is
     * when it closes; the other may roll back a hot journal or empty the -wal, as whoever opens the database next would.
     */
    Connection bare(boolean onlyLooking) throws SQLException {
        String parameters = parameters();
        String access =
                !onlyLooking || plan.mode() == Mode.READ_ONLY ? "" : (parameters.isEmpty() ? "?" : "&") + "mode=ro";
        return Driver.connect("jdbc:sqlite:" + FileUri.of(database) + parameters + access);
    }

    private String parameters() {
        if (plan.mode() == Mode.READ_ONLY) return "?immutable=1";
        return plan.vfs().isEmpty() ? "" : "?vfs=" + plan.vfs();
    }

    private interface Setup {
        Session run() throws SQLException;
    }

    private Session orClose(Connection connection, Setup setup) throws SQLException {
        try {
            return setup.run();
        } catch (SQLException | RuntimeException | Error e) {
            try {
                connection.close();
            } catch (SQLException second) {
                e.addSuppressed(second);
            }
            if (e instanceof SQLException error) throw LockedOut.told(error, database, plan);
            throw e;
        }
    }
}
