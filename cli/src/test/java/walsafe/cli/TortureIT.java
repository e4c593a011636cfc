package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A torture as a person starts it, and stops it with Ctrl-C. */
@Timeout(300)
class TortureIT {
    @TempDir
    Path folder = Path.of("");

    private Clone clone = new Clone(folder, folder, folder);
    private Path place = folder;
    private Path temporary = folder;

    @BeforeEach
    void aPlace() throws IOException {
        clone = Clone.in(folder);
        place = Files.createDirectory(folder.resolve("a place"));
        temporary = Files.createDirectory(folder.resolve("temporary"));
    }

    /** A terminal sends the signal to everybody in the foreground, {@code kill -INT} to one process. */
    @ParameterizedTest
    @ValueSource(strings = {"-", ""})
    void ctrlCLeavesNoProcessAndNoFile(String group) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "SKIPPED: setsid is not installed");
        Process torture = clone.start(
                Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary),
                command("setsid", "torture", "--mode", "wal", "--seconds", "600", place.toString()),
                folder);
        try {
            List<ProcessHandle> children = awaitRace(torture);

            interrupt(group, torture.pid());

            assertThat(torture.waitFor()).isEqualTo(130); // 128 and SIGINT, as a shell counts
            for (ProcessHandle child : children) child.onExit().join();
            assertThat(place).isEmptyDirectory();
            assertThat(temporary).isEmptyDirectory();
        } finally {
            torture.descendants().forEach(ProcessHandle::destroyForcibly);
            torture.destroyForcibly();
        }
    }

    private static void interrupt(String group, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -INT " + group + pid).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** The processes that race; once there are rows in the -wal, they do. */
    private List<ProcessHandle> awaitRace(Process torture) throws IOException, InterruptedException {
        while (true) {
            assertThat(torture.isAlive()).isTrue();
            List<ProcessHandle> children = torture.descendants().toList();
            if (children.size() >= 4 && wroteSomething()) return children;
            Thread.sleep(50);
        }
    }

    private boolean wroteSomething() throws IOException {
        try (DirectoryStream<Path> scratch = Files.newDirectoryStream(place)) {
            for (Path directory : scratch) {
                Path wal = directory.resolve("round-1.db-wal");
                if (Files.exists(wal) && Files.size(wal) > 100_000) return true;
            }
        }
        return false;
    }

    @Test
    void aTerminalSeesABarAndAPipeDoesNot() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "SKIPPED: script is not installed");
        String torture = "./walsafe torture --mode wal --seconds 2 --processes 2 \"$PLACE\"";

        Asked piped = shell(torture);
        Asked typed = shell("script -qec '" + torture + "' /dev/null");

        assertThat(piped.err()).isEmpty();
        assertThat(piped.out()).doesNotContain("[....", "\r");
        assertThat(typed.out()).contains("\rtorture [", "commits, ", "kills, racing");
        assertThat(place).isEmptyDirectory();
    }

    private Asked shell(String line) throws IOException, InterruptedException {
        return clone.run(
                Map.of("PLACE", place.toString(), "TERM", "xterm"), List.of("/bin/sh", "-c", line), clone.home());
    }

    /** What a person attaches to a bug: all of it is in the JSON, and the text has the seed. */
    @Test
    void aReportCanBeReadByAScriptAndRunAgain() throws Exception {
        Asked asked = clone.launch(
                "torture",
                "--mode",
                "truncate",
                "--seconds",
                "2",
                "--processes",
                "2",
                "--seed",
                "11",
                "--format",
                "json",
                place.toString());

        var report = Json.MAPPER.readTree(asked.out());
        assertThat(report.get("exitCode").intValue()).isEqualTo(asked.code());
        assertThat(report.get("ordeal").get("seed").intValue()).isEqualTo(11);
        assertThat(report.get("counts").get("acknowledged").intValue())
                .isEqualTo(report.get("counts").get("kept").intValue());
        assertThat(report.get("versions").get("sqlite").stringValue()).startsWith("3.");
        assertThat(asked.err()).isEmpty();
    }

    private List<String> command(String before, String... arguments) {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(clone.launcher(arguments));
        return command;
    }
}
