package walsafe.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import walsafe.SafeDatabase;

/** Somebody in the middle of a write transaction, with a row that is not yet committed. */
interface Holder extends AutoCloseable {
    String ROW = "held";
    String INSERT = "INSERT INTO t VALUES ('" + ROW + "')";

    /** Who holds the locks. */
    long pid();

    /** Returns once the row is acknowledged. */
    void commit() throws Exception;

    @Override
    void close() throws SQLException;

    /** sqlite-jdbc without walsafe, in this JVM. */
    static Holder bare(Path database) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        return new Holder() {
            {
                execute(connection, "PRAGMA busy_timeout=10000");
                execute(connection, "BEGIN IMMEDIATE");
                execute(connection, INSERT);
            }

            @Override
            public long pid() {
                return ProcessHandle.current().pid();
            }

            @Override
            public void commit() throws SQLException {
                execute(connection, "COMMIT");
            }

            @Override
            public void close() throws SQLException {
                connection.close();
            }
        };
    }

    /** A work of walsafe's, in this JVM. */
    static Holder walsafe(SafeDatabase handle) throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        FutureTask<Boolean> work = new FutureTask<>(() -> handle.write(connection -> {
            execute(connection, INSERT);
            inside.countDown();
            awaitUninterruptibly(go);
            return true;
        }));
        new Thread(work, "a work").start();
        inside.await();
        return new Holder() {
            @Override
            public long pid() {
                return ProcessHandle.current().pid();
            }

            @Override
            public void commit() throws ExecutionException, InterruptedException {
                go.countDown();
                work.get();
            }

            @Override
            public void close() {
                go.countDown();
            }
        };
    }

    /** Python, in a process of its own. */
    static Holder elsewhere(Path database) throws IOException {
        LiveProgram program = LiveProgram.python(database);
        program.tell("begin immediate");
        program.tell(INSERT);
        return new Holder() {
            @Override
            public long pid() {
                return program.pid();
            }

            @Override
            public void commit() throws IOException {
                String answer = program.tell("commit");
                if (!answer.equals("done")) throw new IOException(answer);
            }

            @Override
            public void close() {
                program.close();
            }
        };
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
