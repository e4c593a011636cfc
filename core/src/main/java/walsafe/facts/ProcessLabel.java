package walsafe.facts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a process is told to a person.
 *
 * @param command its command line, shortened, on one line and without control characters
 * @param user its effective user's name, or the number where this machine has no name for it
 * @param startedAt ISO-8601, to the second
 */
record ProcessLabel(String command, Optional<String> user, Optional<String> startedAt) {
    private static final int LONGEST_COMMAND = 120;

    static ProcessLabel of(Procfs proc, long pid) {
        Optional<ProcessStat> stat = ProcessStat.of(proc, pid);
        String command = proc.text(pid + "/cmdline")
                .map(ProcessLabel::oneLine)
                .filter(line -> !line.isEmpty())
                .orElseGet(() ->
                        stat.map(ended -> "[" + oneLine(ended.name()) + "]").orElse(""));
        return new ProcessLabel(command, user(proc, pid), startedAt(proc, stat));
    }

    /** Arguments are separated by NUL, and may hold anything that could upset a terminal. */
    static String oneLine(String commandLine) {
        StringBuilder line = new StringBuilder();
        commandLine.codePoints().limit(4L * LONGEST_COMMAND).forEach(letter -> line.appendCodePoint(shown(letter)));
        String told = line.toString().strip();
        if (told.codePointCount(0, told.length()) <= LONGEST_COMMAND) return told;
        return told.substring(0, told.offsetByCodePoints(0, LONGEST_COMMAND - 1)) + "…";
    }

    private static int shown(int letter) {
        if (letter == 0 || Character.isWhitespace(letter)) return ' ';
        int type = Character.getType(letter);
        boolean unseen = type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE;
        return unseen ? '?' : letter;
    }

    private static Optional<String> user(Procfs proc, long pid) {
        return proc.lines(pid + "/status").stream()
                .filter(line -> line.startsWith("Uid:"))
                .map(line -> line.trim().split("\\s+", -1))
                .filter(numbers -> numbers.length > 2)
                .map(numbers -> numbers[2]) // real, effective, saved, filesystem
                .map(number -> userNames().getOrDefault(number, number))
                .findFirst();
    }

    /** Of this machine; a directory service is not asked, since it may not answer. */
    private static Map<String, String> userNames() {
        Map<String, String> names = new HashMap<>();
        for (String line : accounts()) {
            String[] fields = line.split(":", -1);
            if (fields.length > 2) names.putIfAbsent(fields[2], fields[0]);
        }
        return names;
    }

    private static List<String> accounts() {
        try {
            return Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of(); // then users are told by number
        }
    }

    private static Optional<String> startedAt(Procfs proc, Optional<ProcessStat> stat) {
        return boot(proc)
                .flatMap(boot -> stat.map(process -> process.startedAt(boot).toString()));
    }

    private static Optional<Instant> boot(Procfs proc) {
        return proc.lines("stat").stream()
                .filter(line -> line.matches("btime \\d{1,12}"))
                .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring(6))))
                .findFirst();
    }
}
