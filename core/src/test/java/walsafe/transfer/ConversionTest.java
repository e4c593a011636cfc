package walsafe.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walsafe.custody.Python;
import walsafe.custody.Staging;
import walsafe.facts.Facts;
import walsafe.facts.Mounted;
import walsafe.facts.Sign;
import walsafe.facts.Signs;
import walsafe.facts.SqliteVersion;
import walsafe.facts.Target;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.policy.Intent;
import walsafe.policy.Sharing;
import walsafe.sidecar.Foreigner;

/** Real databases, written by another program that crashed or still lives. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ConversionTest {
    private static final Intent HERE = Intent.DEFAULT.with(Sharing.ONE_HOST);
    private static final int ROWS = 60;

    @TempDir
    Path directory;

    private Path database;

    @BeforeEach
    void aName() throws IOException {
        database = directory.toRealPath().resolve("größe %41?x#y '.db");
    }

    @Test
    void rowsThatWereOnlyInTheWalAreCarriedOverAndCounted() throws Exception {
        inWal();

        Converted converted = convert(JournalMode.DELETE);

        assertThat(converted.changed()).isTrue();
        assertThat(converted.frames()).isGreaterThanOrEqualTo(ROWS);
        everyRowIsThere("delete");
        assertThat(names()).containsExactly(name(""));
    }

    @Test
    void aWalDatabaseThatWasClosedProperlyHasNoWalAndIsConvertedToo() throws Exception {
        inWal();
        everyRowIsThere("wal"); // whose close is the last one
        assertThat(database.resolveSibling(name("-wal"))).doesNotExist();

        assertThat(convert(JournalMode.DELETE).changed()).isTrue();

        everyRowIsThere("delete");
        assertThat(names()).containsExactly(name(""));
    }

    @Test
    void andBack() throws Exception {
        inRollback();

        assertThat(convert(JournalMode.WAL).changed()).isTrue();

        everyRowIsThere("wal");
    }

    @ParameterizedTest
    @EnumSource(JournalMode.class)
    void whatIsInThatModeAlreadyIsNotTouched(JournalMode mode) throws Exception {
        inRollback();
        convert(mode);
        byte[] before = Files.readAllBytes(database);

        assertThat(convert(mode).changed()).isFalse();

        assertThat(Files.readAllBytes(database)).isEqualTo(before);
    }

    @Test
    void aDirectoryThatMayNotBeEnteredIsNotCalledDamage() {
        Facts facts = Facts.gather(database);
        Target forbidden = new Target(
                database.toString(), facts.target().database(), Target.State.FORBIDDEN, List.of(), List.of());

        assertThatThrownBy(() -> Conversion.convert(
                        new Facts(
                                forbidden,
                                facts.storage(),
                                facts.domain(),
                                facts.host(),
                                facts.database(),
                                facts.neighbours(),
                                facts.sqlite(),
                                facts.evidence(),
                                facts.unseen()),
                        JournalMode.DELETE,
                        Intent.DEFAULT,
                        step -> {}))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        refused -> assertThat(refused.finding().problem()).isEqualTo(Problem.COULD_NOT_LOOK));
    }

    @Test
    void aWalOfAnotherDatabaseIsNotAppliedAndIsKept() throws Exception {
        inRollback();
        byte[] foreign = foreignWalBeside();

        Converted converted = convert(JournalMode.DELETE);

        assertThat(converted.frames()).isZero();
        assertThat(converted.framesLeft()).isPositive();
        everyRowIsThere("delete");
        Path set = converted.kept().orElseThrow();
        assertThat(Files.readAllBytes(set.resolve(name("-wal")))).isEqualTo(foreign);
    }

    /** The commonest history there is: both in WAL mode since they were made, so both at the same change counter. */
    @Test
    void aWalOfAnotherDatabaseOfLikeHistoryIsNotAppliedEither() throws Exception {
        walSinceItWasMade();
        byte[] foreign = foreignWalBeside();

        Converted converted = convert(JournalMode.TRUNCATE);

        assertThat(converted.frames()).isZero();
        everyRowIsThere("delete"); // a journal that is truncated is a connection's own choice
        Path set = converted.kept().orElseThrow();
        assertThat(Files.readAllBytes(set.resolve(name("-wal")))).isEqualTo(foreign);
    }

    /** Judged by what was seen before the locks were held, rows that had come since would have gone into quarantine. */
    @Test
    void rowsThatComeAfterTheFirstLookAreNotTakenForAForeignWal() throws Exception {
        inRollback();
        foreignWalBeside();
        Facts seen = Facts.gather(database);
        Files.delete(database.resolveSibling(name("-wal")));
        Python.crashing(
                database,
                "c.execute('pragma journal_mode=wal')",
                "c.execute('pragma wal_autocheckpoint=0')",
                "c.execute('create table since(a)')");

        Converted converted = Conversion.convert(seen, JournalMode.DELETE, HERE, step -> {});

        assertThat(converted.framesLeft()).isZero();
        assertThat(Python.answer(database, "select count(*) from since")).isEqualTo("0");
        everyRowIsThere("delete");
    }

    /** No lock is held by one who has only opened it, so that only the look after the locks finds him. */
    @Test
    void whoOpensItBeforeTheLocksAreTakenIsNamed() throws Exception {
        inRollback();
        List<Python> come = new ArrayList<>();
        try {
            assertThatThrownBy(() -> Conversion.convert(Facts.gather(database), JournalMode.WAL, HERE, step -> {
                        if (step.equals("locking it")) come.add(opening());
                    }))
                    .isInstanceOf(WalsafeException.class)
                    .hasMessageContaining("pid " + come.get(0).pid());
        } finally {
            come.forEach(Python::close);
        }
        everyRowIsThere("delete");
        assertThat(names()).containsExactly(name(""));
    }

    private Python opening() {
        try {
            return Python.holding(database, "f = open(sys.argv[1], 'rb')");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** That -wal alone is a whole database: with it, quick_check would praise another one under this name. */
    @Test
    void aWalOfAnotherDatabaseDoesNotTakeThePlaceOfADamagedOne() throws Exception {
        inRollback();
        foreignWalBeside();
        damagePage(2);
        Map<String, String> before = bytes();

        refused(JournalMode.DELETE, Problem.NOT_PROVED, "its -wal belongs to another database");

        assertThat(bytes()).isEqualTo(before);
    }

    @Test
    void aHotJournalIsRolledBackFirst() throws Exception {
        inRollback();
        hotJournal();

        convert(JournalMode.WAL);

        everyRowIsThere("wal");
    }

    private void hotJournal() throws IOException {
        Python.crashing(
                database,
                "c.execute('pragma cache_size=1')",
                "c.execute('begin')",
                "c.execute('create table big(a)')",
                "for i in range(20000): c.execute('insert into big values(?)', (10**6+i,))");
        assertThat(Files.size(database.resolveSibling(name("-journal")))).isPositive();
    }

    @ParameterizedTest
    @EnumSource(JournalMode.class)
    void anIdleNeighbourIsNamedAndNothingIsChanged(JournalMode mode) throws Exception {
        if (mode == JournalMode.WAL) inRollback();
        else inWal();
        byte[] before = Files.readAllBytes(database);
        try (Python idle = Python.holding(database, "c.execute('select 1 from t').fetchall()")) {
            refused(mode, Problem.MODE_CHANGE_BLOCKED, "pid " + idle.pid());
            assertThat(Files.readAllBytes(database)).isEqualTo(before);
        }
        everyRowIsThere(mode == JournalMode.WAL ? "delete" : "wal");
    }

    @Test
    void aNeighbourInTheMiddleOfATransactionKeepsItsLocksAndItsRows() throws Exception {
        inWal();
        try (Python writing =
                Python.holding(database, "c.execute('begin immediate')", "c.execute('insert into t values(-1)')")) {
            refused(JournalMode.DELETE, Problem.MODE_CHANGE_BLOCKED, "pid " + writing.pid());
            assertThat(Python.answer(database, "select count(*) from t")).isEqualTo(String.valueOf(ROWS));
        }
        everyRowIsThere("wal");
    }

    /** POSIX drops every lock of a process on a file when it closes any descriptor of it: ours must survive the attempt. */
    @Test
    void whatThisProgramHasOpenIsRefusedAndNoLockIsLost() throws Exception {
        inRollback();
        try (Connection own = DriverManager.getConnection("jdbc:sqlite:file:" + uri(database));
                Statement statement = own.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("INSERT INTO t VALUES(-1)");
            long before = ownLocks();

            refused(JournalMode.WAL, Problem.MODE_CHANGE_BLOCKED, "this program itself");

            assertThat(ownLocks()).isEqualTo(before).isPositive();
            String insert =
                    "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1],timeout=0)\nc.execute('insert into t values(-2)')\nc.commit()";
            assertThat(run("python3", "-c", insert, database.toString())).contains("locked");
            statement.execute("ROLLBACK");
        }
        everyRowIsThere("delete");
    }

    private static long ownLocks() throws IOException {
        String pid = " " + ProcessHandle.current().pid() + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream()
                .filter(line -> line.contains("POSIX") && line.contains(pid))
                .count();
    }

    @Test
    void aHardLinkIsRefused() throws Exception {
        inWal();
        Files.createLink(directory.resolve("second.db"), database);

        refused(JournalMode.DELETE, Problem.HARD_LINKED, "2 names");
    }

    @Test
    void aSymbolicLinkLeadsToTheDatabaseItself() throws Exception {
        inWal();
        Path link = Files.createSymbolicLink(directory.resolve("link.db"), database);

        Conversion.convert(Facts.gather(link), JournalMode.DELETE, HERE, step -> {});

        assertThat(Files.isSymbolicLink(link)).isTrue();
        everyRowIsThere("delete");
    }

    @Test
    void walIsRefusedWhereThePolicyForbidsIt() throws Exception {
        inRollback();

        assertThatThrownBy(() -> Conversion.convert(oldSqlite(), JournalMode.WAL, HERE, step -> {}))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(Problem.MODE_UNSAFE_HERE));
        everyRowIsThere("delete");
    }

    @Test
    void damageIsToldAndTheModeStays() throws Exception {
        inRollback();
        try (var file = Files.newByteChannel(database, java.nio.file.StandardOpenOption.WRITE)) {
            file.position(4096).write(java.nio.ByteBuffer.wrap(new byte[4096]));
        }

        refused(JournalMode.WAL, Problem.NOT_PROVED, "quick_check");

        assertThat(Python.answer(database, "pragma journal_mode")).isEqualTo("delete");
    }

    /**
     * The last connection to close carries the -wal over and deletes it, also one that only ran quick_check and found
     * damage: a refusal changed what it had promised to leave, and nobody had compared the bytes.
     */
    @Test
    void whatIsNotSoundIsLeftByteForByteAsItWas() throws Exception {
        inWal();
        Python.crashing(database, "c.execute('pragma wal_checkpoint(truncate)')");
        Python.crashing(database, "c.execute('pragma wal_autocheckpoint=0')", "c.execute('create table later(a)')");
        damagePage(2);
        Map<String, String> before = bytes();

        refused(JournalMode.TRUNCATE, Problem.NOT_PROVED, "quick_check");

        assertThat(bytes()).isEqualTo(before);
    }

    @Test
    void aHotJournalIsNotRolledBackIfTheResultWouldNotBeSound() throws Exception {
        inRollback();
        damagePage(2);
        hotJournal();
        Map<String, String> before = bytes();

        refused(JournalMode.WAL, Problem.NOT_PROVED, "quick_check");

        assertThat(bytes()).isEqualTo(before);
    }

    private void damagePage(int number) throws IOException {
        try (var file = Files.newByteChannel(database, java.nio.file.StandardOpenOption.WRITE)) {
            file.position(4096L * (number - 1)).write(java.nio.ByteBuffer.wrap(new byte[4096]));
        }
    }

    /** Names and hashes of everything in the directory; a -shm is no data. */
    private Map<String, String> bytes() throws Exception {
        Map<String, String> all = new TreeMap<>();
        try (var files = Files.walk(directory)) {
            for (Path each : files.toList()) {
                String name = directory.relativize(each).toString();
                if (name.endsWith("-shm")) continue;
                all.put(name, Files.isRegularFile(each) ? run("sha256sum", each.toString()) : "");
            }
        }
        return all;
    }

    @Test
    void twoAtOnceDoItOnce() throws Exception {
        inWal();
        List<CompletableFuture<String>> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            both.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return run(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Converter.class.getName(),
                            database.toString(),
                            "DELETE");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }

        for (CompletableFuture<String> one : both) assertThat(one.get()).containsAnyOf("CONVERTED", "WS205");
        everyRowIsThere(Python.answer(database, "pragma journal_mode"));
        assertThat(convert(JournalMode.DELETE).mode()).isEqualTo(JournalMode.DELETE);
    }

    @Test
    void aFullDiskIsToldBeforeAnythingIsTouched() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "SKIPPED: only root can mount filesystems");
        Path small = Files.createDirectory(directory.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
        try {
            database = small.toRealPath().resolve("full.db");
            inWal();
            byte[] before = Files.readAllBytes(database);

            refused(JournalMode.DELETE, Problem.DISK_NEARLY_FULL, "are free");

            assertThat(Files.readAllBytes(database)).isEqualTo(before);
            everyRowIsThere("wal");
        } finally {
            run("umount", "-l", small.toString());
        }
    }

    /** Filled between two steps, so that SQLite itself is told that there is no room. */
    @Test
    void aDiskThatFillsInTheMiddleLosesNothingAndWhatWasKeptIsNamedAndStays() throws Exception {
        try (Mounted small = Mounted.small(4 << 20)) {
            database = small.point().resolve("full.db");
            Python.crashing(
                    database,
                    "c.execute('pragma journal_mode=wal')",
                    "c.execute('pragma wal_autocheckpoint=0')",
                    "c.execute('create table t(a, b)')",
                    "for i in range(" + ROWS + "): c.execute('insert into t values(?, zeroblob(6000))', (i,))");
            Path filler = small.point().resolve("filler");

            WalsafeException full =
                    assertThrows(WalsafeException.class, () -> convertFilling(filler, "changing the mode"));

            assertThat(full.finding().problem()).isEqualTo(Problem.DISK_NEARLY_FULL);
            Path left = new Staging(database).unresolved().get(0);
            assertThat(full.finding().seen()).contains(left.toString());
            assertThat(left.resolve("full.db-wal")).exists();
            Files.delete(filler);
            everyRowIsThere("wal");
            assertThat(convert(JournalMode.TRUNCATE).changed()).isTrue();
            everyRowIsThere("delete");
            assertThat(left.resolve("full.db-wal")).exists();
        }
    }

    @Test
    void aDiskThatIsFullWhenTheWalIsKeptLeavesNothingBehind() throws Exception {
        try (Mounted small = Mounted.small(4 << 20)) {
            database = small.point().resolve("full.db");
            inWal();
            Path filler = small.point().resolve("filler");

            WalsafeException full =
                    assertThrows(WalsafeException.class, () -> convertFilling(filler, "keeping a copy of its -wal"));

            assertThat(full.finding().problem()).isEqualTo(Problem.DISK_NEARLY_FULL);
            assertThat(small.point().resolve("full.db-walsafe.d")).doesNotExist();
            Files.delete(filler);
            everyRowIsThere(Python.answer(database, "pragma journal_mode"));
        }
    }

    private void convertFilling(Path filler, String before) throws Exception {
        Conversion.convert(Facts.gather(database), JournalMode.TRUNCATE, HERE, step -> {
            if (step.equals(before)) fill(filler);
        });
    }

    private static void fill(Path filler) {
        try (var out = Files.newOutputStream(filler)) {
            while (true) out.write(new byte[4096]);
        } catch (IOException full) {
            // That is the purpose.
        }
    }

    @Test
    void aProgramOfAnotherMachineThatShowsThatItLivesIsNamed() throws Exception {
        try (Mounted shared = Mounted.small(4 << 20)) {
            database = shared.point().resolve("shared.db");
            inWal();
            Process foreigner = foreigner();
            try (var said = foreigner.inputReader()) {
                assertThat(said.readLine()).startsWith("p.");

                refused(JournalMode.DELETE, Problem.MODE_CHANGE_BLOCKED, "of another machine (boot 0badcafe)");
            } finally {
                foreigner.destroyForcibly().waitFor();
            }
            everyRowIsThere("wal");
        }
    }

    @Test
    void aSignThatDidNotChangeWhileItWasWatchedIsToldAndDoesNotForbid() throws Exception {
        try (Mounted shared = Mounted.small(4 << 20)) {
            database = shared.point().resolve("shared.db");
            inWal();
            Files.createDirectory(Signs.folder(database));
            Files.createFile(
                    Signs.folder(database).resolve("p.0badcafe.8-1.4026531836.77.1234." + "ab".repeat(16) + ".g1"));
            Facts facts = Facts.gather(database);
            List<Sign> watched = facts.neighbours().signs().stream()
                    .map(sign -> sign.with(Sign.Life.SUSPECT))
                    .toList();

            Converted converted = Conversion.convert(facts.seeing(watched), JournalMode.DELETE, HERE, step -> {});

            assertThat(converted.notes()).anySatisfy(note -> assertThat(note).contains("boot 0badcafe"));
            everyRowIsThere("delete");
        }
    }

    private Process foreigner() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Foreigner.class.getName(),
                        database.toString(),
                        "0badcafe-0000-0000-0000-000000000000",
                        "200")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void openingBringsADatabaseBackFromWalWhereThePlanForbidsIt() throws Exception {
        inWal();

        Facts after = BeforeOpening.of(oldSqlite(), HERE);

        assertThat(after.database().header().orElseThrow().wal()).isFalse();
        everyRowIsThere("delete");
    }

    @Test
    void openingLeavesTheModeAloneWhileSomebodyIsThere() throws Exception {
        inWal();
        try (Python idle = Python.holding(database, "c.execute('select 1 from t').fetchall()")) {
            assertThat(idle.pid()).isPositive();

            BeforeOpening.of(oldSqlite(), HERE);
        }
        everyRowIsThere("wal");
    }

    /** The facts as a program would have them whose SQLite has the WAL-reset bug, so that WAL is forbidden here. */
    private Facts oldSqlite() {
        Facts facts = Facts.gather(database);
        return new Facts(
                facts.target(),
                facts.storage(),
                facts.domain(),
                facts.host(),
                facts.database(),
                facts.neighbours(),
                Optional.of(SqliteVersion.parse("3.51.2").orElseThrow()),
                facts.evidence(),
                facts.unseen());
    }

    private Converted convert(JournalMode mode) throws Exception {
        return Conversion.convert(Facts.gather(database), mode, HERE, step -> {});
    }

    private void refused(JournalMode mode, Problem problem, String naming) {
        assertThatThrownBy(() -> convert(mode))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem())
                                .as(e.getMessage())
                                .isEqualTo(problem))
                .hasMessageContaining(naming);
    }

    private void inWal() throws IOException {
        written("wal");
    }

    private void inRollback() throws IOException {
        written("delete");
    }

    private void written(String mode) throws IOException {
        Python.crashing(
                database,
                "c.execute('pragma journal_mode=" + mode + "')",
                "c.execute('create table t(a)')",
                "for i in range(" + ROWS + "): c.execute('insert into t values(?)', (i,))");
    }

    private void walSinceItWasMade() throws IOException {
        Python.crashing(
                database,
                "c.execute('pragma journal_mode=wal')",
                "c.execute('create table t(a)')",
                "c.executemany('insert into t values(?)', [(i,) for i in range(" + ROWS + ")])",
                "c.execute('create table padding as with recursive n(i) as (select 1 union all select i+1 from n limit 50)"
                        + " select zeroblob(4000) from n')",
                "c.close()");
    }

    private byte[] foreignWalBeside() throws IOException {
        Path other = directory.resolve("other.db");
        Python.crashing(
                other,
                "c.execute('pragma journal_mode=wal')",
                "c.execute('create table other(a)')",
                "for i in range(90): c.execute('insert into other values(?)', (i,))");
        Files.move(directory.resolve("other.db-wal"), database.resolveSibling(name("-wal")));
        return Files.readAllBytes(database.resolveSibling(name("-wal")));
    }

    private void everyRowIsThere(String mode) throws IOException {
        assertThat(Python.answer(database, "pragma journal_mode")).isEqualTo(mode);
        assertThat(Python.answer(database, "select count(*) from t")).isEqualTo(String.valueOf(ROWS));
        assertThat(Python.answer(database, "pragma integrity_check")).isEqualTo("ok");
    }

    private List<String> names() throws IOException {
        try (var all = Files.list(directory)) {
            return all.map(each -> String.valueOf(each.getFileName())).toList();
        }
    }

    private static String uri(Path path) {
        return path.toUri().getRawPath();
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String name(String suffix) {
        return Objects.requireNonNull(database.getFileName()) + suffix;
    }
}
