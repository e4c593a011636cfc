package walsafe.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.facts.Facts;
import walsafe.facts.Mounted;
import walsafe.facts.Sign;
import walsafe.facts.Signs;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;

/** Real processes on a real disk; the old database has a -wal with rows that are nowhere else. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class CustodyTest {
    private static final int ROWS = 40;

    @TempDir
    Path directory;

    private Path database;
    private Path proved;

    @BeforeEach
    void aDatabaseWithAWalAndAnotherToTakeItsPlace() throws IOException {
        database = directory.toRealPath().resolve("the größte shop.db");
        Python.crashing(
                database,
                "c.execute('pragma journal_mode=wal')",
                "c.execute('create table t(a)')",
                "c.execute('pragma wal_checkpoint')",
                "for i in range(" + ROWS + "): c.execute('insert into t values(?)', (i,))");
        proved = new Staging(database).trying().resolve("proved.db");
        Python.crashing(proved, "c.execute('create table fresh(a)')", "c.execute('insert into fresh values(7)')");
    }

    @Test
    void theNewFileHasTheNameAndTheOldSetIsKept() throws Exception {
        byte[] old = Files.readAllBytes(database);
        byte[] oldWal = Files.readAllBytes(wal());

        Path set = replace();

        assertThat(Python.answer(database, "select a from fresh")).isEqualTo("7");
        assertThat(Files.readAllBytes(set.resolve(name("")))).isEqualTo(old);
        assertThat(Files.readAllBytes(set.resolve(name("-wal")))).isEqualTo(oldWal);
        assertThat(Files.readString(set.resolve("MANIFEST"))).contains(name("-wal"));
        assertThat(wal()).doesNotExist();
        assertThat(Files.getAttribute(database, "unix:nlink")).isEqualTo(1);
        assertThat(Custody.settle(database)).isEqualTo(Settlement.NOTHING);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void aDeathBeforeAnyStepIsPutInOrder(Step step) throws Exception {
        dyingBefore(step.name());

        Settlement settlement = Custody.settle(database);

        Settlement expected = switch (step) {
            case INTEND -> Settlement.NOTHING;
            case QUARANTINE, STRIP, RENAME -> Settlement.REVERTED;
            case FORGET -> Settlement.FINISHED;
        };
        assertThat(settlement).isEqualTo(expected);
        assertThat(Custody.settle(database)).as("twice").isEqualTo(Settlement.NOTHING);
        assertThat(Files.getAttribute(database, "unix:nlink")).isEqualTo(1);
        assertThat(Custody.quarantined(database)).hasSize(step == Step.FORGET ? 1 : 0);
        if (step == Step.FORGET)
            assertThat(Python.answer(database, "select a from fresh")).isEqualTo("7");
        else everyRowIsThere();
    }

    @Test
    void whatAnotherProgramDidSinceIsNotOverwritten() throws Exception {
        dyingBefore(Step.RENAME.name());
        Python.crashing(database, "c.execute('create table since(a)')");

        assertThatThrownBy(() -> Custody.settle(database))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(Problem.REPLACEMENT_INTERRUPTED));

        assertThat(Python.answer(database, "select count(*) from since")).isEqualTo("0");
        assertThat(Files.size(Custody.quarantined(database).get(0).resolve(name("-wal"))))
                .isPositive();
    }

    @Test
    void somebodyWhoReadsTheDatabaseWithoutItsWalIsNotPulledAlong() throws Exception {
        dyingBefore(Step.RENAME.name());

        Python reader = Python.holding(database, "c.execute('begin')", "c.execute('select * from t').fetchone()");
        try (reader) {
            assertThatThrownBy(() -> Custody.settle(database)).isInstanceOf(WalsafeException.class);
        }
    }

    /** Neither leaves a file beside the database that would tell: the bytes and the locks must. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "f = open(sys.argv[1], 'r+b'); f.seek(4090); f.write(b'since'); f.flush()",
                "import fcntl; f = open(sys.argv[1], 'r+b'); fcntl.lockf(f, fcntl.LOCK_SH, 510, 0x40000002)"
            })
    void aWalIsNotPutBackBesideADatabaseThatWasWrittenToOrIsRead(String meanwhile) throws Exception {
        dyingBefore(Step.RENAME.name());

        try (Python other = Python.holding(database, meanwhile)) {
            assertThat(other.pid()).isPositive();
            assertThatThrownBy(() -> Custody.settle(database)).isInstanceOf(WalsafeException.class);
        }

        assertThat(wal()).doesNotExist();
        assertThat(Custody.quarantined(database).get(0).resolve(name("-wal"))).exists();
    }

    @Test
    void anIntentIsNotSettledWhileItsWriterLives() throws Exception {
        try (Hold hold = Custody.hold(database, Others.RULED_OUT)) {
            assertThatThrownBy(() -> hold.replace(proved, step -> {
                        if (step == Step.STRIP) settleInAnotherProcess();
                    }))
                    .isInstanceOfSatisfying(
                            WalsafeException.class,
                            e -> assertThat(e.finding().problem()).isEqualTo(Problem.MODE_CHANGE_BLOCKED));
        }
        everyRowIsThere();
    }

    private void settleInAnotherProcess() {
        try {
            Custody.settle(database); // waits, then says that another is at it
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @Timeout(20) // a pipe would keep it waiting for ever
    @ValueSource(strings = {"garbage", "empty", "fifo", "directory", "link", "long", "another database", "nobody"})
    void anIntentThatIsNoneIsRefusedAndNothingIsTouched(String kind) throws Exception {
        Path intent = new Folder(database).intent();
        switch (kind) {
            case "garbage" -> Files.write(intent, "walsafe-intent-1 or so".getBytes(StandardCharsets.UTF_8));
            case "empty" -> Files.createFile(intent);
            case "fifo" -> run("mkfifo", intent.toString());
            case "directory" -> Files.createDirectory(intent);
            case "link" -> Files.createSymbolicLink(intent, database);
            case "long" -> Files.write(intent, new byte[1 << 20]);
            case "another database" ->
                Files.write(intent, intent("other.db", "20200101T000000.000Z").encode());
            default -> {
                assumeTrue("root".equals(System.getProperty("user.name")), "SKIPPED: only root can give files away");
                Files.write(intent, intent(name(""), "20200101T000000.000Z").encode());
                Files.setAttribute(intent, "unix:uid", 65534);
            }
        }
        byte[] before = Files.readAllBytes(database);

        assertThatThrownBy(() -> Custody.settle(database))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(Problem.REPLACEMENT_INTERRUPTED));

        assertThat(Files.readAllBytes(database)).isEqualTo(before);
        assertThat(Files.exists(intent, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void anIntentCannotMakeUsDeleteASetThatIsNotASecondNameOfWhatIsThere() throws Exception {
        Path set = replace();
        byte[] kept = Files.readAllBytes(set.resolve(name("")));
        Files.write(
                new Folder(database).intent(),
                intent(name(""), set.getFileName().toString()).encode());

        assertThat(Custody.settle(database)).isEqualTo(Settlement.REVERTED);

        assertThat(Files.readAllBytes(set.resolve(name("")))).isEqualTo(kept);
        assertThat(set.resolve("MANIFEST")).exists();
    }

    /** One that says that what has the name now is the old file. */
    private Replacement intent(String name, String set) throws IOException {
        var files = new java.util.EnumMap<walsafe.facts.DatabasePart, Identity>(walsafe.facts.DatabasePart.class);
        files.put(walsafe.facts.DatabasePart.DATABASE, Identity.of(database));
        if (Files.exists(wal())) files.put(walsafe.facts.DatabasePart.WAL, Identity.of(wal()));
        return new Replacement(0, new Identity(1, 1, "00".repeat(32)), files, set, name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "wal"})
    void whoeverHasItOpenIsNamedHoweverIdle(String mode) throws Exception {
        try (Python idle = Python.holding(
                database,
                "c.execute('pragma journal_mode=" + mode + "').fetchone()",
                "c.execute('select 1 from t').fetchall()")) {
            assertThatThrownBy(() -> Custody.hold(database, Others.RULED_OUT))
                    .isInstanceOf(WalsafeException.class)
                    .hasMessageContaining("pid " + idle.pid());
        }
    }

    @Test
    void aSignOfAnEarlierBootOnADiskOfThisMachineIsNoCompany() throws Exception {
        try (Mounted disk = Mounted.ext4()) {
            database = disk.point().resolve("on disk.db");
            Python.crashing(database, "c.execute('create table t(a)')");
            signOfAnotherBoot();

            Custody.hold(database, Others.RULED_OUT).close();
        }
    }

    /** A tmpfs is no disk that only this kernel could reach, as far as is known. */
    @Test
    void aSignOfAnotherMachineIsCompanyUntilItWasWatchedForLongEnough() throws Exception {
        try (Mounted shared = Mounted.small(1 << 20)) {
            database = shared.point().resolve("shared.db");
            Python.crashing(database, "c.execute('create table t(a)')");
            String sign = signOfAnotherBoot();

            assertThatThrownBy(() -> Custody.hold(database, Others.RULED_OUT))
                    .isInstanceOf(WalsafeException.class)
                    .hasMessageContaining("pid 77 of another machine")
                    .hasMessageContaining("WS205");

            List<Sign> watched = Facts.gather(database).neighbours().signs();
            Custody.hold(database, Others.RULED_OUT, watched).close();
            Files.move(shared.point().resolve(sign), shared.point().resolve(sign.replace(".g1", ".g2")));
            assertThatThrownBy(() -> Custody.hold(database, Others.RULED_OUT, watched))
                    .as("it has changed since")
                    .isInstanceOf(WalsafeException.class);
        }
    }

    private String signOfAnotherBoot() throws IOException {
        String name =
                Signs.folder(database).getFileName() + "/p.0badcafe.8-1.4026531836.77.1234." + "ab".repeat(16) + ".g1";
        Files.createDirectory(Signs.folder(database));
        Files.createFile(database.resolveSibling(name));
        return name;
    }

    @Test
    void aSecondNameIsRefused() throws Exception {
        Files.createLink(directory.resolve("second.db"), database);

        assertThatThrownBy(() -> Custody.hold(database, Others.RULED_OUT))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(Problem.HARD_LINKED));
    }

    /** A name that is removed and made again is told as removed; one that is renamed over is not. */
    @Test
    void theNameIsNeverAbsent() throws Exception {
        try (WatchService watch = database.getFileSystem().newWatchService()) {
            directory.toRealPath().register(watch, StandardWatchEventKinds.ENTRY_DELETE);

            replace();
            Path mark = Files.createFile(directory.resolve("mark"));
            Files.delete(mark);

            List<String> gone = new ArrayList<>();
            while (!gone.contains("mark")) {
                WatchKey key = watch.take();
                key.pollEvents().forEach(event -> gone.add(String.valueOf(event.context())));
                key.reset();
            }
            assertThat(gone).contains(name("-wal")).doesNotContain(name(""));
        }
    }

    /** One that has it open and no lock, since before the locks were taken or ever since. */
    @Test
    void whoComesWhileItIsReplacedIsNamedAndEverythingIsTakenBack() throws Exception {
        List<Python> come = new ArrayList<>();
        try (Hold hold = Custody.hold(database, Others.RULED_OUT)) {
            assertThatThrownBy(() -> hold.replace(proved, step -> {
                        if (step == Step.QUARANTINE) come.add(opening());
                    }))
                    .isInstanceOf(WalsafeException.class)
                    .hasMessageContaining("pid " + come.get(0).pid());
        } finally {
            come.forEach(Python::close);
        }
        everyRowIsThere();
        assertThat(Custody.quarantined(database)).isEmpty();
    }

    private Python opening() {
        try {
            return Python.holding(database, "f = open(sys.argv[1], 'rb')");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aProvedFileThatHasASecondNameDoesNotTakeThePlace() throws Exception {
        Files.createLink(directory.resolve("second"), proved);

        assertThatThrownBy(this::replace)
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(Problem.HARD_LINKED));
        everyRowIsThere();
    }

    /** Without hard links the set has to be copied, and for that there must be room. */
    @Test
    void whereThereAreNoHardLinksTheSetIsCopiedAndMustHaveRoom() throws Exception {
        try (Mounted vfat = Mounted.vfat()) {
            database = vfat.point().resolve("shop.db");
            Python.crashing(database, "c.execute('create table t(a)')", "c.execute('insert into t values(1)')");
            byte[] old = Files.readAllBytes(database);
            proved = vfat.point().resolve("nothing.db");

            Path set = replace();

            assertThat(Files.readAllBytes(set.resolve("shop.db"))).isEqualTo(old);
            proved = new Staging(database).trying().resolve("proved.db");
            Python.crashing(proved, "c.execute('create table fresh(a)')");
            long size = Files.getFileStore(database).getUsableSpace() - (1 << 19);
            run(
                    "fallocate",
                    "-l",
                    String.valueOf(size),
                    vfat.point().resolve("filler").toString());
            assertThatThrownBy(this::replace)
                    .isInstanceOfSatisfying(
                            WalsafeException.class,
                            e -> assertThat(e.finding().problem()).isEqualTo(Problem.DISK_NEARLY_FULL));
        }
    }

    @Test
    void thereIsNoFourthSet() throws Exception {
        for (int set = 0; set < Custody.MOST_SETS; set++) {
            Path next = new Staging(database).trying().resolve("next.db");
            Python.crashing(next, "c.execute('create table fresh(a)')");
            try (Hold hold = Custody.hold(database, Others.RULED_OUT)) {
                hold.replace(next);
            }
        }

        assertThatThrownBy(this::replace)
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(Problem.QUARANTINE_FULL));
        assertThat(Custody.quarantined(database)).hasSize(Custody.MOST_SETS);
    }

    @Test
    void modeAttributesAndAccessListAreKept() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setfacl")), "SKIPPED: setfacl is not installed");
        run("setfattr", "-n", "user.walsafe", "-v", "mine", database.toString());
        run("chmod", "0640", database.toString());
        run("setfacl", "-m", "u:65534:rw", database.toString());
        String before = run("getfacl", "-n", "--absolute-names", database.toString());

        replace();

        assertThat(run("getfacl", "-n", "--absolute-names", database.toString()))
                .isEqualTo(before)
                .contains("65534:rw");
        assertThat(run("getfattr", "--absolute-names", "-n", "user.walsafe", database.toString()))
                .contains("mine");
    }

    @Test
    void theOwnerIsKept() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "SKIPPED: only root can give files away");
        Files.setAttribute(database, "unix:uid", 65534);
        Files.setAttribute(database, "unix:gid", 65533);

        replace();

        assertThat(Files.getAttribute(database, "unix:uid")).isEqualTo(65534);
        assertThat(Files.getAttribute(database, "unix:gid")).isEqualTo(65533);
    }

    @Test
    void whileItIsHeldNobodyCanRead() throws Exception {
        Hold hold = Custody.hold(database, Others.RULED_OUT);
        try (hold) {
            assertThat(Python.answer(database, "select count(*) from t")).contains("locked");
        }
        everyRowIsThere();
    }

    private Path replace() throws IOException {
        if (!Files.exists(proved)) {
            proved = new Staging(database).trying().resolve("proved.db");
            Python.crashing(proved, "c.execute('create table fresh(a)')");
        }
        try (Hold hold = Custody.hold(database, Others.RULED_OUT)) {
            return hold.replace(proved);
        }
    }

    private void everyRowIsThere() throws IOException {
        assertThat(Python.answer(database, "select count(*) from t")).isEqualTo(String.valueOf(ROWS));
        assertThat(Python.answer(database, "pragma integrity_check")).isEqualTo("ok");
    }

    private void dyingBefore(String step) throws Exception {
        Process replacer = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Replacer.class.getName(),
                        database.toString(),
                        proved.toString(),
                        step))
                .redirectErrorStream(true)
                .start();
        String said = new String(replacer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(replacer.waitFor()).as(said).isEqualTo(137);
        OptionalLong there = Identity.inode(database);
        assertThat(there).as("the name is never absent").isPresent();
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private Path wal() {
        return database.resolveSibling(name("-wal"));
    }

    private String name(String suffix) {
        return Objects.requireNonNull(database.getFileName()) + suffix;
    }
}
