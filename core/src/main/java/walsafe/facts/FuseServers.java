package walsafe.facts;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The words with which the programs behind FUSE mounts were started. Of most of them mountinfo shows only a name
 * ({@code fuse.bindfs bindfs}), and nothing in {@code /proc} or {@code /sys} leads from a connection to its server; but
 * a server has its mount point among its arguments, and the directories behind it too.
 */
final class FuseServers {
    private static final String DEVICE = "/dev/fuse";
    private static final String UPPER = "upperdir=";

    private FuseServers() {}

    /**
     * The arguments of each server that can be seen, by mount point. Reads a small file per process.
     *
     * <p>A server that was given relative names left the directory they start from when it went into the background. What
     * it holds open tells them: of a server that may be looked into, a relative upper directory comes back as an absolute one.
     */
    static Map<String, List<String>> argumentsByPoint(List<String> points) {
        return argumentsByPoint(points, new Procfs(Path.of("/proc")));
    }

    private static Map<String, List<String>> argumentsByPoint(List<String> points, Procfs proc) {
        Map<String, List<String>> arguments = new HashMap<>();
        if (points.isEmpty()) return arguments;
        for (long pid : proc.processes()) {
            List<String> words = words(proc.bytes(pid + "/cmdline"));
            for (String point : points) {
                if (words.contains(point)
                        || (mayName(words, point) && open(proc, pid).contains(DEVICE)))
                    arguments.put(point, resolved(words, proc, pid));
            }
        }
        return arguments;
    }

    private static boolean mayName(List<String> words, String point) {
        return words.stream().anyMatch(word -> relative(word) && point.endsWith("/" + plain(word)));
    }

    private static List<String> resolved(List<String> words, Procfs proc, long pid) {
        if (words.stream().noneMatch(word -> word.contains(UPPER))) return words;
        List<String> held = open(proc, pid);
        return words.stream()
                .map(word -> Mount.split(word).stream()
                        .map(option -> resolved(option, held))
                        .collect(Collectors.joining(",")))
                .toList();
    }

    private static String resolved(String option, List<String> held) {
        if (!option.startsWith(UPPER)) return option;
        String directory = option.substring(UPPER.length());
        if (!relative(directory)) return option;
        return held.stream()
                .filter(path -> path.endsWith("/" + plain(directory)))
                .findFirst()
                .map(path -> UPPER + path)
                .orElse(option);
    }

    private static boolean relative(String word) {
        return !word.isEmpty()
                && !word.startsWith("/")
                && !word.startsWith("-")
                && !plain(word).isEmpty();
    }

    private static String plain(String name) {
        return name.replaceFirst("^(\\./+)+", "").replaceFirst("/+$", "");
    }

    /** What a process holds open, by name; nothing if it may not be looked into. */
    private static List<String> open(Procfs proc, long pid) {
        return proc.descriptors(pid).orElse(List.of()).stream()
                .flatMap(descriptor -> proc.link(pid + "/fd/" + descriptor).stream())
                .toList();
    }

    /** As UTF-8, like the mount points that they are compared with. */
    private static List<String> words(byte[] commandLine) {
        return List.of(new String(commandLine, StandardCharsets.UTF_8).split("\0", -1));
    }
}
