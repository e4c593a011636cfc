package walsafe.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walsafe.policy.Mode;

/** Stops that hit a real process while it holds a lock. */
@Timeout(300)
@EnabledOnOs(OS.LINUX)
final class GripTest {
    private static final long SEED = Long.getLong("walsafe.seed", System.nanoTime() % 1_000_000);
    private static final Duration STOP = Duration.ofSeconds(5);

    /** As the kernel lists them (proc_pid_fdinfo(5)), with neighbouring bytes of one owner as one lock. */
    private static final Map<Grip, String> LOCKS = Map.of(
            Grip.WRITE, ".* WRITE .* 120 12\\d",
            Grip.CHECKPOINT, ".* WRITE .* 12[01] 12[1-6]",
            Grip.RECOVER, ".* WRITE .* 12[012] 12[2-7]",
            Grip.READ, ".* READ .* 12[3-7] 12[3-7]",
            Grip.SHARED, ".* READ .* 1073741826 1073742335",
            Grip.RESERVED, ".* WRITE .* 1073741825 1073741825",
            Grip.PENDING, ".* WRITE .* 1073741824 1073741825",
            Grip.EXCLUSIVE, ".* WRITE .* 107374182[456] 1073742335");

    @TempDir
    Path place = Path.of("");

    /**
     * A machine that sleeps and wakes. What the kernel says of each of its descriptors while it stands still is read here
     * anew: a stop that came a moment later would try nothing.
     */
    @ParameterizedTest
    @EnumSource(value = Grip.class, mode = EnumSource.Mode.EXCLUDE, names = "RECOVER")
    void aProcessStandsStillWithTheLockThatItWasToBeStoppedWith(Grip grip) throws Exception {
        Way way = Grip.in(Mode.WAL).contains(grip) ? Way.WAL : Way.TRUNCATE;
        Path database = place.resolve("one.db");
        try (Company company = new Company(way, database, 3)) {
            ChildLine one = company.one();

            assertThat(stopped(company, grip, database)).as("%s", grip).isTrue();

            List<String> held = locksOf(one.pid());
            assertThat(statesOf(one.pid())).containsOnly("T");
            assertThat(held).as("%s", grip).anyMatch(lock -> lock.matches(LOCKS.get(grip)));
        }
    }

    /**
     * Nobody recovers beside a living process: all are killed with rows in the -wal, and one begins anew. So many rows that
     * it takes a while to read them.
     */
    @Test
    void aProcessStandsStillInTheMiddleOfARecovery() throws Exception {
        Path killed = place.resolve("killed.db");
        try (Company company = new Company(Way.WAL, killed, 1)) {
            company.committed(20);
        }
        boolean stopped = false;
        for (int i = 0; i < 20 && !stopped; i++) {
            Path database = place.resolve("one" + i + ".db");
            leaveBehind(killed, database);
            try (Company company = new Company(Way.WAL, database, 1)) {
                stopped = company.one().stopWith(Grip.RECOVER, database, STOP, Duration.ofSeconds(10));
                if (!stopped) continue;
                assertThat(statesOf(company.one().pid())).containsOnly("T");
                assertThat(locksOf(company.one().pid())).anyMatch(lock -> lock.matches(LOCKS.get(Grip.RECOVER)));
            }
        }

        assertThat(stopped).isTrue();
    }

    /** What a machine leaves that loses its power with 40 MB in the -wal. Copied by another process, for the sake of the locks. */
    private static void leaveBehind(Path database, Path copy) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = 0");
            statement.execute("CREATE TABLE IF NOT EXISTS ballast(bytes)");
            statement.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10000)"
                    + " INSERT INTO ballast SELECT randomblob(4000) FROM n");
            for (String suffix : List.of("", "-wal")) {
                Process cp = new ProcessBuilder("cp", database + suffix, copy + suffix)
                        .inheritIO()
                        .start();
                assertThat(cp.waitFor()).isZero();
            }
        }
    }

    /** It says that it is at a point, lingers there, and is not asked again until it has said so. */
    private static boolean stopped(Company company, Grip grip, Path database) throws Exception {
        for (int i = 0; i < 20; i++) {
            company.one().tell(Orders.AT + grip.point());
            if (company.one().stopWith(grip, database, STOP, Duration.ofSeconds(3))) return true;
        }
        return false;
    }

    private static List<String> locksOf(long pid) throws IOException {
        List<String> locks = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fdinfo"))) {
            for (Path file : files) {
                Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith("lock:"))
                        .forEach(locks::add);
            }
        }
        return locks;
    }

    private static List<String> statesOf(long pid) throws IOException {
        List<String> states = new ArrayList<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                states.add(stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3));
            }
        }
        return states;
    }

    /** Processes that work on one database; the first is the one that is looked at, the last mostly reads. */
    private static final class Company implements AutoCloseable {
        private final List<ChildLine> lines = new ArrayList<>();
        private final AtomicInteger commits = new AtomicInteger();

        Company(Way way, Path database, int processes) throws IOException, InterruptedException {
            CountDownLatch open = new CountDownLatch(processes > 1 ? processes : 0);
            for (int i = 1; i <= processes; i++) {
                ChildLine line = (ChildLine) ChildLine.HERE.worker();
                lines.add(line);
                Path libraries = Files.createTempDirectory(database.resolveSibling(""), "libraries");
                line.tell(new Spec(i, SEED, i == processes, Ordeal.DISK_BYTES, database, libraries, Means.bare(way))
                        .told());
                Thread listener = new Thread(() -> listen(line, open));
                listener.start();
            }
            open.await();
        }

        private void listen(Line line, CountDownLatch open) {
            try {
                while (true) {
                    String said = line.hear(Duration.ofSeconds(60));
                    if (said.startsWith("o ")) open.countDown();
                    if (said.startsWith("+")) commits.incrementAndGet();
                }
            } catch (IOException e) {
                // It has been ended.
            }
        }

        ChildLine one() {
            return lines.get(0);
        }

        void committed(int least) throws InterruptedException {
            while (commits.get() < least) Thread.sleep(5);
        }

        @Override
        public void close() {
            lines.forEach(ChildLine::kill);
            lines.forEach(ChildLine::close); // then nobody listens any longer
        }
    }
}
