package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Python, a Node and a Java program work on one database while {@code ./walsafe} looks at it. Looking names each of
 * them with its locks and its SQLite, and costs none of them a lock or a row.
 */
@EnabledOnOs(OS.LINUX)
class LiveProgramsIT {
    private static final String ROW = "insert into item values (1)";
    private static final String COUNT = "select count(*) from item";

    @TempDir
    Path folder = Path.of("");

    private final List<LiveProgram> programs = new ArrayList<>();
    private Clone clone = new Clone(folder, folder, folder);
    private Path database = folder;

    @BeforeEach
    void aClone() throws IOException {
        clone = Clone.in(folder);
        database = folder.resolve("shop.db");
    }

    @AfterEach
    void endPrograms() {
        programs.forEach(LiveProgram::close);
    }

    @Test
    void programsInWalAreNamedAndKeepTheirLocks() throws Exception {
        LiveProgram reader = live(LiveProgram.python(database));
        done(reader.tell("pragma journal_mode = wal"), "wal");
        done(reader.tell("create table item(x)"));
        LiveProgram writer = live(LiveProgram.node(database));
        LiveProgram idler = live(LiveProgram.jdbc(database));
        done(writer.tell(ROW));
        done(reader.tell("begin"));
        done(reader.tell(COUNT), "1");
        done(idler.tell(ROW)); // later than what the reader reads, so that its end of the -wal is pinned
        done(writer.tell("begin immediate"));
        done(writer.tell(ROW));

        Reports reports = look();

        assertThat(reports.whoTellsOf(reader))
                .contains("SHARED on the database", "READ 1 on the -shm", "DMS on the -shm", version(reader));
        assertThat(reports.whoTellsOf(writer))
                .contains("SHARED on the database", "WRITE on the -shm", "DMS on the -shm", version(writer));
        assertThat(reports.whoTellsOf(idler))
                .contains("locks    SHARED on the database, DMS on the -shm", version(idler));
        assertThat(reports.doctor()).contains("WARNING WS301", "pid " + reader.pid() + " (");

        assertThat(idler.tell(ROW)).contains("database is locked");
        done(writer.tell("commit"));
        done(idler.tell(ROW));
        done(reader.tell("commit"));
        assertRows(4);
    }

    @Test
    void programsWithARollbackJournalAreNamedAndKeepTheirLocks() throws Exception {
        LiveProgram writer = live(LiveProgram.python(database));
        done(writer.tell("create table item(x)"));
        LiveProgram reader = live(LiveProgram.node(database));
        LiveProgram idler = live(LiveProgram.jdbc(database));
        done(idler.tell(ROW));
        done(reader.tell("begin"));
        done(reader.tell(COUNT), "1");
        done(writer.tell("begin immediate"));
        done(writer.tell(ROW));

        Reports reports = look();

        assertThat(reports.whoTellsOf(writer))
                .contains("SHARED on the database", "RESERVED on the database", version(writer));
        assertThat(reports.whoTellsOf(reader)).contains("locks    SHARED on the database\n", version(reader));
        assertThat(reports.whoTellsOf(idler)).contains("locks    none", version(idler));

        assertThat(idler.tell(ROW)).contains("database is locked");
        assertThat(writer.tell("commit")).contains("database is locked");
        done(reader.tell("commit"));
        done(writer.tell("commit"));
        assertRows(2);
    }

    private LiveProgram live(LiveProgram program) {
        programs.add(program);
        return program;
    }

    private static void done(String answer) {
        done(answer, "done");
    }

    private static void done(String answer, String wanted) {
        assertThat(answer).isEqualTo(wanted);
    }

    private static String version(LiveProgram program) throws IOException {
        return "SQLite   " + program.tell("select sqlite_version()") + " in ";
    }

    /** What {@code ./walsafe} reports while the kernel's list of locks stays as it was. */
    private Reports look() throws Exception {
        List<String> before = locks();
        Asked who = clone.launch("who", database.toString());
        Asked doctor = clone.launch("doctor", database.toString());

        assertThat(locks()).isEqualTo(before).hasSizeGreaterThan(2);
        assertThat(who.code()).isEqualTo(ExitCode.WELL.number());
        assertThat(who.err() + doctor.err()).isEmpty();
        return new Reports(who.out(), doctor.out());
    }

    /** The lines of {@code /proc/locks} for the three files, without their numbers, which change at any lock anywhere. */
    private List<String> locks() throws IOException {
        List<String> inodes = new ArrayList<>();
        for (String suffix : List.of("", "-wal", "-shm")) {
            Path file = Path.of(database + suffix);
            if (Files.exists(file)) inodes.add(":" + Files.getAttribute(file, "unix:ino") + " ");
        }
        try (Stream<String> lines = Files.lines(Path.of("/proc/locks"))) {
            return lines.filter(line -> inodes.stream().anyMatch(line::contains))
                    .map(line -> line.substring(line.indexOf(' ')))
                    .distinct() // a reading of that list may show a line twice
                    .sorted()
                    .toList();
        }
    }

    /** Every program, and one that comes new, sees each row whose commit was acknowledged. */
    private void assertRows(int acknowledged) throws IOException {
        live(LiveProgram.python(database));
        for (LiveProgram program : programs) {
            assertThat(program.tell(COUNT)).isEqualTo("" + acknowledged);
            assertThat(program.tell("pragma integrity_check")).isEqualTo("ok");
        }
    }

    private record Reports(String who, String doctor) {
        /** The block about one process. */
        String whoTellsOf(LiveProgram program) {
            int start = who.indexOf("  pid " + program.pid() + "  ");
            assertThat(start).as(who).isNotNegative();
            int next = who.indexOf("\n  pid ", start + 1);
            return next < 0 ? who.substring(start) : who.substring(start, next);
        }
    }
}
