package walsafe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.facts.Facts;
import walsafe.facts.Reach;
import walsafe.facts.Signs;
import walsafe.facts.Storage;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Sharing;
import walsafe.sidecar.CleanEnd;
import walsafe.sidecar.Folder;
import walsafe.sidecar.Foreigner;

/** Opening and closing with what lies beside: stamps, checks and signs, with real processes that are killed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class BesideTest {
    private static final int PAGE_BYTES = 4096;
    private static final Intent HERE = Intent.DEFAULT.with(Sharing.ONE_HOST);

    @TempDir
    Path directory;

    private Path database;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void name() throws Exception {
        database = directory.toRealPath().resolve("shop.db");
    }

    @AfterEach
    void stop() throws Exception {
        for (Process each : started) each.destroyForcibly().waitFor();
    }

    @Test
    void theLastCloseLeavesAStampAndOpeningTakesItAway() throws Exception {
        SafeDatabase first = Walsafe.open(database, HERE);
        SafeDatabase second = Walsafe.open(database, HERE);
        first.write(connection -> execute(connection, "CREATE TABLE t(a)"));

        first.close();
        assertThat(names()).isEmpty();

        second.close();
        assertThat(names()).singleElement().asString().startsWith("closed.");

        try (SafeDatabase third = Walsafe.open(database, HERE)) {
            assertThat(third.health()).isEmpty();
            assertThat(names()).isEmpty();
        }
        assertThat(names()).hasSize(1);
    }

    /** The damage is there to show that nobody looked. */
    @Test
    void afterACleanEndNothingIsChecked() throws Exception {
        table();
        vandalise();
        CleanEnd.stamp(database, Facts.gather(database), true); // it says nothing of soundness

        Walsafe.open(database, HERE).close();
    }

    @ParameterizedTest
    @EnumSource(Intent.OnDamage.class)
    void damageIsRefusedAndTheFileIsAsItWas(Intent.OnDamage onDamage) throws Exception {
        table();
        vandalise();
        byte[] before = Files.readAllBytes(database);

        assertThatThrownBy(() -> Walsafe.open(database, HERE.with(onDamage)))
                .isInstanceOfSatisfying(WalsafeException.class, e -> {
                    assertThat(e.finding().problem()).isEqualTo(Problem.DAMAGE_FOUND);
                    assertThat(e.finding().seen()).contains("page 3", "table t", "it was not opened");
                    if (onDamage != Intent.OnDamage.REFUSE)
                        assertThat(e.finding().seen()).contains(onDamage + " comes with recovery");
                });

        assertThat(Files.readAllBytes(database)).isEqualTo(before);
        assertThat(filesBeside()).containsExactly("shop.db");
    }

    @Test
    void withNeverNothingIsCheckedAndWithAlwaysEverything() throws Exception {
        table();
        Walsafe.open(database, HERE).close();
        vandalise();

        Walsafe.open(database, HERE.with(Intent.CheckAtOpen.NEVER)).close();
        assertRefusedForDamage(HERE.with(Intent.CheckAtOpen.ALWAYS));
    }

    @Test
    void aWriterThatWasKilledLeavesNoStampAndItsDatabaseIsCheckedAndOpened() throws Exception {
        table();
        Walsafe.open(database, HERE).close();
        kill(writer());
        assertThat(names()).isEmpty();
        assertThat(beside("-wal")).exists();

        try (SafeDatabase opened = Walsafe.open(database, HERE)) {
            assertThat(opened.<Boolean>read(
                            connection -> connection.createStatement().execute("SELECT * FROM t")))
                    .isTrue();
        }
    }

    @Test
    void aWriterThatWasKilledAndAPageThatBrokeIsRefusedWithTheWalAsItWas() throws Exception {
        table();
        Walsafe.open(database, HERE).close();
        kill(writer());
        vandalise();
        byte[] before = Files.readAllBytes(database);
        byte[] wal = Files.readAllBytes(beside("-wal"));

        assertRefusedForDamage(HERE);

        assertThat(Files.readAllBytes(database)).isEqualTo(before);
        assertThat(Files.readAllBytes(beside("-wal"))).isEqualTo(wal);
    }

    /** The damage is there to show that nobody looked. */
    @Test
    void aWalThatALiveProcessHoldsIsNoUncleanEnd() throws Exception {
        table();
        Process neighbour =
                python("import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('pragma journal_mode=wal');"
                        + " c.execute('create table u(a)'); c.commit(); print('open', flush=True); sys.stdin.read()");
        assertThat(neighbour.inputReader().readLine()).isEqualTo("open");
        vandalise();

        Walsafe.open(database, HERE).close();
    }

    @Test
    void aRowOfAnotherProgramMakesTheNextOpeningCheck() throws Exception {
        table();
        Walsafe.open(database, HERE).close();
        bare("INSERT INTO t VALUES (1)");
        vandalise();

        assertRefusedForDamage(HERE);
    }

    @ParameterizedTest
    @ValueSource(strings = {" a b .db", "käfé-数.db", "a#b?c.db", "100%41.db", "CON"})
    void anyNameCanHaveItsFolder(String name) throws Exception {
        database = database.resolveSibling(name);
        Walsafe.open(database, HERE).close();
        table();
        Walsafe.open(database, HERE).close();

        assertThat(names()).hasSize(1);
        assertThat(CleanEnd.proved(database, Facts.gather(database))).isTrue();
    }

    @Test
    void manyDatabasesOfOneDirectoryKeepApart() throws Exception {
        List<SafeDatabase> open = new ArrayList<>();
        for (int i = 0; i < 12; i++) open.add(Walsafe.open(directory.resolve(i + ".db"), HERE));
        for (SafeDatabase each : open) each.write(connection -> execute(connection, "CREATE TABLE t(a)"));

        for (SafeDatabase each : open) each.close();

        for (int i = 0; i < 12; i++) {
            Path each = directory.toRealPath().resolve(i + ".db");
            assertThat(CleanEnd.proved(each, Facts.gather(each))).isTrue();
        }
    }

    /** 246 bytes leave room for -journal and -wal, and none for -walsafe.d. */
    @Test
    void whereTheFolderCannotBeMadeTheDatabaseIsOpenedAllTheSame() throws Exception {
        database = database.resolveSibling("a".repeat(246));
        for (int i = 0; i < 2; i++) {
            try (Held opened = open(reachedBy(Reach.THIS_KERNEL), HERE)) {
                assertThat(opened.mode()).isEqualTo(Mode.WAL);
            }
            table();
        }
        assertThat(Files.exists(Folder.path(database))).isFalse(); // not doesNotExist(): the name is too long to ask
    }

    @Test
    void aSignIsLeftOnlyWhereItCanTellSomebody() throws Exception {
        table();
        Facts shared = reachedBy(Reach.THIS_KERNEL);

        assertThat(signsWith(shared, HERE)).hasSize(1);
        assertThat(signsWith(reachedBy(Reach.THIS_SUPERBLOCK), HERE)).isEmpty();
        assertThat(signsWith(shared, HERE.with(Intent.Presence.HIDDEN))).isEmpty();
        assertThat(signsWith(shared, HERE.with(Sharing.THIS_PROCESS))).isEmpty();
        assertThat(names()).allMatch(name -> name.startsWith("closed."));
    }

    @Test
    void aLivingSignOfAnotherKernelForbidsWal() throws Exception {
        table();
        Process foreigner = foreigner("50");
        byte[] before = Files.readAllBytes(database);

        assertThatThrownBy(() -> open(reachedBy(Reach.THIS_KERNEL), HERE))
                .isInstanceOfSatisfying(WalsafeException.class, e -> {
                    assertThat(e.finding().problem()).isEqualTo(Problem.OTHERS_PRESENT);
                    assertThat(e.finding().seen()).contains("boot ffffffff", "pid " + foreigner.pid());
                });

        assertThat(Files.readAllBytes(database)).isEqualTo(before);
        assertThat(names()).allMatch(name -> name.startsWith("p.ffffffff."));
    }

    /** Gathered before the other one came: only the second look can see it. */
    @Test
    void oneWhoComesWhileWeOpenIsSeenByTheSecondLook() throws Exception {
        table();
        Facts before = reachedBy(Reach.THIS_KERNEL);
        foreigner("3600000");

        assertThatThrownBy(() -> open(before, HERE))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(Problem.OTHERS_PRESENT));
        assertThat(names()).singleElement().asString().startsWith("p.ffffffff.");
    }

    @Test
    void onADiskOfThisMachineASignOfAnEarlierBootForbidsNothing() throws Exception {
        table();
        kill(foreigner("3600000"));
        assertThat(names()).hasSize(1);

        Facts facts = Facts.gather(database);
        org.junit.jupiter.api.Assumptions.assumeTrue(
                facts.storage().blockDevice() && facts.storage().reach() == Reach.THIS_SUPERBLOCK);

        try (SafeDatabase opened = Walsafe.open(database, HERE)) {
            assertThat(opened.plan().mode()).isEqualTo(Mode.WAL);
        }
    }

    private List<String> signsWith(Facts facts, Intent intent) throws Exception {
        try (Held opened = open(facts, intent)) {
            assertThat(opened.mode()).isIn(Mode.WAL, Mode.WAL_ALONE);
            return names().stream().filter(name -> name.startsWith("p.")).toList();
        }
    }

    /** What {@link Handles} would share. */
    private record Held(Handles.Opened opened) implements AutoCloseable {
        Mode mode() {
            return opened.guard().plan().mode();
        }

        @Override
        public void close() {
            opened.close();
        }
    }

    private Held open(Facts facts, Intent intent) throws SQLException {
        return new Held(new Opening(database, facts, intent).open());
    }

    private Facts reachedBy(Reach reach) {
        Facts facts = Facts.gather(database);
        Storage real = facts.storage();
        Storage storage = new Storage(
                real.mount(),
                real.found(),
                real.kind(),
                reach,
                real.answers(),
                real.splitMount(),
                real.views(),
                real.blockDevice());
        return new Facts(
                facts.target(),
                storage,
                facts.domain(),
                facts.host(),
                facts.database(),
                facts.neighbours().with(Signs.beside(database, facts.host(), storage)),
                facts.sqlite(),
                facts.evidence(),
                facts.unseen());
    }

    private void assertRefusedForDamage(Intent intent) {
        assertThatThrownBy(() -> Walsafe.open(database, intent))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(Problem.DAMAGE_FOUND));
    }

    private Process foreigner(String heartbeatMillis) throws Exception {
        Process process = java(
                Foreigner.class.getName(),
                database.toString(),
                "ffffffff-0000-4000-8000-000000000000",
                heartbeatMillis);
        assertThat(process.inputReader().readLine()).startsWith("p.ffffffff.");
        return process;
    }

    /** A program of ours that has written some rows and goes on. */
    private Process writer() throws Exception {
        bare("CREATE TABLE IF NOT EXISTS w(number, part)");
        bare("ALTER TABLE t RENAME TO big", "ALTER TABLE w RENAME TO t");
        Process process = java(Writer.class.getName(), database.toString(), "0");
        for (int i = 0; i < 5; i++) assertThat(process.inputReader().readLine()).isNotNull();
        return process;
    }

    private static void kill(Process process) throws Exception {
        process.destroyForcibly().waitFor();
    }

    private Process java(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(arguments));
        return start(command);
    }

    private Process python(String program) throws Exception {
        return start(List.of("python3", "-c", program, database.toString()));
    }

    private Process start(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        started.add(process);
        return process;
    }

    private List<String> names() throws Exception {
        Path folder = Folder.path(database);
        if (!Files.exists(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private List<String> filesBeside() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private Path beside(String suffix) {
        return database.resolveSibling(database.getFileName() + suffix);
    }

    /** Page 3 is the first leaf of t. */
    private void vandalise() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
            file.seek(2L * PAGE_BYTES);
            file.write(new byte[PAGE_BYTES]);
        }
    }

    private void table() throws SQLException {
        bare(
                "CREATE TABLE IF NOT EXISTS t(a)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
                        + " INSERT INTO t SELECT randomblob(900) FROM n");
    }

    private void bare(String... sql) throws SQLException {
        String name = database.toUri().getRawPath();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + name)) {
            execute(connection, sql);
        }
    }

    private static int execute(Connection connection, String... sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String one : sql) statement.execute(one);
        }
        return sql.length;
    }
}
