package walsafe.facts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words with which the programs behind FUSE mounts were started. Of most of them mountinfo shows only a name
 * ({@code fuse.bindfs bindfs}), and nothing in {@code /proc} or {@code /sys} leads from a connection to its server; but
 * a server has its mount point among its arguments, and the directories behind it too.
 */
final class FuseServers {
    private static final Path PROCESSES = Path.of("/proc");

    private FuseServers() {}

    /** The arguments of each server that can be seen, by mount point. Reads a small file per process. */
    static Map<String, List<String>> argumentsByPoint(List<String> points) {
        Map<String, List<String>> arguments = new HashMap<>();
        if (points.isEmpty()) return arguments;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                List<String> words = commandLine(process);
                for (String point : points) if (words.contains(point)) arguments.put(point, words);
            }
        } catch (IOException e) {
            return arguments; // no /proc: then nothing is known about servers, as about those that are hidden
        }
        return arguments;
    }

    private static List<String> commandLine(Path process) {
        try {
            String line = new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8);
            List<String> words = new ArrayList<>();
            int start = 0;
            for (int end = line.indexOf('\0'); end >= 0; end = line.indexOf('\0', start)) {
                words.add(line.substring(start, end));
                start = end + 1;
            }
            return words;
        } catch (IOException e) {
            return List.of(); // it ended in between
        }
    }
}
