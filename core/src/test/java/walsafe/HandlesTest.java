package walsafe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static walsafe.Refused.assertRefused;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.policy.Intent;
import walsafe.policy.Sharing;

/** Many handles, many threads, one guard for each database. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class HandlesTest {
    private static final Intent HERE = Intent.DEFAULT.with(Sharing.ONE_HOST);

    @TempDir
    Path directory;

    /** What broke: one thread looked at the file while another opened it, which was refused as "bytes are being read". */
    @Test
    void threadsThatOpenTheSameDatabaseAtOnceShareIt() throws Exception {
        Path path = directory.resolve("shop.db");
        make(path);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 5; round++) {
                List<Future<Integer>> writes = new ArrayList<>();
                for (int i = 0; i < 4; i++) writes.add(threads.submit(() -> insertThroughAHandle(path)));
                for (Future<Integer> write : writes) write.get();
            }
        } finally {
            threads.shutdownNow();
        }

        try (SafeDatabase database = Walsafe.open(path, HERE)) {
            assertThat(count(database)).isEqualTo(20);
        }
    }

    /** A thread that opened while another closed the last handle was told of a second SQLite that was not there. */
    @Test
    void whoOpensWhileTheLastHandleIsBeingClosedWaitsForIt() throws Exception {
        Path path = directory.toRealPath().resolve("shop.db");
        make(path);
        Claim closing = Claim.of(path);
        Thread opener = Thread.currentThread();
        Thread closer = new Thread(() -> {
            while (opener.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
            closing.close();
        });
        closer.setDaemon(true);
        closer.start();

        Claim.of(path).close();

        closer.join();
    }

    /** What broke: closing waited for the works of one database, and a work waited for the closing to open another. */
    @Test
    void aWorkMayOpenAnotherDatabaseWhileItsOwnIsBeingClosed() throws Exception {
        Path path = directory.resolve("shop.db");
        SafeDatabase database = make(path, false);
        var closing = new CountDownLatch(1);
        Thread closer = new Thread(() -> {
            closing.countDown();
            database.close();
        });

        database.write(connection -> {
            closer.start();
            await(closing, closer);
            make(directory.resolve("other.db"));
            return execute(connection, "INSERT INTO t VALUES (1)");
        });

        closer.join();
        try (SafeDatabase again = Walsafe.open(path, HERE)) {
            assertThat(count(again)).isEqualTo(1);
        }
    }

    @Test
    void theLastHandleIsNotClosedInsideAWorkAndCanBeClosedAfterIt() throws Exception {
        Path path = directory.resolve("shop.db");
        SafeDatabase database = make(path, false);
        database.write(connection -> {
            assertThatThrownBy(database::close).hasMessageContaining("inside a work");
            try (SafeDatabase another = Walsafe.open(path, HERE)) {
                another.write(nested -> execute(nested, "INSERT INTO t VALUES (1)"));
            }
            return true;
        });
        assertThat(count(database)).isEqualTo(1);

        database.close();

        assertThat(directory.resolve("shop.db-wal")).doesNotExist();
    }

    @Test
    void aFileThatTookItsPlaceIsNotTheSameDatabase() throws Exception {
        Path path = directory.resolve("shop.db");
        Path other = directory.resolve("other.db");
        make(other);
        try (SafeDatabase database = make(path, false)) {
            Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);

            assertRefused(path, Problem.DELETED_BUT_OPEN);
            assertThat(database.plan().pragmas()).isNotEmpty();
        }
    }

    /** What broke: it was refused as open in "this copy of walsafe", whose closing had not let go of it yet. */
    @Test
    void whoOpensADatabaseThatIsBeingClosedWaitsForThat() throws Exception {
        Path path = directory.resolve("shop.db");
        SafeDatabase database = make(path, false);
        var closing = new CountDownLatch(1);
        Thread closer = new Thread(() -> {
            closing.countDown();
            database.close();
        });
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> opened = database.write(connection -> {
                closer.start();
                await(closing, closer);
                Future<Integer> other = threads.submit(() -> insertThroughAHandle(path));
                assertThatThrownBy(() -> Walsafe.open(path, HERE)).hasMessageContaining("is being closed");
                execute(connection, "INSERT INTO t VALUES (1)");
                return other;
            });

            assertThat(opened.get()).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }

        closer.join();
        try (SafeDatabase again = Walsafe.open(path, HERE)) {
            assertThat(count(again)).isEqualTo(2);
        }
    }

    /** What broke: it cost a process of its own, 0.3 s, which read the bytes of the open database for facts that nobody used. */
    @Test
    void openingAgainGathersNoFacts() throws Exception {
        Path path = directory.resolve("shop.db");
        Path link = directory.resolve("link.db");
        try (SafeDatabase database = make(path, false);
                SafeDatabase again = Walsafe.open(onlyToBeResolved(path), HERE);
                SafeDatabase byLink = Walsafe.open(onlyToBeResolved(Files.createSymbolicLink(link, path)), HERE)) {
            again.write(connection -> execute(connection, "INSERT INTO t VALUES (1)"));

            assertThat(count(byLink)).isEqualTo(1);
            assertThat(again.facts()).isSameAs(database.facts());
        }
    }

    @Test
    void openingAgainWithAnotherIntentIsRefusedWithoutFacts() throws Exception {
        Path path = directory.resolve("shop.db");
        try (SafeDatabase database = make(path, false)) {
            assertThatThrownBy(() -> Walsafe.open(onlyToBeResolved(path), HERE.wishing("busy_timeout", "7")))
                    .isInstanceOfSatisfying(
                            WalsafeException.class,
                            e -> assertThat(e.finding().problem()).isEqualTo(Problem.INTENTS_DISAGREE));
            assertThat(count(database)).isZero();
        }
    }

    /** A path that tells what it leads to, and fails whoever asks for more: facts begin with its absolute form. */
    private static Path onlyToBeResolved(Path path) {
        return (Path) Proxy.newProxyInstance(
                Path.class.getClassLoader(),
                new Class<?>[] {Path.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "toString" -> path.toString();
                    case "toRealPath" -> path.toRealPath();
                    default -> throw new AssertionError("asked for " + method.getName());
                });
    }

    @Test
    void aSecondNameOfAnOpenFileIsRefused() throws Exception {
        Path path = directory.resolve("shop.db");
        Path second = directory.resolve("second.db");
        try (SafeDatabase database = make(path, false)) {
            Files.createLink(second, path);

            assertRefused(second, Problem.HARD_LINKED);
            assertThat(count(database)).isZero();
        }
    }

    @Test
    void whatCouldNotBeOpenedCanBeOpenedLater() throws Exception {
        Path path = Files.writeString(directory.resolve("shop.db"), "this is no database at all, but a letter");
        for (int i = 0; i < 3; i++) assertRefused(path, Problem.NOT_A_DATABASE);
        Files.delete(path);

        make(path);

        assertThat(path).exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a?mode=ro.db", "a#b.db", "100%41.db", " a b .db", "kävé-数.db", "a;b'c\"d.db", "CON", "a&b=c.db"
            })
    void anyNameIsANameAndNothingElse(String name) throws Exception {
        Path path = directory.resolve(name);

        make(path);

        try (var names = Files.list(directory)) {
            assertThat(names).containsExactlyInAnyOrder(path, directory.resolve(name + "-walsafe.d"));
        }
    }

    @Test
    void aDirectoryOrAPlaceThatIsNotThereIsSaidSo() {
        assertThatThrownBy(() -> Walsafe.open(directory, HERE))
                .isInstanceOfAny(WalsafeException.class, SQLException.class);
        assertThatThrownBy(() -> Walsafe.open(directory.resolve("missing/shop.db"), HERE))
                .isInstanceOfAny(WalsafeException.class, SQLException.class);
    }

    @Test
    void anInterruptNeitherLosesTheWorkNorIsItForgotten() throws Exception {
        try (SafeDatabase database = make(directory.resolve("shop.db"), false)) {
            Thread.currentThread().interrupt();
            database.write(connection -> execute(connection, "INSERT INTO t VALUES (1)"));
            assertThat(count(database)).isEqualTo(1);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static SafeDatabase make(Path path, boolean closed) throws SQLException {
        SafeDatabase database = Walsafe.open(path, HERE);
        database.write(connection -> execute(connection, "CREATE TABLE t(a)"));
        if (closed) database.close();
        return database;
    }

    private static void make(Path path) throws SQLException {
        make(path, true);
    }

    private static int insertThroughAHandle(Path path) throws SQLException {
        try (SafeDatabase database = Walsafe.open(path, HERE)) {
            return database.write(connection -> execute(connection, "INSERT INTO t VALUES (1)"));
        }
    }

    /** Until the closer waits for this work: nothing else can be waited for, since it says nothing more. */
    private static void await(CountDownLatch closing, Thread closer) throws SQLException {
        try {
            closing.await();
            while (closer.getState() == Thread.State.RUNNABLE) Thread.onSpinWait();
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return 1;
        }
    }

    private static int count(SafeDatabase database) throws SQLException {
        return database.<Integer>read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
                return row.getInt(1);
            }
        });
    }
}
