package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code walsafe convert} as a person or a script meets it. */
class ConvertTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void theVerdictComesFirstAndTheFramesAreCounted() throws IOException {
        Path database = database("wal");

        Asked asked = convert(database, "truncate");

        assertThat(asked.code()).isZero();
        assertThat(asked.out()).startsWith("CONVERTED  ").contains(" frames of its -wal carried over");
        assertThat(asked.err()).isEmpty();
        assertThat(convert(database, "delete").out()).startsWith("ALREADY SO  ");
    }

    @Test
    void aRefusalSaysWhatToDoAndHasAnExitCode() throws IOException {
        Path database = database("delete");
        Files.createLink(folder.resolve("second.db"), database);

        Asked asked = convert(database, "wal");

        assertThat(asked.code()).isEqualTo(6);
        assertThat(asked.out())
                .startsWith("NOT CONVERTED  ")
                .contains("WS109")
                .contains("Do: ")
                .endsWith("More about it: walsafe explain WS109\n");
    }

    @Test
    void walIsNotSafeForSeveralHosts() throws IOException {
        Path database = database("delete");

        Asked asked = Asked.walsafe(
                "convert", "--to", "wal", "--format", "json", "--sharing", "several-hosts", database.toString());

        // A disk that only this machine reaches stays one, whatever is claimed (decision 0009).
        assertThat(asked.code()).isIn(0, 3);
        assertThat(Json.MAPPER.readTree(asked.out()).get("exitCode").asInt()).isEqualTo(asked.code());
    }

    @Test
    void whatIsThereAndNoDatabaseIsDamaged() throws IOException {
        Path text =
                Files.writeString(folder.resolve("text.db"), "This is no database, and it is long enough. ".repeat(50));

        assertThat(convert(text, "wal").code()).isEqualTo(4);
    }

    /** A script that has mistyped a name must not take it for a database in use, whichever command it called. */
    @Test
    void aNameThatIsNotThereIsToldAsByCopy() {
        for (Path missing : new Path[] {folder.resolve("missing.db"), folder.resolve("no/missing.db")}) {
            Asked converted = convert(missing, "wal");
            Asked copied = Asked.walsafe(
                    "copy", missing.toString(), folder.resolve("new.db").toString());

            assertThat(converted).isEqualTo(copied);
            assertThat(converted.code()).isEqualTo(2);
            assertThat(converted.err()).contains("There is no file " + missing);
        }
    }

    @Test
    void aWalThatWasNotThereIsNotSpokenOf() throws IOException {
        Asked asked = convert(database("delete"), "wal");

        assertThat(asked.out())
                .startsWith("CONVERTED  ")
                .contains("now in WAL mode")
                .doesNotContain("-wal");
    }

    /** Every command looks for an intent first; a pipe in its place must not keep it waiting. */
    @Test
    void anIntentThatIsNoneIsToldByEveryCommand() throws Exception {
        Path database = database("delete");
        Path intent = Files.createDirectories(folder.resolve("my.db-walsafe.d")).resolve("intent");
        assertThat(new ProcessBuilder("mkfifo", intent.toString()).start().waitFor())
                .isZero();

        for (String command : new String[] {"doctor", "who"}) {
            Asked asked = Asked.walsafe(command, database.toString());
            assertThat(asked.code()).as(command).isEqualTo(6);
            assertThat(asked.err()).as(command).contains("WS703");
        }
        assertThat(convert(database, "wal").out()).contains("WS703");
    }

    private static Asked convert(Path database, String mode) {
        return Asked.walsafe("convert", database.toString(), "--to", mode);
    }

    /** As a program leaves it that was killed. */
    private Path database(String mode) throws IOException {
        Path path = folder.resolve("my.db");
        String text = "import os, sqlite3, sys\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
                + "c.execute('pragma journal_mode=" + mode + "')\nc.execute('create table t(a)')\nos._exit(0)";
        Process python = new ProcessBuilder("python3", "-c", text, path.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        return path;
    }
}
