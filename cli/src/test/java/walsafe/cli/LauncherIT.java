package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher and the fat jar, started as people start them: a copy in a folder with a space in its name. */
class LauncherIT {
    @TempDir
    Path folder = Path.of("");

    private Clone clone = new Clone(folder, folder, folder);
    private String database = "";

    @BeforeEach
    void aCloneWithItsJar() throws IOException {
        clone = Clone.in(folder);
        database = Files.write(folder.resolve("my.db"), new byte[0]).toString();
    }

    @Test
    void theFirstRunLeavesAnArchiveAndTheSecondUsesIt() throws Exception {
        Asked first = clone.launch("--version");
        List<Path> archives = clone.archives();
        Asked second = clone.launch("--version");

        assertThat(first).isEqualTo(new Asked(0, "walsafe " + Cli.version() + "\n", ""));
        assertThat(second).isEqualTo(first);
        assertThat(archives).hasSize(1).isEqualTo(clone.archives());
    }

    @Test
    void itWorksThroughASymbolicLinkFromAnywhere() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(folder.resolve("direct"), clone.home().resolve("walsafe"));
        Files.createSymbolicLink(bin.resolve("walsafe"), Path.of("../direct"));

        Asked asked = clone.run(
                Map.of(), List.of("../bin/walsafe", "--version"), Files.createDirectories(folder.resolve("cwd")));

        assertThat(asked.out()).startsWith("walsafe ");
        assertThat(asked.code()).isZero();
    }

    @Test
    void twoFirstRunsAtOnceBothAnswer() throws Exception {
        List<Process> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) both.add(clone.start(Map.of(), clone.launcher("--version"), folder));

        for (Process process : both) {
            assertThat(process.waitFor()).isZero();
            assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).startsWith("walsafe ");
        }
        assertThat(clone.archives()).hasSize(1);
        assertThat(clone.launch("--version").code()).isZero();
    }

    @Test
    void aCacheThatCannotBeWrittenIsDoneWithout() throws Exception {
        Asked asked = clone.run(Map.of("XDG_CACHE_HOME", "/dev/null/no"), clone.launcher("--version"), folder);

        assertThat(asked).isEqualTo(new Asked(0, "walsafe " + Cli.version() + "\n", ""));
    }

    @Test
    void aBrokenArchiveIsDoneWithout() throws Exception {
        clone.launch("--version");
        Path archive = clone.archives().get(0);
        Files.delete(archive);
        Files.writeString(archive, "no archive at all");

        assertThat(clone.launch("--version")).isEqualTo(new Asked(0, "walsafe " + Cli.version() + "\n", ""));
    }

    @Test
    void anOldJavaIsToldByItsVersion() throws Exception {
        Path old = Files.createDirectories(folder.resolve("old/bin")).resolve("java");
        Files.writeString(old, "#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n");
        assertThat(old.toFile().setExecutable(true)).isTrue();

        Asked asked =
                clone.run(Map.of("JAVA_HOME", folder.resolve("old").toString()), clone.launcher("--version"), folder);

        assertThat(asked.code()).isEqualTo(1);
        assertThat(asked.err()).contains("Java 17 or newer is needed").contains("is Java 8.");
    }

    @Test
    void sourcesThatAreNewerThanTheJarAreNoticed() throws Exception {
        Path source =
                Files.createDirectories(clone.home().resolve("core/src/main")).resolve("New.java");
        Files.writeString(source, "class New {}");
        Path fakes = Files.createDirectories(folder.resolve("fakes"));
        Path mvn = Files.writeString(fakes.resolve("mvn"), "#!/bin/sh\necho the log of a build\nexit 1\n");
        assertThat(mvn.toFile().setExecutable(true)).isTrue();
        Files.setLastModifiedTime(
                source,
                FileTime.from(Files.getLastModifiedTime(clone.jar()).toInstant().plusSeconds(60)));

        Asked asked =
                clone.run(Map.of("PATH", fakes + ":" + System.getenv("PATH")), clone.launcher("--version"), folder);

        assertThat(asked.code()).isEqualTo(1);
        assertThat(asked.out()).isEmpty();
        assertThat(asked.err())
                .contains("building")
                .contains("the log of a build")
                .contains("the build failed");
        assertThat(clone.home().resolve("cli/target/build.lock")).doesNotExist();
    }

    @Test
    void aRelativeCacheFolderIsNotMadeWhereTheDatabaseIs() throws Exception {
        Asked asked = clone.run(Map.of("XDG_CACHE_HOME", "my cache"), clone.launcher("doctor", database), folder);

        assertThat(asked.code()).isZero();
        assertThat(folder.resolve("my cache")).doesNotExist();
    }

    /** The second is what ssh passes on to a server that has no such locale. */
    @ParameterizedTest
    @ValueSource(strings = {"C", "xx_XX.UTF-8"})
    void aNameWithAnUmlautIsFoundInEveryLocale(String locale) throws Exception {
        assumeTrue(System.getProperty("sun.jnu.encoding", "").equals("UTF-8"), "this test's own locale is not UTF-8");
        Path odd = Files.write(folder.resolve("bücher.db"), new byte[0]);

        Asked asked = clone.run(
                Map.of("LC_ALL", locale), clone.launcher("doctor", "--format", "json", odd.toString()), folder);

        assertThat(asked.out()).contains("bücher.db");
        assertThat(asked.err()).isEmpty();
    }

    @Test
    void errorsGoToStandardErrorAndReportsToStandardOutput() throws Exception {
        Asked wrong = clone.launch("doctr");
        Asked right = clone.launch("doctor", "--format", "json", database);

        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.out()).isEmpty();
        assertThat(wrong.err()).contains("Did you mean doctor?");
        assertThat(right.err()).isEmpty();
        assertThat(Json.MAPPER.readTree(right.out()).get("exitCode").intValue()).isEqualTo(right.code());
    }

    @Test
    void aReaderThatLeavesEarlySeesNoStackTrace() throws Exception {
        String pipe = "./walsafe doctor --format json \"$1\" | true";

        Asked asked = clone.run(Map.of(), List.of("sh", "-c", pipe, "sh", database), clone.home());

        assertThat(asked.err()).isEmpty();
    }

    /** One look, told twice: between two looks the free space changes, and the processes that may not be looked into. */
    @Test
    void factsCanComeThroughAPipe() throws Exception {
        Asked seen = clone.launch("doctor", "--format", "json", database);
        Path report = Files.writeString(folder.resolve("report.json"), seen.out());
        String pipe = "cat \"$1\" | ./walsafe doctor --format json --facts -";

        Asked replayed = clone.run(Map.of(), List.of("sh", "-c", pipe, "sh", report.toString()), clone.home());

        assertThat(replayed).isEqualTo(seen);
    }

    @Test
    void theJarAloneIsEnough() throws Exception {
        Asked asked = clone.run(
                Map.of(),
                List.of(Clone.java(), "-jar", clone.jar().toString(), "doctor", "--format", "json", database),
                folder);

        assertThat(Json.MAPPER.readTree(asked.out()).get("schemaVersion").intValue())
                .isEqualTo(1);
        assertThat(asked.err()).isEmpty();
    }

    /** Java 24 and later would warn that a library is loaded; and sqlite-jdbc has to be found in the one jar. */
    @Test
    void aCopyIsMadeWithoutAWordOnStandardError() throws Exception {
        Path target = folder.resolve("copy.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("full.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t(a)");
        }

        Asked asked = clone.launch("copy", folder.resolve("full.db").toString(), target.toString());

        assertThat(asked.out()).startsWith("COPIED");
        assertThat(asked.err()).isEmpty();
        assertThat(target).exists();
    }

    @Test
    void theJarAloneCanProbe() throws Exception {
        Asked asked = clone.run(
                Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString()),
                List.of(
                        Clone.java(),
                        "-jar",
                        clone.jar().toString(),
                        "doctor",
                        "--probe",
                        "glance",
                        "--format",
                        "json",
                        database),
                folder);

        assertThat(asked.err()).isEmpty();
        assertThat(Json.MAPPER.readTree(asked.out()).get("facts").get("evidence"))
                .hasSizeGreaterThan(5);
    }

    @Test
    void aReportForPeopleLoadsNeitherTheDriverNorJackson() throws Exception {
        Asked asked = clone.run(
                Map.of(),
                List.of(Clone.java(), "-Xlog:class+load", "-jar", clone.jar().toString(), "doctor", database),
                folder);

        assertThat(asked.out())
                .contains("walsafe.cli.DoctorText")
                .doesNotContain("org.sqlite.")
                .doesNotContain("tools.jackson.");
    }
}
