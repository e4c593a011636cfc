package walsafe.guard;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.format.Ledger;
import walsafe.policy.Mode;
import walsafe.policy.Plan;

/**
 * An open database, held to its plan: one connection writes, a few read, and works wait for each other in a fair queue
 * instead of polling SQLite's locks.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>At most one transaction of this process writes at a time, on the one connection that may.
 *   <li>A work runs inside a transaction begun and ended here; it sees a connection that refuses to end it.
 *   <li>After a COMMIT whose outcome is unknown nothing is written through that connection again; it is closed and
 *       opened anew first.
 *   <li>With a rollback journal no reader of this process stands in the way of a COMMIT of this process.
 *   <li>Nothing is written once a lock that SQLite must hold has vanished from this process, and no connection is closed.
 * </ol>
 *
 * <p>Thread-safe. A work runs on its caller's thread. Works may nest: a write in a write is a savepoint, a read in
 * either sees what that one sees, a write in a read is refused, because SQLite cannot turn one into the other safely.
 */
public final class Guard implements AutoCloseable {
    private static final Logger LOG = System.getLogger("walsafe");
    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(10);

    private final Path database;
    private final Plan.Open plan;
    private final Opener opener;
    private final Optional<Ledger.Opening> opening; // empty for a database in memory
    private final boolean local;
    private final LockWatch watch;

    private final ReentrantLock writing = new ReentrantLock(true);
    private @Nullable Session writer; // guarded by writing; null until needed, and after an unknown outcome

    private final Readers readers = new Readers();
    private final Turns turns = new Turns(); // guarded by writing

    private final AtomicInteger sessions = new AtomicInteger(); // opened in full, and not being closed

    /**
     * The work that a thread is in. Looked up once for each work; what stays with the thread afterwards is a class of the
     * JDK's that leads nowhere, so that a pool's threads do not hold on to our class loader.
     */
    @SuppressWarnings("ThreadLocalUsage") // of each guard, because a work on one database may use another
    private final ThreadLocal<AtomicReference<@Nullable Current>> current =
            ThreadLocal.withInitial(AtomicReference::new);

    private volatile boolean closed;
    private volatile boolean abandoned;

    /** The work that this thread is in. */
    private record Current(Session session, Kind kind) {}

    private enum Kind {
        WRITE,
        READ,
        /** The rows of a single statement are being read. */
        ROWS,
        MAINTENANCE
    }

    private Guard(Path database, Plan.Open plan, Optional<Ledger.Opening> opening, boolean local) {
        this.database = database;
        this.plan = plan;
        this.opener = new Opener(database, plan, local);
        this.opening = opening;
        this.local = local;
        this.watch = new LockWatch(database, plan.mode(), () -> sessions.get() > 0);
    }

    /**
     * Opens the database as the plan says.
     *
     * @param database absolute, symbolic links resolved; made if it does not exist and the plan can write
     * @param local is the storage this machine's alone, so that the plan's mode is known to work there and nothing that the
     *     kernel believes is out of date; if not, the same settings write and read a scratch database there first, and in the
     *     mode ROLLBACK each transaction asks the storage anew for the journal
     * @throws WalsafeException if a setting did not take, or another native SQLite in this process has, or may have, the
     *     database open
     * @throws SQLException if SQLite cannot open it
     */
    public static Guard open(Path database, Plan.Open plan, boolean local) throws SQLException, IOException {
        Abandoned.because(database).ifPresent(finding -> {
            throw new WalsafeException(finding);
        });
        Ledger.Opening opening = Ledger.openingThroughSqlite(database);
        Guard guard = new Guard(database, plan, Optional.of(opening), local);
        try {
            Strangers.of(database, opening).ifPresent(finding -> LOG.log(Logger.Level.WARNING, finding.toString()));
            if (!local && plan.mode() != Mode.READ_ONLY) guard.opener.rehearse();
            if (plan.mode() == Mode.READ_ONLY) guard.read(connection -> true);
            else guard.tryToWrite();
            guard.watch.start();
            return guard;
        } catch (SQLException | IOException | RuntimeException | Error e) { // an Error: the native library may not load
            try {
                guard.close();
            } catch (IllegalStateException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /**
     * Opens a database of its own in memory: one connection does everything, and closing it ends the database.
     *
     * @param name {@code :memory:}, for messages
     * @param wishes settings by their names in SQLite; those without a meaning there are warnings of the plan
     */
    public static Guard inMemory(Path name, Map<String, String> wishes) throws SQLException {
        if (!InMemory.is(name)) throw new IllegalArgumentException("not a database in memory: " + name);
        Guard guard = new Guard(name, InMemory.plan(wishes), Optional.empty(), true);
        guard.tryToWrite();
        return guard;
    }

    /**
     * Sets the writer up, each setting read back, and tries a transaction that writes. If another program is in one, that
     * may last: then a read has to do, and the first write will wait its turn.
     */
    private void tryToWrite() throws SQLException {
        writing.lock();
        try {
            Session session = writer();
            if (session.canWriteNow()) return;
            LOG.log(Logger.Level.INFO, database + ": another program is writing at this moment");
            session.transaction(Session.Begin.DEFERRED, Guard::readSomething, Session.Step::run, COMMIT_PATIENCE);
        } finally {
            keepOrDropWriter();
            writing.unlock();
        }
    }

    private static boolean readSomething(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
            return row.next();
        }
    }

    public Plan.Open plan() {
        return plan;
    }

    /** The trouble that has stopped this guard from writing, if there is one. */
    public Optional<Finding> trouble() {
        return watch.trouble();
    }

    /**
     * Runs a work that writes: begins with the write lock, commits when the work returns, rolls back when it throws.
     *
     * @throws WalsafeException {@link Problem#OUTCOME_UNKNOWN} if nobody knows whether the commit happened; {@link
     *     Problem#LOCKS_LOST} if writing has stopped
     */
    public <T> T write(Work<T> work) throws SQLException {
        Current outer = current.get().getPlain();
        if (outer != null) return nestedWrite(outer, work);
        writing.lock();
        takeTurns();
        try {
            mustBeWritable();
            return inside(
                    writer(),
                    Kind.WRITE,
                    session -> session.transaction(
                            Session.Begin.IMMEDIATE, stillWritable(work), this::commit, COMMIT_PATIENCE));
        } catch (WalsafeException e) {
            if (e.finding().problem() == Problem.OUTCOME_UNKNOWN && !inMemory())
                dropWriter(e.finding().toString());
            throw e;
        } finally {
            keepOrDropWriter();
            turns.end();
            writing.unlock();
        }
    }

    private void takeTurns() {
        if (plan.mode() == Mode.ROLLBACK_DOTFILE || (plan.mode() == Mode.ROLLBACK && !local)) turns.begin();
    }

    /**
     * Runs a work that reads one state of the database, however many statements it takes. Waits for nobody but another
     * reader when all are in use; in modes with one connection for everything, for the writer too. Every
     * attempt to write fails.
     */
    public <T> T read(Work<T> work) throws SQLException {
        Current outer = current.get().getPlain();
        if (outer != null) return nestedRead(outer, work);
        if (!oneConnection()) {
            return onReader(
                    Kind.READ,
                    reader -> reader.transaction(Session.Begin.DEFERRED, work, Session.Step::run, COMMIT_PATIENCE));
        }
        return onWriter(
                Kind.READ,
                session -> session.transaction(
                        Session.Begin.DEFERRED, session.onlyReading(work), Session.Step::run, COMMIT_PATIENCE));
    }

    /**
     * Reads with one statement, without BEGIN and COMMIT: SQLite gives one statement one state of the database. The
     * statement is compiled once for each connection and kept. Inside a work it sees what that work sees.
     *
     * @param sql one statement that reads: SELECT, VALUES, WITH, EXPLAIN, or a PRAGMA that asks
     * @param rows takes what it needs; inside it, of this database, only further single statements can be read
     * @param parameters one for each parameter of the statement, in their order, bound as sqlite-jdbc's {@code setObject}
     *     does; null is NULL
     * @throws SQLException also if the text is not one statement that only reads, or the number of parameters is wrong
     */
    @SuppressWarnings("exports") // the annotation says something to tools; nobody needs it to call this
    public <T> T read(String sql, Rows<T> rows, @Nullable Object... parameters) throws SQLException {
        AtomicReference<@Nullable Current> here = current.get();
        Current outer = here.getPlain();
        if (outer != null) return nestedQuery(outer, sql, rows, parameters);
        if (oneConnection()) return onWriter(Kind.ROWS, session -> session.query(sql, rows, parameters));
        readers.enter(); // from here as onReader() and inside(), written out: this takes SQLite two microseconds
        try {
            mustBeOpen();
            Session session = readers.take(this::openReader);
            here.setPlain(new Current(session, Kind.ROWS));
            try {
                return session.query(sql, rows, parameters);
            } finally {
                here.setPlain(null);
                giveBack(session);
            }
        } finally {
            readers.leave();
        }
    }

    /**
     * Runs a work alone on the writer and outside any transaction: VACUUM, migrations, ATTACH. No reader of this process
     * reads meanwhile. The settings of the plan stay refused. What the work leaves behind on its connection (a transaction,
     * an attached database, a setting) goes with it: the next work has another.
     */
    public <T> T maintain(Work<T> work) throws SQLException {
        if (inWork()) throw refused("maintain() cannot run inside another work");
        writing.lock();
        readers.beAlone();
        try {
            mustBeWritable();
            return inside(writer(), Kind.MAINTENANCE, session -> session.alone(work));
        } finally {
            keepOrDropWriter();
            readers.readAgain();
            writing.unlock();
        }
    }

    /** Invariant 5: looks once more before the commit, while throwing still rolls back. */
    private <T> Work<T> stillWritable(Work<T> work) {
        return connection -> {
            T result = work.run(connection);
            mustBeWritable();
            return result;
        };
    }

    private <T> T nestedWrite(Current outer, Work<T> work) throws SQLException {
        if (outer.kind == Kind.READ) throw refused("write() inside read(): begin with write()");
        if (outer.kind == Kind.ROWS) throw refused("write() while rows are being read: take them first, then write");
        if (outer.kind == Kind.MAINTENANCE) throw refused("write() inside maintain(): use the connection you have");
        return outer.session.savepoint(work);
    }

    private <T> T nestedRead(Current outer, Work<T> work) throws SQLException {
        if (outer.kind == Kind.MAINTENANCE) throw refused("read() inside maintain(): use the connection you have");
        if (outer.kind == Kind.ROWS) throw refused("read(work) while rows are being read: take them first");
        if (outer.kind == Kind.READ) return outer.session.savepoint(work);
        return inside(outer.session, Kind.READ, session -> session.savepoint(session.onlyReading(work)));
    }

    private <T> T nestedQuery(Current outer, String sql, Rows<T> rows, @Nullable Object[] parameters)
            throws SQLException {
        return inside(outer.session, Kind.ROWS, session -> session.query(sql, rows, parameters));
    }

    private <T> T onWriter(Kind kind, InSession<T> action) throws SQLException {
        writing.lock();
        takeTurns();
        try {
            mustBeOpen();
            return inside(writer(), kind, action);
        } finally {
            keepOrDropWriter();
            turns.end();
            writing.unlock();
        }
    }

    private <T> T onReader(Kind kind, InSession<T> action) throws SQLException {
        readers.enter();
        try {
            mustBeOpen();
            Session session = readers.take(this::openReader);
            try {
                return inside(session, kind, action);
            } finally {
                giveBack(session);
            }
        } finally {
            readers.leave();
        }
    }

    /**
     * Invariant 4: with a rollback journal the COMMIT needs every SHARED lock gone, and our own readers hold some. A reader
     * that does not leave in time may be waiting for this very work; then COMMIT answers BUSY, and the work is undone.
     */
    private void commit(Session.Step step) throws SQLException {
        boolean alone = plan.mode() == Mode.ROLLBACK && readersLeave();
        try {
            step.run();
        } finally {
            if (alone) readers.readAgain();
        }
    }

    private boolean readersLeave() {
        boolean interrupted = Thread.interrupted();
        try {
            return readers.beAloneWithin(COMMIT_PATIENCE);
        } catch (InterruptedException e) {
            interrupted = true;
            return false; // COMMIT finds out for itself
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private interface InSession<T> {
        T run(Session session) throws SQLException;
    }

    private <T> T inside(Session session, Kind kind, InSession<T> action) throws SQLException {
        AtomicReference<@Nullable Current> here = current.get();
        Current outer = here.getPlain();
        here.setPlain(new Current(session, kind));
        try {
            return action.run(session);
        } finally {
            here.setPlain(outer);
        }
    }

    private boolean oneConnection() {
        return inMemory() || plan.mode() == Mode.WAL_ALONE || plan.mode() == Mode.ROLLBACK_DOTFILE;
    }

    private boolean inMemory() {
        return opening.isEmpty();
    }

    private Session writer() throws SQLException {
        Session session = writer;
        if (session == null) {
            session = opener.writer();
            writer = session;
            sessions.incrementAndGet();
        }
        return session;
    }

    private void keepOrDropWriter() {
        Session session = writer;
        if (session == null || session.reusable()) return;
        if (inMemory()) opener.restore(session);
        else dropWriter("");
    }

    /** Invariant 3. */
    private void dropWriter(String because) {
        if (!because.isEmpty()) LOG.log(Logger.Level.WARNING, because);
        Session session = writer;
        writer = null;
        if (session != null) closeOrTell(session);
    }

    private Session openReader() throws SQLException {
        Session fresh = opener.reader();
        sessions.incrementAndGet();
        return fresh;
    }

    private void giveBack(Session session) {
        if (session.reusable()) readers.putBack(session);
        else closeOrTell(session);
    }

    /** Throws nothing: an exception may be on its way already. */
    private void closeOrTell(Session session) {
        if (watch.lost()) {
            abandon(session);
            return;
        }
        sessions.decrementAndGet();
        try {
            session.close();
        } catch (SQLException e) {
            LOG.log(Logger.Level.WARNING, "a connection to " + database + " could not be closed: " + e.getMessage());
        }
    }

    /** Invariant 5. */
    private void abandon(Session session) {
        abandoned = true;
        Object file = watch.identity().orElse(database);
        watch.trouble().ifPresent(because -> Abandoned.add(file, because, session));
    }

    /** Was it closed without closing its connections, because locks had been lost? Then this program keeps the file. */
    public boolean abandoned() {
        return abandoned;
    }

    private void mustBeOpen() {
        if (closed) throw new IllegalStateException(database + " was closed");
    }

    private void mustBeWritable() {
        mustBeOpen();
        if (plan.mode() == Mode.READ_ONLY) {
            throw new WalsafeException(new Finding(
                    Problem.PLACE_READ_ONLY,
                    database.toString(),
                    "the plan is to read only",
                    Remedy.of("Write elsewhere.")));
        }
        watch.trouble().ifPresent(finding -> {
            throw new WalsafeException(finding);
        });
    }

    /** Is the calling thread in a work of this guard? Then it cannot wait for the works to end. */
    public boolean inWork() {
        return current.get().getPlain() != null;
    }

    private static SQLException refused(String why) {
        return new SQLException(why, "25000");
    }

    /**
     * Waits for the works under way, then closes every connection; if locks have been lost, leaves them open as long as the
     * program runs. Closing twice is harmless.
     */
    @Override
    public void close() {
        if (inWork()) throw new IllegalStateException("close() inside a work");
        writing.lock();
        readers.beAlone();
        try {
            if (closed) return;
            closed = true;
            boolean lost = watch.lost();
            watch.stop();
            if (lost) abandonAll();
            else closeAll();
        } finally {
            readers.readAgain();
            writing.unlock();
        }
    }

    /** What walsafe knows of the file stays as it is, too: its bytes are not to be read in this process ever after. */
    private void abandonAll() {
        readers.takeAll().forEach(this::abandon);
        if (writer != null) abandon(writer);
        writer = null;
    }

    private void closeAll() {
        RuntimeException failed = new IllegalStateException(database + " could not be closed in full");
        readers.takeAll().forEach(session -> close(session, failed));
        if (writer != null) close(writer, failed);
        writer = null;
        if (!abandoned) opening.ifPresent(Ledger.Opening::close);
        if (failed.getSuppressed().length > 0) throw failed;
    }

    private static void close(Session session, Throwable collector) {
        try {
            session.close();
        } catch (SQLException e) {
            collector.addSuppressed(e);
        }
    }
}
