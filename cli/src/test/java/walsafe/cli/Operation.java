package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.facts.Facts;
import walsafe.policy.Intent;

/**
 * Something that walsafe does with a database. Every operation stands in {@link #ALL}, and so is held to cost nobody a lock.
 *
 * @param name as people call it
 * @param needsHandle is it asked of a handle that was opened before
 * @param deed does it; what it throws is an answer too
 */
record Operation(String name, boolean needsHandle, Deed deed) {
    /** The row that {@code write} writes. */
    static final String WRITTEN = "written by the operation";

    interface Deed {
        void on(Path database, Optional<SafeDatabase> handle) throws Exception;
    }

    interface OnPath {
        void on(Path database) throws Exception;
    }

    interface OnHandle {
        void on(SafeDatabase handle) throws Exception;
    }

    Operation(String name, OnPath deed) {
        this(name, false, (database, handle) -> deed.on(database));
    }

    private static Operation ofHandle(String name, OnHandle deed) {
        return new Operation(name, true, (database, handle) -> deed.on(handle.orElseThrow()));
    }

    static final List<Operation> ALL = List.of(
            new Operation("doctor", database -> command("doctor", database)),
            new Operation("doctor --format json", database -> command("doctor", "--format", "json", database)),
            new Operation("who", database -> command("who", database)),
            new Operation("explain", database -> command("explain", "WS207")),
            new Operation("copy", database -> command("copy", database, database + ".copy")),
            new Operation("convert", Operation::convertAndBeRefused),
            new Operation("Facts.gather", Facts::gather),
            new Operation("Walsafe.open", Operation::openAndClose),
            ofHandle("facts", SafeDatabase::facts),
            ofHandle("plan", SafeDatabase::plan),
            ofHandle("health", SafeDatabase::health),
            ofHandle("read", handle -> handle.read(Operation::count)),
            ofHandle("write", handle -> handle.write(Operation::insert)),
            ofHandle("close", SafeDatabase::close));

    static Operation named(String name) {
        return ALL.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    /** For another class loader, which shares no type with this one but the JDK's. */
    static void run(String name, Path database) throws Exception {
        named(name).deed().on(database, Optional.empty());
    }

    /** That the database is, and stays, in this journal mode; waits for locks a tenth of a second only. */
    static Intent intent(String journalMode) {
        return Intent.DEFAULT.wishing("journal_mode", journalMode).wishing("busy_timeout", "100");
    }

    private static void openAndClose(Path database) throws SQLException {
        Walsafe.open(database, intent(System.getProperty("test.journal.mode", "wal")))
                .close();
    }

    /** Somebody has it open, so that the one right answer is no; an interrupted look may not even be able to tell. */
    private static void convertAndBeRefused(Path database) {
        String other = System.getProperty("test.journal.mode", "wal").equals("wal") ? "truncate" : "wal";
        Asked asked = command("convert", database, "--to", other);
        assertThat(asked.code())
                .as(asked.out() + asked.err())
                .isIn(ExitCode.BLOCKED.number(), ExitCode.UNKNOWN.number());
    }

    private static Asked command(Object... words) {
        String[] arguments = new String[words.length];
        for (int i = 0; i < words.length; i++) arguments[i] = words[i].toString();
        return Asked.walsafe(arguments);
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static boolean insert(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute("INSERT INTO t VALUES ('" + WRITTEN + "')");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
