package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import walsafe.facts.Neighbour.SqliteLibrary;

/** Real programs hold a real database; each is to be named with its locks, and to keep them. */
@EnabledOnOs(OS.LINUX)
class NeighbourLookTest {
    private static final String WAL = "c.execute('pragma journal_mode=wal')";
    private static final String TABLE = "c.execute('create table if not exists t(a)')";
    private static final String ROW = "c.execute('insert into t values(1)')";

    @TempDir
    Path directory;

    private final List<Program> programs = new ArrayList<>();
    private Path db;

    @BeforeEach
    void name() {
        db = directory.resolve("shop.db");
    }

    @AfterEach
    void endPrograms() throws IOException {
        for (Program program : programs) program.close();
    }

    private Program with(Program program) {
        programs.add(program);
        return program;
    }

    /** Looks, and insists that looking took no lock and broke none. */
    private Neighbours look(Path database) throws IOException {
        Set<String> before = Looking.locksOn(database);
        Neighbours neighbours = Looking.at(database);
        assertThat(Looking.locksOn(database)).isEqualTo(before);
        return neighbours;
    }

    private static Neighbour only(Neighbours neighbours) {
        assertThat(neighbours.processes()).hasSize(1);
        return neighbours.processes().get(0);
    }

    private static List<String> locks(Neighbour neighbour) {
        return neighbour.locks().stream()
                .map(lock -> lock.file() + " " + lock.name() + (lock.write() ? " w" : " r"))
                .toList();
    }

    private static Optional<String> sqliteOfPython() throws IOException {
        return Optional.of(Program.output(List.of("python3", "-c", "import sqlite3; print(sqlite3.sqlite_version)"))
                .strip());
    }

    private static Optional<String> version(Neighbour neighbour) {
        assertThat(neighbour.sqlites()).hasSize(1);
        return neighbour.sqlites().get(0).version().map(SqliteVersion::toString);
    }

    private static void assumeRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to make namespaces and mounts");
    }

    @Test
    void nobodyIsSeenWhereNobodyIs() throws IOException {
        with(Program.python(directory.resolve("another.db"), TABLE));
        Files.createFile(db);

        Neighbours neighbours = look(db);

        assertThat(neighbours)
                .isEqualTo(new Neighbours(true, List.of(), List.of(), neighbours.denied(), neighbours.complete()));
    }

    @Test
    void anIdleConnectionInWalIsNamedWithItsLocks() throws IOException {
        Program python = with(Program.python(db, WAL, TABLE));

        Neighbour neighbour = only(look(db));

        assertThat(neighbour.pid()).isEqualTo(python.pid());
        assertThat(neighbour.command()).contains("python3").contains("import os, sqlite3, sys db = sys.argv[1]");
        assertThat(neighbour.user()).contains(System.getProperty("user.name"));
        assertThat(neighbour.startedAt()).get().asString().startsWith("20").endsWith("Z");
        assertThat(neighbour.open())
                .containsExactlyInAnyOrder(DatabasePart.DATABASE, DatabasePart.WAL, DatabasePart.SHM);
        assertThat(neighbour.deleted()).isEmpty();
        assertThat(locks(neighbour)).containsExactlyInAnyOrder("DATABASE SHARED r", "SHM DMS r");
        assertThat(neighbour.pinsFrame()).isEmpty();
        assertThat(version(neighbour)).isEqualTo(sqliteOfPython());
        assertThat(neighbour.self()).isFalse();
    }

    @Test
    void aReaderThatPinsTheWalIsNamedWithTheFrame() throws IOException {
        with(Program.python(db, WAL, TABLE, ROW, "c.execute('begin')", "c.execute('select * from t').fetchall()"));
        Program writer = with(Program.python(db, ROW, ROW, "c.execute('pragma wal_checkpoint(passive)')"));

        List<Neighbour> neighbours = look(db).processes();

        Neighbour reader = neighbours.stream()
                .filter(one -> one.pid() != writer.pid())
                .findFirst()
                .orElseThrow();
        long lastFrame = Looking.facts(db).shm().orElseThrow().maxFrame();
        assertThat(neighbours).hasSize(2);
        assertThat(locks(reader)).contains("SHM READ 1 r");
        assertThat(reader.pinsFrame()).contains(lastFrame - 2); // one frame for each of the two later rows
    }

    @Test
    void aReaderOfTheDatabaseAlonePinsAllThatCameLater() throws IOException {
        with(Program.python(
                db,
                WAL,
                TABLE,
                ROW,
                "c.execute('pragma wal_checkpoint(truncate)')",
                "c.execute('begin')",
                "c.execute('select * from t').fetchall()"));
        Program writer = with(Program.python(db, ROW));

        Neighbour reader = look(db).processes().stream()
                .filter(one -> one.pid() != writer.pid())
                .findFirst()
                .orElseThrow();

        assertThat(locks(reader)).contains("SHM READ 0 r");
        assertThat(reader.pinsFrame()).contains(0L);
    }

    @Test
    void aWriterInWalHoldsWrite() throws IOException {
        with(Program.python(db, WAL, TABLE, "c.execute('begin immediate')"));

        assertThat(locks(only(look(db)))).contains("SHM WRITE w");
    }

    @Test
    void exclusiveLockingModeInWalIsToldAsExclusive() throws IOException {
        with(Program.python(db, "c.execute('pragma locking_mode=exclusive')", WAL, TABLE));

        Neighbour neighbour = only(look(db));

        assertThat(locks(neighbour)).contains("DATABASE EXCLUSIVE w");
        assertThat(neighbour.open()).doesNotContain(DatabasePart.SHM);
    }

    @Test
    void beginImmediateWithARollbackJournalIsToldAsReserved() throws IOException {
        with(Program.python(db, TABLE, "c.execute('begin immediate')"));

        assertThat(locks(only(look(db)))).containsExactlyInAnyOrder("DATABASE SHARED r", "DATABASE RESERVED w");
    }

    @Test
    void beginExclusiveWithARollbackJournalIsToldWithAllItsNames() throws IOException {
        with(Program.python(db, TABLE, "c.execute('begin exclusive')", ROW));

        Neighbour neighbour = only(look(db));

        assertThat(locks(neighbour))
                .containsExactly("DATABASE PENDING w", "DATABASE RESERVED w", "DATABASE EXCLUSIVE w");
        assertThat(neighbour.open()).contains(DatabasePart.JOURNAL);
    }

    @Test
    void aJvmWithSqliteJdbcIsNamedWithItsSqlite() throws IOException {
        Program jvm = with(Program.java(HoldingJvm.class, db.toString(), "1"));

        Neighbour neighbour = only(look(db));

        assertThat(neighbour.pid()).isEqualTo(jvm.pid());
        assertThat(locks(neighbour)).contains("DATABASE SHARED r", "SHM DMS r");
        assertThat(version(neighbour)).contains("3.54.1");
    }

    /** The proof that nothing was opened: closing a descriptor would drop the locks of this very process, and no other's. */
    @Test
    void lookingAtADatabaseOfOurOwnKeepsOurLocks() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + db);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("CREATE TABLE t(a)");
            statement.execute("BEGIN IMMEDIATE");
            Set<String> before = Looking.locksOn(db);

            Neighbours neighbours = NeighbourLook.of(
                    Looking.target(db),
                    Looking.storage(db, List.of()),
                    Looking.HOST,
                    Looking.facts(2, Optional.empty())); // as if hard-linked: every descriptor is looked at

            assertThat(Looking.locksOn(db)).isEqualTo(before).hasSizeGreaterThanOrEqualTo(3);
            assertThat(only(neighbours).self()).isTrue();
            assertThat(neighbours.others()).isEmpty();
            assertThat(locks(only(neighbours))).contains("DATABASE SHARED r", "SHM WRITE w", "SHM DMS r");
        }
    }

    @Test
    void twoSqlitesInOneJvmAreTwo() throws IOException {
        with(Program.java(HoldingJvm.class, db.toString(), "2"));

        Neighbour neighbour = only(look(db));

        assertThat(neighbour.sqlites())
                .hasSize(2)
                .allSatisfy(sqlite -> assertThat(sqlite.version()).contains(new SqliteVersion(3, 54, 1)));
        assertThat(neighbour.sqlites().stream().map(SqliteLibrary::where)).doesNotHaveDuplicates();
    }

    @Test
    void theShellIsNamedWithTheLibraryItCalls() throws IOException {
        assumeTrue(new File("/usr/bin/sqlite3").canExecute(), "needs the sqlite3 shell");
        Program.output(List.of("sqlite3", db.toString(), "pragma journal_mode=wal; create table t(a);"));
        with(Program.ready(
                "sqlite3", db.toString(), "begin; select * from t;", ".system echo ready", ".system cat", "rollback;"));

        Neighbour neighbour = only(look(db));

        assertThat(neighbour.command()).startsWith("sqlite3 ");
        assertThat(locks(neighbour)).contains("DATABASE SHARED r", "SHM READ 0 r");
        assertThat(version(neighbour))
                .contains(Program.output(List.of("sqlite3", "--version")).split(" ", 2)[0]);
    }

    @Test
    void nodeIsNamedWithTheSqliteThatIsBuiltIntoIt() throws IOException {
        Optional<String> node = nodeWithSqlite();
        assumeTrue(node.isPresent(), "no Node with node:sqlite, neither at -Dtest.node nor on the PATH");
        String script = "const {DatabaseSync} = require('node:sqlite'); const c = new DatabaseSync(process.argv[1]);"
                + "c.exec('pragma journal_mode=wal; create table t(a); begin immediate'); console.log('ready');"
                + "process.stdin.resume(); process.stdin.on('end', () => c.close())";
        with(Program.ready(node.get(), "--no-warnings", "-e", script, db.toString()));

        Neighbour neighbour = only(look(db));

        assertThat(locks(neighbour)).contains("DATABASE SHARED r", "SHM WRITE w", "SHM DMS r");
        assertThat(version(neighbour))
                .contains(Program.output(List.of(node.get(), "-p", "process.versions.sqlite"))
                        .strip());
    }

    private static Optional<String> nodeWithSqlite() {
        return Stream.of(System.getProperty("test.node", "node"), "node")
                .filter(node -> answers(List.of(node, "--no-warnings", "-p", "require('node:sqlite') && 'yes'")))
                .findFirst();
    }

    private static boolean answers(List<String> question) {
        try {
            return Program.output(question).strip().equals("yes");
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    @Test
    void aWalThatWasDeletedUnderItsWriterIsTold() throws IOException {
        with(Program.python(db, WAL, TABLE, ROW, "os.remove(db + '-wal')", "os.remove(db + '-shm')"));

        Neighbour neighbour = only(look(db));

        assertThat(neighbour.deleted()).containsExactlyInAnyOrder(DatabasePart.WAL, DatabasePart.SHM);
        assertThat(neighbour.open()).contains(DatabasePart.DATABASE, DatabasePart.WAL, DatabasePart.SHM);
    }

    @Test
    void aDatabaseThatWasReplacedUnderItsReaderIsTold() throws IOException {
        with(Program.python(
                db,
                TABLE,
                "os.rename(db, db + '.old'); open(db, 'w').close()",
                "os.replace(db + '.old', db + '.x')",
                "os.remove(db + '.x'); os.remove(db); open(db, 'w').close()"));
        Program second = with(Program.python(db, TABLE, "os.remove(db); open(db, 'w').close()"));

        Neighbour neighbour = only(look(db));

        assertThat(neighbour.pid()).isEqualTo(second.pid());
        assertThat(neighbour.deleted()).containsExactly(DatabasePart.DATABASE);
    }

    @Test
    void aLivingFileNamedDeletedIsNoDeletedWal() throws IOException {
        with(Program.python(db, WAL, TABLE, "f = open(db + '-wal (deleted)', 'w')"));

        assertThat(only(look(db)).deleted()).isEmpty();
    }

    @Test
    void aDatabaseWhoseNameEndsLikeADeletedOneIsFound() throws IOException {
        Path odd = directory.resolve("shop (deleted)");
        with(Program.python(odd, TABLE));

        Neighbour neighbour = only(look(odd));

        assertThat(neighbour.open()).containsExactly(DatabasePart.DATABASE);
        assertThat(neighbour.deleted()).isEmpty();
    }

    @Test
    void aHardLinkIsFoundByItsOtherName() throws IOException {
        with(Program.python(directory.resolve("shop.db"), TABLE));
        Path link = Files.createLink(directory.resolve("link.db"), db);

        assertThat(only(look(link)).open()).containsExactly(DatabasePart.DATABASE);
    }

    @Test
    void blanksLettersAndLineBreaksInTheNameDoNotMatter() throws IOException {
        assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "needs a UTF-8 locale to name such a file");
        Path odd = Files.createDirectory(directory.resolve("a b\nç\\040日")).resolve("läden (deleted).db");
        with(Program.python(odd, WAL, TABLE));

        Neighbour neighbour = only(look(odd));

        assertThat(locks(neighbour)).containsExactlyInAnyOrder("DATABASE SHARED r", "SHM DMS r");
        assertThat(neighbour.deleted()).isEmpty();
    }

    @Test
    void aProcessInAnotherPidNamespaceIsSeenFromOutside() throws IOException {
        assumeRoot();
        with(Program.ready(
                "unshare", "-pf", "--mount-proc", "python3", "-c", Program.pythonText(WAL, TABLE), db.toString()));

        Neighbour neighbour = only(look(db));

        assertThat(neighbour.command()).contains("python3");
        assertThat(locks(neighbour)).containsExactlyInAnyOrder("DATABASE SHARED r", "SHM DMS r");
    }

    @Test
    void aFileBindInAnotherMountNamespaceIsSeenUnderItsOtherName() throws IOException {
        assumeRoot();
        Files.createFile(db);
        Path other = Files.createFile(directory.resolve("prod.db"));
        String mountAndHold = "mount --bind \"$0\" \"$1\" && exec python3 -c \"$2\" \"$1\"";
        with(Program.ready(
                "unshare",
                "-m",
                "sh",
                "-c",
                mountAndHold,
                db.toString(),
                other.toString(),
                Program.pythonText(TABLE, "c.execute('begin immediate')")));

        assertThat(locks(only(look(db)))).contains("DATABASE RESERVED w");
    }

    @Test
    void aDirectoryBindIsSeenUnderItsOtherPath() throws IOException {
        assumeRoot();
        Path other = Files.createDirectory(directory.resolve("elsewhere"));
        Path data = Files.createDirectory(directory.resolve("data"));
        String mountAndHold = "mount --bind \"$0\" \"$1\" && exec python3 -c \"$2\" \"$1\"/shop.db";
        with(Program.ready(
                "unshare",
                "-m",
                "sh",
                "-c",
                mountAndHold,
                data.toString(),
                other.toString(),
                Program.pythonText(WAL, TABLE)));

        Neighbour neighbour = only(look(data.resolve("shop.db")));

        assertThat(neighbour.open()).contains(DatabasePart.DATABASE, DatabasePart.WAL, DatabasePart.SHM);
        assertThat(neighbour.otherDomain()).isFalse();
    }

    @Test
    void theSamePathInAnotherMountNamespaceIsNotOurFile() throws IOException {
        assumeRoot();
        String mountAndHold = "mount -t tmpfs none \"$0\" && exec python3 -c \"$1\" \"$0\"/shop.db";
        with(Program.ready(
                "unshare", "-m", "sh", "-c", mountAndHold, directory.toString(), Program.pythonText(WAL, TABLE)));
        Files.createFile(db);

        assertThat(look(db).processes()).isEmpty();
    }

    @Test
    void aLockOfAnInvisibleProcessIsToldAsNobodys() throws IOException {
        assumeRoot();
        // Only a lock that belongs to no process is listed in another pid namespace; SQLite's own would be hidden.
        with(Program.python(
                db,
                TABLE,
                "import fcntl, struct",
                "f = open(db)",
                "fcntl.fcntl(f, 37, struct.pack('hhqqi4x', 0, 0, 0x40000002, 510, 0))")); // F_OFD_SETLK, F_RDLCK

        List<String> command = new ArrayList<>(List.of("unshare", "-pf", "--mount-proc"));
        command.addAll(Program.javaCommand(System.getProperty("java.class.path"), Looking.class, db.toString()));
        String inside = Program.output(command);

        assertThat(inside).contains("processes=[]").contains("unseenHolders=[SqliteLock[file=DATABASE, name=SHARED,");
        assertThat(locks(only(look(db)))).contains("DATABASE SHARED r");
    }

    @Test
    void aProcessThatMayNotBeLookedIntoIsNamedByItsLock() throws IOException {
        assumeRoot();
        Program python = with(Program.python(db, TABLE, "c.execute('begin immediate')"));

        String asNobody = AsNobody.output(directory, Looking.class, db.toString());

        assertThat(asNobody)
                .contains("pid=" + python.pid() + ", command=")
                .contains("name=RESERVED")
                .contains("complete=false")
                .doesNotContain("denied=0");
    }

    @Test
    void flockOfAnotherProgramIsNotToldAsSqlites() throws IOException {
        with(Program.python(db, TABLE, "import fcntl", "f = open(db)", "fcntl.flock(f, fcntl.LOCK_EX)"));

        assertThat(locks(only(look(db)))).containsExactly("DATABASE FLOCK on the whole file w");
    }
}
