package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The launcher and the fat jar, started as people start them: a copy in a folder with a space in its name. */
class LauncherIT {
    private static final Path ROOT = Path.of(System.getProperty("walsafe.root", ".."));
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    @TempDir
    Path folder = Path.of("");

    private Path clone = Path.of("");
    private Path cache = Path.of("");
    private String database = "";

    @BeforeEach
    void aCloneWithItsJar() throws IOException {
        clone = Files.createDirectories(folder.resolve("a clone"));
        cache = folder.resolve("a cache");
        database = Files.write(folder.resolve("my.db"), new byte[0]).toString();
        Files.createDirectories(clone.resolve("cli/target"));
        Files.copy(ROOT.resolve("walsafe"), clone.resolve("walsafe"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(ROOT.resolve("cli/target/walsafe.jar"), clone.resolve("cli/target/walsafe.jar"));
    }

    @Test
    void theFirstRunLeavesAnArchiveAndTheSecondUsesIt() throws Exception {
        Asked first = launch("--version");
        List<Path> archives = archives();
        Asked second = launch("--version");

        assertThat(first).isEqualTo(new Asked(0, "walsafe " + Cli.version() + "\n", ""));
        assertThat(second).isEqualTo(first);
        assertThat(archives).hasSize(1).isEqualTo(archives());
    }

    @Test
    void itWorksThroughASymbolicLinkFromAnywhere() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(folder.resolve("direct"), clone.resolve("walsafe"));
        Files.createSymbolicLink(bin.resolve("walsafe"), Path.of("../direct"));

        Asked asked =
                run(Map.of(), List.of("../bin/walsafe", "--version"), Files.createDirectories(folder.resolve("cwd")));

        assertThat(asked.out()).startsWith("walsafe ");
        assertThat(asked.code()).isZero();
    }

    @Test
    void twoFirstRunsAtOnceBothAnswer() throws Exception {
        List<Process> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) both.add(start(Map.of(), launcher("--version"), folder));

        for (Process process : both) {
            assertThat(process.waitFor()).isZero();
            assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).startsWith("walsafe ");
        }
        assertThat(archives()).hasSize(1);
        assertThat(launch("--version").code()).isZero();
    }

    @Test
    void aCacheThatCannotBeWrittenIsDoneWithout() throws Exception {
        Asked asked = run(Map.of("XDG_CACHE_HOME", "/dev/null/no"), launcher("--version"), folder);

        assertThat(asked).isEqualTo(new Asked(0, "walsafe " + Cli.version() + "\n", ""));
    }

    @Test
    void aBrokenArchiveIsDoneWithout() throws Exception {
        launch("--version");
        Path archive = archives().get(0);
        Files.delete(archive);
        Files.writeString(archive, "no archive at all");

        assertThat(launch("--version")).isEqualTo(new Asked(0, "walsafe " + Cli.version() + "\n", ""));
    }

    @Test
    void anOldJavaIsToldByItsVersion() throws Exception {
        Path old = Files.createDirectories(folder.resolve("old/bin")).resolve("java");
        Files.writeString(old, "#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n");
        assertThat(old.toFile().setExecutable(true)).isTrue();

        Asked asked = run(Map.of("JAVA_HOME", folder.resolve("old").toString()), launcher("--version"), folder);

        assertThat(asked.code()).isEqualTo(1);
        assertThat(asked.err()).contains("Java 17 or newer is needed").contains("is Java 8.");
    }

    @Test
    void sourcesThatAreNewerThanTheJarAreNoticed() throws Exception {
        Path source = Files.createDirectories(clone.resolve("core/src/main")).resolve("New.java");
        Files.writeString(source, "class New {}");
        Path fakes = Files.createDirectories(folder.resolve("fakes"));
        Path mvn = Files.writeString(fakes.resolve("mvn"), "#!/bin/sh\necho the log of a build\nexit 1\n");
        assertThat(mvn.toFile().setExecutable(true)).isTrue();
        Files.setLastModifiedTime(
                source,
                FileTime.from(Files.getLastModifiedTime(clone.resolve("cli/target/walsafe.jar"))
                        .toInstant()
                        .plusSeconds(60)));

        Asked asked = run(Map.of("PATH", fakes + ":" + System.getenv("PATH")), launcher("--version"), folder);

        assertThat(asked.code()).isEqualTo(1);
        assertThat(asked.out()).isEmpty();
        assertThat(asked.err())
                .contains("building")
                .contains("the log of a build")
                .contains("the build failed");
        assertThat(clone.resolve("cli/target/build.lock")).doesNotExist();
    }

    @Test
    void aRelativeCacheFolderIsNotMadeWhereTheDatabaseIs() throws Exception {
        Asked asked = run(Map.of("XDG_CACHE_HOME", "my cache"), launcher("doctor", database), folder);

        assertThat(asked.code()).isZero();
        assertThat(folder.resolve("my cache")).doesNotExist();
    }

    /** The second is what ssh passes on to a server that has no such locale. */
    @ParameterizedTest
    @ValueSource(strings = {"C", "xx_XX.UTF-8"})
    void aNameWithAnUmlautIsFoundInEveryLocale(String locale) throws Exception {
        assumeTrue(System.getProperty("sun.jnu.encoding", "").equals("UTF-8"), "this test's own locale is not UTF-8");
        Path odd = Files.write(folder.resolve("bücher.db"), new byte[0]);

        Asked asked = run(Map.of("LC_ALL", locale), launcher("doctor", "--format", "json", odd.toString()), folder);

        assertThat(asked.out()).contains("bücher.db");
        assertThat(asked.err()).isEmpty();
    }

    @Test
    void errorsGoToStandardErrorAndReportsToStandardOutput() throws Exception {
        Asked wrong = launch("doctr");
        Asked right = launch("doctor", "--format", "json", database);

        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.out()).isEmpty();
        assertThat(wrong.err()).contains("Did you mean doctor?");
        assertThat(right.err()).isEmpty();
        assertThat(Json.MAPPER.readTree(right.out()).get("exitCode").intValue()).isEqualTo(right.code());
    }

    @Test
    void aReaderThatLeavesEarlySeesNoStackTrace() throws Exception {
        String pipe = "./walsafe doctor --format json \"$1\" | true";

        Asked asked = run(Map.of(), List.of("sh", "-c", pipe, "sh", database), clone);

        assertThat(asked.err()).isEmpty();
    }

    @Test
    void factsCanComeThroughAPipe() throws Exception {
        String pipe = "./walsafe doctor --format json \"$1\" | ./walsafe doctor --format json --facts -";

        Asked piped = run(Map.of(), List.of("sh", "-c", pipe, "sh", database), clone);

        assertThat(piped.err()).isEmpty();
        assertThat(settled(piped.out()))
                .isEqualTo(
                        settled(launch("doctor", "--format", "json", database).out()));
    }

    /** Free space changes between two looks. */
    private static JsonNode settled(String report) {
        JsonNode tree = Json.MAPPER.readTree(report);
        ((ObjectNode) tree.get("facts").get("database")).remove("freeBytes");
        return tree;
    }

    @Test
    void theJarAloneIsEnough() throws Exception {
        Asked asked = run(Map.of(), List.of(java(), "-jar", jar(), "doctor", "--format", "json", database), folder);

        assertThat(Json.MAPPER.readTree(asked.out()).get("schemaVersion").intValue())
                .isEqualTo(1);
        assertThat(asked.err()).isEmpty();
    }

    @Test
    void aReportForPeopleLoadsNeitherTheDriverNorJackson() throws Exception {
        Asked asked = run(Map.of(), List.of(java(), "-Xlog:class+load", "-jar", jar(), "doctor", database), folder);

        assertThat(asked.out())
                .contains("walsafe.cli.DoctorText")
                .doesNotContain("org.sqlite.")
                .doesNotContain("tools.jackson.");
    }

    private Asked launch(String... arguments) throws Exception {
        return run(Map.of(), launcher(arguments), folder);
    }

    private List<String> launcher(String... arguments) {
        List<String> command = new ArrayList<>(List.of(clone.resolve("walsafe").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private Asked run(Map<String, String> environment, List<String> command, Path directory) throws Exception {
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        ProcessBuilder builder = builder(environment, command, directory).redirectError(errors.toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Asked(process.waitFor(), out, Files.readString(errors));
    }

    private Process start(Map<String, String> environment, List<String> command, Path directory) throws IOException {
        return builder(environment, command, directory)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private ProcessBuilder builder(Map<String, String> environment, List<String> command, Path directory) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "CLICOLOR_FORCE"));
        builder.environment().put("JAVA_HOME", JAVA_HOME.toString());
        builder.environment().put("XDG_CACHE_HOME", cache.toString());
        builder.environment().putAll(environment);
        return builder;
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.toString().contains(".jsa")).toList();
        }
    }

    private static String java() {
        return JAVA_HOME.resolve("bin/java").toString();
    }

    private String jar() {
        return clone.resolve("cli/target/walsafe.jar").toString();
    }
}
