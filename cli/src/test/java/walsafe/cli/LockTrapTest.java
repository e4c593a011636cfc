package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.format.DatabaseFile;

/**
 * Closing any descriptor of a file drops every POSIX lock that the process holds on it (howtocorrupt.html, section 2.2).
 * With sqlite-jdbc in a transaction, one {@code Files.readAllBytes(db)} in the same JVM let another process commit over
 * it; nobody saw it, since both were told "ok" and {@code integrity_check} found nothing wrong.
 *
 * <p>So: somebody is in the middle of a write transaction, walsafe does something, and then the kernel must list the same
 * locks as before, another process must be kept out, and every row that was acknowledged must be there in the end.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LockTrapTest {
    private static final List<String> MODES = List.of("wal", "truncate", "delete");
    private static final long DEED_MILLIS = 60_000;
    private static final long BLOCKED_MILLIS = 1_000;

    private static Optional<Witness> witness = Optional.empty();

    @TempDir
    Path folder = Path.of("");

    private enum Who {
        BARE_IN_THIS_JVM,
        WALSAFE_IN_THIS_JVM,
        ANOTHER_PROCESS
    }

    @BeforeAll
    static void callTheWitness() throws IOException {
        witness = Optional.of(new Witness());
    }

    @AfterAll
    static void dismissTheWitness() {
        witness.ifPresent(Witness::close);
    }

    static Stream<Arguments> everyOperation() {
        return Operation.ALL.stream()
                .flatMap(operation -> Stream.of(Who.values())
                        .flatMap(who -> MODES.stream().map(mode -> Arguments.of(operation, who, mode))));
    }

    @ParameterizedTest(name = "{0} while {1} writes in mode {2}")
    @MethodSource("everyOperation")
    void costsNobodyALockOrARow(Operation operation, Who who, String mode) throws Exception {
        run(operation, who, mode, Disturbance.NONE);
    }

    static Stream<Arguments> everyDisturbance() {
        return Operation.ALL.stream()
                .flatMap(operation -> Stream.of(Disturbance.values())
                        .filter(disturbance -> disturbance != Disturbance.NONE)
                        .flatMap(disturbance ->
                                Stream.of("wal", "truncate").map(mode -> Arguments.of(operation, disturbance, mode))));
    }

    @ParameterizedTest(name = "{0}, {1}, in mode {2}")
    @MethodSource("everyDisturbance")
    void nothingThatHappensToTheProgramChangesThat(Operation operation, Disturbance disturbance, String mode)
            throws Exception {
        run(operation, Who.BARE_IN_THIS_JVM, mode, disturbance);
    }

    static Stream<Arguments> whatOpensNothingThroughSqlite() {
        return Operation.ALL.stream()
                .filter(operation ->
                        !operation.needsHandle() && !operation.name().equals("Walsafe.open"))
                .flatMap(operation -> Stream.of("wal", "truncate").map(mode -> Arguments.of(operation, mode)));
    }

    @ParameterizedTest(name = "{0} in another class loader, in mode {1}")
    @MethodSource("whatOpensNothingThroughSqlite")
    void norDoesASecondClassLoader(Operation operation, String mode) throws Exception {
        Operation there = new Operation(operation.name(), database -> inAnotherLoader(operation.name(), database));

        run(there, Who.BARE_IN_THIS_JVM, mode, Disturbance.GARBAGE_COLLECTED);
    }

    /**
     * Here SQLite itself is loaded a second time, and neither copy knows the other's locks: only refusing to open helps.
     * The guard that looks for strangers does.
     */
    @ParameterizedTest
    @ValueSource(strings = {"wal", "truncate"})
    void aSecondSqliteIsNotLetIn(String mode) throws Exception {
        assumeTrue(guardLooksForStrangers(), "SKIPPED: this guard does not look for strangers");
        Operation there = new Operation("Walsafe.open", database -> inAnotherLoader("Walsafe.open", database));

        run(there, Who.BARE_IN_THIS_JVM, mode, Disturbance.NONE);
    }

    private static boolean guardLooksForStrangers() {
        return LockTrapTest.class.getResource("/walsafe/guard/Strangers.class") != null;
    }

    /** The scene can tell: with an operation that falls into the trap it fails, in every mode. */
    @ParameterizedTest
    @MethodSource("modes")
    void whoeverFallsIntoTheTrapIsCaught(String mode) {
        Operation trap = new Operation("Files.readAllBytes", Files::readAllBytes);

        assertThatThrownBy(() -> run(trap, Who.BARE_IN_THIS_JVM, mode, Disturbance.NONE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("locks");
    }

    static Stream<String> modes() {
        return MODES.stream();
    }

    private void run(Operation operation, Who who, String mode, Disturbance disturbance) throws Exception {
        System.setProperty("test.journal.mode", mode);
        Path database = database(mode);
        List<SafeDatabase> handles = new ArrayList<>();
        try {
            if (operation.needsHandle()) handles.add(Walsafe.open(database, Operation.intent(mode)));
            boolean done;
            try (Holder holder = holder(who, database, mode, handles)) {
                List<String> before = Witness.locks(database, holder.pid());
                assertThat(before).as("locks before").isNotEmpty();

                Deed deed = new Deed(operation, database, handles.stream().findFirst(), disturbance);
                deed.start(who == Who.WALSAFE_IN_THIS_JVM ? BLOCKED_MILLIS : DEED_MILLIS);
                disturbance.afterwards(folder);

                assertThat(Witness.locks(database, holder.pid())).as("locks").isEqualTo(before);
                assertThat(witness().writes(database)).isEqualTo("database is locked");
                assertThat(witness().rows(database)).isEqualTo("ok: first");
                assertThat(Witness.locks(database, holder.pid())).as("locks").isEqualTo(before);
                holder.commit();
                done = deed.finished();
            }
            String written = done && operation.name().equals("write") ? ", " + Operation.WRITTEN : "";
            assertThat(witness().rows(database)).isEqualTo("ok: first, " + Holder.ROW + written);
        } finally {
            handles.forEach(SafeDatabase::close);
        }
        assertThat(witness().rows(database)).startsWith("ok: first, " + Holder.ROW);
    }

    private Holder holder(Who who, Path database, String mode, List<SafeDatabase> handles) throws Exception {
        if (who == Who.BARE_IN_THIS_JVM) return Holder.bare(database);
        if (who == Who.ANOTHER_PROCESS) return Holder.elsewhere(database);
        SafeDatabase handle = Walsafe.open(database, Operation.intent(mode));
        handles.add(handle);
        return Holder.walsafe(handle);
    }

    /** An operation on a thread of its own, since it may have to wait for the one who writes. */
    private static final class Deed {
        private final Thread worker;
        private final Disturbance disturbance;
        private volatile boolean done;
        private volatile Optional<AssertionError> wrong = Optional.empty();

        Deed(Operation operation, Path database, Optional<SafeDatabase> handle, Disturbance disturbance) {
            this.disturbance = disturbance;
            this.worker = new Thread(() -> {
                disturbance.first();
                try {
                    operation.deed().on(database, handle);
                    done = true;
                } catch (AssertionError e) {
                    wrong = Optional.of(e);
                } catch (Exception e) {
                    // Busy, interrupted, refused: any answer will do that costs no lock.
                    if (e.getCause() instanceof AssertionError inAnotherLoader) wrong = Optional.of(inAnotherLoader);
                }
            });
        }

        void start(long patienceMillis) {
            worker.start();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
            while (worker.isAlive() && System.nanoTime() < end) disturbance.during(worker);
        }

        boolean finished() throws InterruptedException {
            worker.join(DEED_MILLIS);
            assertThat(worker.isAlive()).as("still at it").isFalse();
            assertThat(wrong).as("a wrong answer").isEmpty();
            return done;
        }
    }

    /** SQLite opens the file while walsafe reads it: walsafe's descriptor may not be closed, by nobody. */
    @Test
    void aDescriptorThatSqliteCameUponIsKept_thenReleased() throws Exception {
        for (String mode : MODES) {
            Path database = database(mode);
            DatabaseFile reading = DatabaseFile.open(database);
            try (Holder holder = Holder.bare(database)) {
                List<String> before = Witness.locks(database, holder.pid());

                reading.close();
                Disturbance.collectEverything(folder);
                interruptKeepers();

                assertThat(Witness.locks(database, holder.pid())).as("locks").isEqualTo(before);
                assertThat(witness().writes(database)).isEqualTo("database is locked");
                holder.commit();
            }
            interruptKeepers();
            untilReleased(database);
            assertThat(System.getProperties().stringPropertyNames())
                    .noneMatch(name -> name.startsWith("walsafe.descriptors."));
        }
    }

    /** The same by a walsafe of another class loader, which is thrown away: a web application that is undeployed. */
    @Test
    void aDescriptorOutlivesTheClassLoaderThatOpenedIt() throws Exception {
        Path database = database("wal");
        List<AutoCloseable> theirs = new ArrayList<>(readingInAnotherLoader(database));
        try (Holder holder = Holder.bare(database)) {
            List<String> before = Witness.locks(database, holder.pid());

            for (AutoCloseable each : theirs) each.close();
            theirs.clear();
            Disturbance.collectEverything(folder);

            assertThat(Witness.locks(database, holder.pid())).as("locks").isEqualTo(before);
            assertThat(witness().writes(database)).isEqualTo("database is locked");
            holder.commit();
        }
        interruptKeepers();
        untilReleased(database);
    }

    /** The open file, then the loader it was opened by. */
    private static List<AutoCloseable> readingInAnotherLoader(Path database) throws Exception {
        URLClassLoader loader = anotherLoader();
        Class<?> type = loader.loadClass(DatabaseFile.class.getName());
        return List.of((AutoCloseable) type.getMethod("open", Path.class).invoke(null, database), loader);
    }

    /** Two that read at once do not take each other's descriptors for SQLite's, or theirs would stay for ever. */
    @Test
    void readersOfTwoClassLoadersKnowEachOther() throws Exception {
        Path database = database("wal");
        try (URLClassLoader loader = anotherLoader()) {
            AutoCloseable theirs = (AutoCloseable) loader.loadClass(DatabaseFile.class.getName())
                    .getMethod("open", Path.class)
                    .invoke(null, database);
            try (DatabaseFile ours = DatabaseFile.open(database)) {
                assertThat(ours.header()).isPresent();
                assertThat(DatabaseFile.openHere(database)).isFalse();
            }
            theirs.close();
        }

        assertThat(Disturbance.isOpen(database)).isFalse();
    }

    /** An interrupt ends the pause of those that look after kept descriptors. */
    private static void interruptKeepers() {
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("walsafe: kept descriptors"))
                .forEach(Thread::interrupt);
    }

    /** The class's time limit ends this by an interrupt. */
    private static void untilReleased(Path database) throws IOException {
        while (Disturbance.isOpen(database)) {
            assertThat(Thread.currentThread().isInterrupted()).as("still kept").isFalse();
        }
    }

    private static void inAnotherLoader(String operation, Path database) throws Exception {
        try (URLClassLoader loader = anotherLoader()) {
            var run = loader.loadClass(Operation.class.getName()).getDeclaredMethod("run", String.class, Path.class);
            run.setAccessible(true);
            run.invoke(null, operation, database);
        }
    }

    private static URLClassLoader anotherLoader() throws IOException {
        List<URL> places = new ArrayList<>();
        for (String place : Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator, -1))) {
            places.add(Path.of(place).toUri().toURL());
        }
        return new URLClassLoader(places.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    private Path database(String mode) throws IOException, SQLException {
        Path database = Files.createTempDirectory(folder, "scene").resolve("shop.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=" + mode);
            statement.execute("CREATE TABLE t(x)");
            statement.execute("INSERT INTO t VALUES ('first')");
        }
        return database;
    }

    private static Witness witness() {
        return witness.orElseThrow();
    }
}
