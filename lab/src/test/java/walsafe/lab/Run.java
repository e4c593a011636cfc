package walsafe.lab;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What two writers said of one database, and what was found in it. */
record Run(int acknowledged, int lost, String integrity, String errors) {
    private static final Pattern TROUBLE = Pattern.compile("trouble \\[(?:SQLITE_)?([A-Z0-9_]+)].*");

    static Run of(List<Outcome> writers, Outcome counted, String name) {
        List<Outcome> ends = writers.stream().map(writer -> about(name, writer)).toList();
        Outcome count = about(name, counted);
        Ledger ledger = new Ledger();
        ends.forEach(ledger::hear);
        String integrity = count.lines().stream()
                .filter(line -> line.startsWith("integrity "))
                .map(line -> line.equals("integrity ok") ? "ok" : "damaged")
                .distinct()
                .collect(Collectors.joining(" "));
        return new Run(ledger.size(), ledger.missingFrom(count).size(), integrity, errors(ends));
    }

    /** The part of what was said that follows the name, if names were said. */
    private static Outcome about(String name, Outcome whole) {
        if (whole.lines().stream().noneMatch(line -> line.startsWith("database "))) return whole;
        StringBuilder part = new StringBuilder();
        boolean meant = false;
        for (String line : whole.lines()) {
            if (line.startsWith("database ")) meant = line.endsWith("/" + name);
            else if (meant) part.append(line).append('\n');
        }
        return new Outcome(whole.code(), part.toString());
    }

    static String opened(Outcome writer) {
        return writer.lines().stream()
                .filter(line -> line.startsWith("opened ") || line.startsWith("refused "))
                .map(line -> line.startsWith("refused ")
                        ? "refuse"
                        : line.split(" ", 3)[1].toLowerCase(Locale.ROOT).replace('_', '-'))
                .findFirst()
                .orElse("not opened");
    }

    private static String errors(List<Outcome> writers) {
        Set<String> errors = new TreeSet<>();
        for (Outcome writer : writers) {
            writer.lines().stream().flatMap(Run::error).forEach(errors::add);
            if (writer.code() > 128) errors.add("KILLED_" + (writer.code() - 128));
            boolean refused = opened(writer).equals("refuse");
            if (!refused && writer.lines().stream().noneMatch(line -> line.startsWith("ack ")))
                errors.add("A_SIDE_KEPT_NOTHING");
        }
        return String.join(" ", errors);
    }

    /** BUSY is nobody's fault. */
    private static Stream<String> error(String line) {
        if (line.startsWith("refused ")) return Stream.of(line.split(" ", 3)[1]);
        Matcher trouble = TROUBLE.matcher(line);
        if (trouble.matches())
            return trouble.group(1).startsWith("BUSY") ? Stream.empty() : Stream.of(trouble.group(1));
        return line.startsWith("trouble ") ? Stream.of("OTHER") : Stream.empty();
    }
}
