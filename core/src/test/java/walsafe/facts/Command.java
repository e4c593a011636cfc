package walsafe.facts;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A command of the system, run to its end. */
record Command(int exit, String output) {
    private static final List<String> PLACES = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/bin");

    /** Where a tool is installed: the superuser's folders are not on everybody's path. */
    static Optional<Path> find(String tool) {
        for (String place : PLACES) {
            Path path = Path.of(place, tool);
            if (Files.isExecutable(path)) return Optional.of(path);
        }
        return Optional.empty();
    }

    /** Runs to the end, a minute at most; the output of daemons that a command leaves behind is not waited for. */
    static Command run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(words));
        find(words[0]).ifPresent(path -> command.set(0, path.toString()));
        File output = File.createTempFile("walsafe-command", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + " did not end within a minute");
            }
            return new Command(process.exitValue(), Files.readString(output.toPath(), StandardCharsets.ISO_8859_1));
        } finally {
            Files.delete(output.toPath());
        }
    }

    /** Runs what has to work. */
    static String must(String... words) throws IOException, InterruptedException {
        Command done = run(words);
        if (done.exit != 0) {
            throw new IOException(String.join(" ", words) + " ended with " + done.exit + ": " + done.output);
        }
        return done.output;
    }
}
