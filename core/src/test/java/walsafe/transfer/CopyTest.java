package walsafe.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.policy.Intent;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class CopyTest {
    @TempDir
    Path folder;

    private final List<Process> programs = new ArrayList<>();

    @AfterEach
    void nobodyIsLeft() {
        programs.forEach(Process::destroyForcibly);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "truncate", "delete"})
    void everyRowThatWasAcknowledgedBeforeTheCopyBeganIsInIt(String mode) throws Exception {
        Path source = database("shop.db", mode, 20_000);
        Process one = writer(source, 1);
        Process two = writer(source, 2);
        List<Integer> ledger = new ArrayList<>();
        for (Process each : List.of(one, two)) ledger.addAll(hear(each, 20));

        Copied copied = Copy.of(source, folder.resolve("copy.db"), Intent.DEFAULT, patient(), Progress.NONE);

        assertThat(one.isAlive() && two.isAlive()).isTrue();
        assertThat(numbers(copied.target())).containsAll(ledger).doesNotHaveDuplicates();
        assertThat(ask(copied.target(), "PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(copied.wal()).isEqualTo(mode.equals("wal"));
        assertThat(names()).doesNotContain("copy.db.walsafe.partial", "copy.db.walsafe.partial-journal");
        hear(one, 1); // and they go on
        hear(two, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "truncate"})
    void theOriginalAndItsDirectoryStayAsTheyWere(String mode) throws Exception {
        database("shop.db", mode, 100);
        Map<String, String> before = contents();

        Copy.of(folder.resolve("shop.db"), folder.resolve("copy.db"));

        Map<String, String> after = contents();
        after.remove("copy.db");
        assertThat(after).isEqualTo(before);
    }

    /** What a killed program left in its -wal is copied, and stays in the -wal: the copy was the last to close. */
    @Test
    void aWalThatNobodyHasOpenIsReadAndNotCheckpointed() throws Exception {
        Path source = database("shop.db", "wal", 10);
        Process program = python(
                source, "c.execute('INSERT INTO t VALUES (4711, NULL)')", "print('x', flush=True)", "os._exit(9)");
        program.waitFor();
        Map<String, String> before = contents();
        assertThat(before.keySet()).contains("shop.db-wal");

        Copied copied = Copy.of(source, folder.resolve("copy.db"));

        assertThat(numbers(copied.target())).contains(4711);
        Map<String, String> after = contents();
        assertThat(after.get("shop.db")).isEqualTo(before.get("shop.db"));
        assertThat(after.get("shop.db-wal")).isEqualTo(before.get("shop.db-wal"));
    }

    @Test
    void aWriterThatNeverRestsIsWaitedForAndThenKeptOutForAMoment() throws Exception {
        Path source = database("shop.db", "truncate", 60_000);
        Process writer = writer(source, 1);
        hear(writer, 5);

        AtomicInteger steps = new AtomicInteger();
        Copied copied = Copy.of(
                source,
                folder.resolve("copy.db"),
                Intent.DEFAULT,
                new Budget(Duration.ofSeconds(60), 2),
                (some, all) -> {
                    if (steps.incrementAndGet() <= 3) listenAnew(writer); // later it is locked out
                });

        assertThat(copied.restarts()).isBetween(3, 4);
        assertThat(copied.longestLock()).isPositive();
        assertThat(ask(copied.target(), "PRAGMA integrity_check")).isEqualTo("ok");
    }

    /** It was told as a trouble of the target, where "no file can be made". */
    @Test
    void aSourceThatCannotBeReachedIsToldOfTheSource() throws Exception {
        Path loop = Files.createSymbolicLink(folder.resolve("loop.db"), Path.of("loop.db"));

        assertThatThrownBy(() -> Copy.of(loop, folder.resolve("copy.db")))
                .hasMessageStartingWith("WS901")
                .hasMessageContaining("loop.db");
    }

    @Test
    void aCopyThatWouldKeepWritersOutForTooLongGivesUpAndLeavesNothing() throws Exception {
        Path source = database("shop.db", "truncate", 60_000);
        Process writer = writer(source, 1);
        hear(writer, 5);
        Budget small = new Budget(Duration.ofMillis(1), 0);

        assertThatThrownBy(() -> Copy.of(
                        source,
                        folder.resolve("copy.db"),
                        Intent.DEFAULT,
                        small,
                        (some, all) -> sometimesListen(writer, some)))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(Problem.COPY_BLOCKED));

        assertThat(names()).noneMatch(name -> name.startsWith("copy.db"));
        hear(writer, 3);
    }

    @Test
    void aLockThatDoesNotGoAwayEndsTheCopy() throws Exception {
        Path source = database("shop.db", "truncate", 100);
        Process holder =
                python(source, "c.execute('BEGIN EXCLUSIVE')", "print('ready', flush=True)", "sys.stdin.readline()");
        read(holder);

        assertThatThrownBy(() -> Copy.of(
                        source,
                        folder.resolve("copy.db"),
                        Intent.DEFAULT,
                        Budget.DEFAULT.withLock(Duration.ofMillis(50)),
                        Progress.NONE))
                .hasMessageContaining("WS211");
        assertThat(names()).noneMatch(name -> name.startsWith("copy.db"));
    }

    /** Another program writes through the locks that walsafe holds here: if one was dropped, it would get in. */
    @ParameterizedTest
    @ValueSource(strings = {"wal", "truncate"})
    void aCopyInTheProgramThatHasTheSourceOpenDropsNoLock(String mode) throws Exception {
        Path source = database("shop.db", mode, 100);
        try (SafeDatabase db = Walsafe.open(source, Intent.DEFAULT.wishing("journal_mode", mode))) {
            String answer = db.write(connection -> {
                connection.createStatement().executeUpdate("INSERT INTO t VALUES (7, NULL)");
                try {
                    Copy.of(source, folder.resolve("copy.db"));
                    Process other = python(
                            source,
                            "c.execute('PRAGMA busy_timeout=0')",
                            "try:",
                            "  c.execute('BEGIN IMMEDIATE'); print('got in', flush=True)",
                            "except sqlite3.OperationalError as e: print(e, flush=True)");
                    return read(other);
                } catch (IOException e) {
                    throw new SQLException(e);
                }
            });

            assertThat(answer).contains("locked");
            assertThat(db.health().isEmpty()).isTrue();
        }
        assertThat(numbers(folder.resolve("copy.db"))).doesNotContain(7);
    }

    @Test
    void whatIsKilledInTheMidstLeavesOnlyThePartialAndTheNextCopyReplacesIt() throws Exception {
        Path source = database("shop.db", "wal", 60_000);
        Path target = folder.resolve("copy.db");
        Process copying = java(Copying.class, source.toString(), target.toString());
        assertThat(read(copying)).isEqualTo("midst");

        assertThatThrownBy(() -> Copy.of(source, target))
                .hasMessageContaining("WS701")
                .hasMessageContaining("pid " + copying.pid());
        copying.destroyForcibly().waitFor();

        assertThat(names()).contains("copy.db.walsafe.partial").doesNotContain("copy.db");
        Copied copied = Copy.of(source, target);
        assertThat(ask(copied.target(), "SELECT count(*) FROM t")).isEqualTo("60000");
        assertThat(names()).noneMatch(name -> name.contains("partial"));
    }

    /** Stops in the middle of a copy, and says so. */
    static final class Copying {
        private Copying() {}

        public static void main(String[] arguments) throws Exception {
            Copy.of(Path.of(arguments[0]), Path.of(arguments[1]), Intent.DEFAULT, Budget.DEFAULT, (some, all) -> {
                if (some < all / 2) return;
                System.out.println("midst");
                try {
                    Thread.sleep(600_000);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Test
    void aTargetThatExistsInAnyFormIsLeftAlone() throws Exception {
        Path source = database("shop.db", "wal", 10);
        List<Path> taken = new ArrayList<>();
        taken.add(source);
        taken.add(Files.createDirectory(folder.resolve("directory")));
        taken.add(Files.createSymbolicLink(folder.resolve("link"), source));
        taken.add(Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere")));
        taken.add(Files.createLink(folder.resolve("hard"), source));
        taken.add(Files.writeString(folder.resolve("text"), "mine"));
        Files.writeString(folder.resolve("old.db-wal"), "rows");
        Files.writeString(folder.resolve("older.db-journal"), "rows");
        taken.add(folder.resolve("old.db"));
        taken.add(folder.resolve("older.db"));
        Map<String, String> before = contents();

        for (Path target : taken) {
            assertThatThrownBy(() -> Copy.of(source, target)).as("%s", target).hasMessageContaining("WS701");
        }

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aTargetThatAppearsMeanwhileIsLeftAlone() throws Exception {
        Path source = database("shop.db", "wal", 100);
        Path target = folder.resolve("copy.db");

        assertThatThrownBy(() -> Copy.of(source, target, Intent.DEFAULT, Budget.DEFAULT, (some, all) -> write(target)))
                .hasMessageContaining("WS701");

        assertThat(target).hasContent("mine");
        assertThat(names()).noneMatch(name -> name.contains("partial"));
    }

    @Test
    void whatHoldsNoDatabaseIsNotCopied() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.db"));
        Path text = Files.writeString(folder.resolve("text.db"), "This is certainly no database. ".repeat(100));
        Path target = folder.resolve("copy.db");

        assertThatThrownBy(() -> Copy.of(folder.resolve("missing.db"), target)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> Copy.of(folder, target)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Copy.of(empty, target)).hasMessageContaining("WS405");
        assertThatThrownBy(() -> Copy.of(text, target)).hasMessageContaining("WS401");
        assertThat(names()).noneMatch(name -> name.startsWith("copy.db"));
    }

    @Test
    void aDamagedSourceGivesNoCopyAndIsTold() throws Exception {
        Path source = database("shop.db", "delete", 2_000);
        try (var file = new java.io.RandomAccessFile(source.toFile(), "rw")) {
            file.seek(5 * 4096);
            file.write(new byte[4096]);
        }
        String before = contents().get("shop.db");

        assertThatThrownBy(() -> Copy.of(source, folder.resolve("copy.db"))).hasMessageContaining("WS702");

        assertThat(names()).containsExactly("shop.db");
        assertThat(contents()).containsEntry("shop.db", before);
    }

    @Test
    void whatOnlyItsOwnerCouldReadStaysSo() throws Exception {
        Path source = database("shop.db", "wal", 10);
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-------"));

        Copied copied = Copy.of(source, folder.resolve("copy.db"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copied.target())))
                .isEqualTo("rw-------");
    }

    @Test
    void anyNameWillDo() throws Exception {
        Path source = database("a b ?x=1#50%41'ü😀.db", "wal", 10);

        Copied copied =
                Copy.of(source, Files.createDirectory(folder.resolve("ö ?")).resolve("kopie ?mode=ro.db"));

        assertThat(ask(copied.target(), "SELECT count(*) FROM t")).isEqualTo("10");
    }

    private static Budget patient() {
        return Budget.DEFAULT.withLock(Duration.ofSeconds(60));
    }

    /** Waits for a commit that had not been made when this was called. */
    private static void listenAnew(Process writer) {
        try {
            writer.getInputStream().skipNBytes(writer.getInputStream().available());
            read(writer); // perhaps the rest of a line
            read(writer); // perhaps of a commit from before
            read(writer);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void listen(Process writer) {
        try {
            hear(writer, 1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A writer gets in between the first steps; afterwards it is locked out and cannot be waited for. */
    private static void sometimesListen(Process writer, long some) {
        if (some < 1_000) listen(writer);
    }

    private static void write(Path target) {
        try {
            Files.writeString(target, "mine");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path database(String name, String mode, int rows) throws SQLException {
        Path database = folder.resolve(name);
        try (Database fresh = Database.open(database, "mode=rwc", 0)) {
            fresh.ask("PRAGMA journal_mode = " + mode);
            fresh.run("CREATE TABLE t(number INTEGER, filler)");
            fresh.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows
                    + ") INSERT INTO t SELECT -i, randomblob(500) FROM n");
        }
        return database;
    }

    /** A program without walsafe that writes a row a transaction and says its number once it was acknowledged. */
    private Process writer(Path database, int who) throws IOException {
        return python(
                database,
                "c.execute('PRAGMA busy_timeout=60000')",
                "c.execute('PRAGMA journal_mode=' + ('truncate' if c.execute('PRAGMA journal_mode').fetchone()[0] != 'wal' else 'wal'))",
                "n = " + who + " * 1000000",
                "while True:",
                "  n += 1",
                "  c.execute('INSERT INTO t VALUES (?, zeroblob(10))', (n,))",
                "  print(n, flush=True)");
    }

    private Process python(Path database, String... statements) throws IOException {
        String text = "import os, sqlite3, sys, time\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
                + String.join("\n", statements);
        return started("python3", "-c", text, database.toString());
    }

    private Process java(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return started(command.toArray(new String[0]));
    }

    private Process started(String... command) throws IOException {
        Process program = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        programs.add(program);
        return program;
    }

    private static List<Integer> hear(Process program, int lines) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < lines; i++) numbers.add(Integer.parseInt(read(program)));
        return numbers;
    }

    private static String read(Process program) throws IOException {
        // Byte by byte: a reader with a buffer would swallow the lines that the next call waits for.
        var line = new java.io.ByteArrayOutputStream();
        var in = program.getInputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) line.write(b);
        return line.toString(StandardCharsets.UTF_8);
    }

    private static List<Integer> numbers(Path database) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + Database.uri(database, "immutable=1"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT number FROM t")) {
            while (row.next()) numbers.add(row.getInt(1));
        }
        return numbers;
    }

    private static String ask(Path database, String sql) throws SQLException {
        try (Database open = Database.open(database, "immutable=1", 0)) {
            return open.ask(sql);
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    /** Read by another process, so that no lock of this one is dropped. */
    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (String name : names()) {
            if (name.endsWith("-shm")) continue; // an index that SQLite makes anew
            Process sum =
                    started("stat", "-c", "%s %Y %i %a", folder.resolve(name).toString());
            Process md5 = started("md5sum", folder.resolve(name).toString());
            contents.put(name, read(sum) + read(md5));
        }
        return contents;
    }
}
