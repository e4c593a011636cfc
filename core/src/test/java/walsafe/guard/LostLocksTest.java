package walsafe.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.format.DatabaseFile;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;

/** What goes wrong around a commit, made to go wrong for real. */
final class LostLocksTest {
    @TempDir
    Path directory;

    /**
     * What broke: any code of the same program that opens and closes the database (hashing, copying, reading its header)
     * takes SQLite's locks away, and another program then deletes the -wal under us. Nobody saw it, because every commit
     * went on answering "ok".
     */
    @Test
    void aLockThatVanishedStopsTheWriting() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fdinfo")), "SKIPPED: locks can be looked at on Linux only");
        Path database = directory.toRealPath().resolve("shop.db");
        try (Guard guard = Guard.open(database, plan(Mode.WAL, "wal"), true)) {
            var watch = new LockWatch(database, Mode.WAL, () -> true);
            watch.look();
            watch.look();
            assertThat(watch.trouble()).isEmpty();

            new FileInputStream(database.toFile()).close();
            watch.look();
            watch.look();

            assertThat(watch.trouble())
                    .hasValueSatisfying(f -> assertThat(f.problem()).isEqualTo(Problem.LOCKS_LOST));
            assertThat(guard.plan().mode()).isEqualTo(Mode.WAL);
        }
    }

    /** What broke: the watch went by the path, so that a new name or a second one hid the loss. */
    @ParameterizedTest
    @ValueSource(strings = {"renamed", "hard link", "-shm"})
    void aLossIsSeenByWhateverNameTheFileWasTouched(String how) throws Exception {
        assumeTrue(OwnDescriptors.visible(), "SKIPPED: locks can be looked at on Linux only");
        Path database = directory.toRealPath().resolve("shop.db");
        try (Guard guard = Guard.open(database, plan(Mode.WAL, "wal"), true)) {
            guard.write(connection -> execute(connection, "CREATE TABLE t(a)"));
            var watch = new LockWatch(database, Mode.WAL, () -> true);
            watch.look();
            assertThat(watch.lost()).isFalse();
            Path touched = directory.resolve(how);
            if (how.equals("renamed")) Files.move(database, touched);
            else if (how.equals("hard link")) Files.createLink(touched, database);
            else touched = directory.resolve("shop.db-shm");
            watch.look();
            assertThat(watch.lost()).isFalse();

            new FileInputStream(touched.toFile()).close();

            assertThat(watch.lost()).isTrue();
            assertThat(watch.trouble())
                    .hasValueSatisfying(f -> assertThat(f.problem()).isEqualTo(Problem.LOCKS_LOST));
        }
    }

    /**
     * What would be lost: another program goes on writing the -wal after it was let in. Closing our connections would have
     * checkpointed and deleted that -wal, since this process believes itself alone.
     */
    @Test
    void connectionsWithoutTheirLocksAreNeverClosed() throws Exception {
        assumeTrue(OwnDescriptors.visible(), "SKIPPED: locks can be looked at on Linux only");
        Path database = directory.toRealPath().resolve("shop.db");
        Guard guard = Guard.open(database, plan(Mode.WAL, "wal"), true);
        guard.write(connection -> execute(connection, "CREATE TABLE t(a)"));
        guard.<Integer>read(LostLocksTest::count);
        int before = descriptors(database);

        new FileInputStream(database.toFile()).close();
        guard.close();

        assertThat(guard.abandoned()).isTrue();
        assertThat(descriptors(database)).isEqualTo(before);
        assertThat(directory.resolve("shop.db-wal")).exists(); // not checkpointed, not deleted
        assertThatThrownBy(() -> Guard.open(database, plan(Mode.WAL, "wal"), true))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(Problem.LOCKS_LOST));
        assertThatThrownBy(() -> DatabaseFile.open(database)).isInstanceOf(DatabaseFile.Refused.class);
    }

    @Test
    void aConnectionThatIsReplacedIsNotClosedEither() throws Exception {
        assumeTrue(OwnDescriptors.visible(), "SKIPPED: locks can be looked at on Linux only");
        Path database = directory.toRealPath().resolve("shop.db");
        Guard guard = Guard.open(database, plan(Mode.WAL, "wal"), true);
        int before = descriptors(database);

        guard.maintain(connection -> {
            try {
                new FileInputStream(database.toFile()).close();
            } catch (IOException e) {
                throw new SQLException(e);
            }
            return true;
        });

        assertThat(descriptors(database)).isEqualTo(before);
        assertThatThrownBy(() -> guard.write(connection -> true))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(Problem.LOCKS_LOST));
        guard.close();
        assertThat(descriptors(database)).isEqualTo(before);
    }

    private static int descriptors(Path file) {
        return OwnDescriptors.of(OwnDescriptors.identity(file).orElseThrow())
                .orElseThrow()
                .size();
    }

    @Test
    void theWatchRaisesNoFalseAlarmHoweverOftenConnectionsComeAndGo() throws Exception {
        Path database = directory.toRealPath().resolve("shop.db");
        var watch = new LockWatch(database, Mode.WAL, () -> true);
        for (int round = 0; round < 200; round++) {
            try (Guard guard = Guard.open(database, plan(Mode.WAL, "wal"), true)) {
                watch.look();
                guard.maintain(connection -> true); // the next work gets another connection
                watch.look();
                guard.read(connection -> execute(connection, "PRAGMA user_version"));
                watch.look();
                watch.look();
                assertThat(guard.trouble()).isEmpty();
            }
            watch.look();
        }

        assertThat(watch.trouble()).isEmpty();
    }

    /** A descriptor without a lock is no trouble while its connection still waits for another program. */
    @Test
    void aConnectionThatIsOnlyBeingOpenedIsNotMissed() throws Exception {
        Path database = Files.createFile(directory.toRealPath().resolve("shop.db"));
        var watch = new LockWatch(database, Mode.WAL, () -> false);
        try (var waiting = new FileInputStream(database.toFile())) {
            for (int i = 0; i < 5; i++) watch.look();
            assertThat(waiting.available()).isZero();
        }

        assertThat(watch.trouble()).isEmpty();
    }

    @Test
    void theGuardItselfNoticesWithinItsPeriod() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fdinfo")), "SKIPPED: locks can be looked at on Linux only");
        Path database = directory.toRealPath().resolve("shop.db");
        try (Guard guard = Guard.open(database, plan(Mode.WAL, "wal"), true)) {
            new FileInputStream(database.toFile()).close();
            while (guard.trouble().isEmpty()) Thread.onSpinWait();

            assertThatThrownBy(() -> guard.write(connection -> true))
                    .isInstanceOfSatisfying(
                            WalsafeException.class,
                            e -> assertThat(e.finding().problem()).isEqualTo(Problem.LOCKS_LOST));
        }
    }

    /**
     * The journal is deleted under the transaction, so COMMIT answers IOERR_DELETE_NOENT (5898) although the rows are in
     * the file: seen on NFS without anybody's doing. Trying again would have written them twice.
     */
    @Test
    void aCommitThatFailedButHappenedIsCalledUnknownAndNotRepeated() throws Exception {
        Path database = directory.toRealPath().resolve("shop.db");
        try (Guard guard = Guard.open(database, plan(Mode.ROLLBACK, "delete"), true)) {
            guard.write(connection -> execute(connection, "CREATE TABLE t(a)"));

            assertThatThrownBy(() -> guard.write(connection -> {
                        execute(connection, "INSERT INTO t VALUES (1)");
                        delete(directory.resolve("shop.db-journal"));
                        return true;
                    }))
                    .isInstanceOfSatisfying(
                            WalsafeException.class,
                            e -> assertThat(e.finding().problem()).isEqualTo(Problem.OUTCOME_UNKNOWN));

            guard.write(connection -> execute(connection, "INSERT INTO t VALUES (2)"));
            assertThat(guard.<Integer>read(LostLocksTest::count)).isEqualTo(2);
        }
    }

    private static Plan.Open plan(Mode mode, String journalMode) {
        List<Pragma> pragmas =
                List.of(new Pragma("journal_mode", journalMode, "test"), new Pragma("busy_timeout", "100", "test"));
        return new Plan.Open(mode, "", pragmas, List.of(), List.of(), List.of());
    }

    private static void delete(Path file) throws SQLException {
        try {
            Files.delete(file);
        } catch (java.io.IOException e) {
            throw new SQLException(e);
        }
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
            row.next();
            return row.getInt(1);
        }
    }
}
