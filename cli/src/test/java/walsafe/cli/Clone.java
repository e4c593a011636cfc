package walsafe.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a person has who has cloned and built walsafe: the launcher and its jar, in a folder with a space in its name.
 *
 * @param folder the person's own, where the programs are run
 * @param home the clone itself
 * @param cache for archives of classes; empty at first
 */
record Clone(Path folder, Path home, Path cache) {
    private static final Path ROOT = Path.of(System.getProperty("walsafe.root", ".."));
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    static Clone in(Path folder) throws IOException {
        Clone clone = new Clone(folder, folder.resolve("a clone"), folder.resolve("a cache"));
        Files.createDirectories(clone.jar().getParent());
        Files.copy(ROOT.resolve("walsafe"), clone.home.resolve("walsafe"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(ROOT.resolve("cli/target/walsafe.jar"), clone.jar());
        return clone;
    }

    Path jar() {
        return home.resolve("cli/target/walsafe.jar");
    }

    static String java() {
        return JAVA_HOME.resolve("bin/java").toString();
    }

    List<String> launcher(String... arguments) {
        List<String> command = new ArrayList<>(List.of(home.resolve("walsafe").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    Asked launch(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), launcher(arguments), folder);
    }

    Asked run(Map<String, String> environment, List<String> command, Path directory)
            throws IOException, InterruptedException {
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        ProcessBuilder builder = builder(environment, command, directory).redirectError(errors.toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Asked(process.waitFor(), out, Files.readString(errors));
    }

    Process start(Map<String, String> environment, List<String> command, Path directory) throws IOException {
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

    /** The archives of classes that the launcher has left. */
    List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.toString().contains(".jsa")).toList();
        }
    }
}
