package walsafe.facts;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words with which the programs behind FUSE mounts were started. Of most of them mountinfo shows only a name
 * ({@code fuse.bindfs bindfs}), and nothing in {@code /proc} or {@code /sys} leads from a connection to its server; but
 * a server has its mount point among its arguments, and the directories behind it too.
 */
final class FuseServers {
    private FuseServers() {}

    /** The arguments of each server that can be seen, by mount point. Reads a small file per process. */
    static Map<String, List<String>> argumentsByPoint(List<String> points) {
        Map<String, List<String>> arguments = new HashMap<>();
        if (points.isEmpty()) return arguments;
        Procfs proc = new Procfs(Path.of("/proc"));
        for (long pid : proc.processes()) {
            List<String> words = words(proc.bytes(pid + "/cmdline"));
            for (String point : points) if (words.contains(point)) arguments.put(point, words);
        }
        return arguments;
    }

    /** As UTF-8, like the mount points that they are compared with. */
    private static List<String> words(byte[] commandLine) {
        return List.of(new String(commandLine, StandardCharsets.UTF_8).split("\0", -1));
    }
}
