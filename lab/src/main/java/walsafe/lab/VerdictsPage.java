package walsafe.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes {@code docs/knowledge/verdicts.md} of the results in {@code lab/notes}: {@code NOTES PAGE}. The same notes make the
 * same page, so that a test can hold one against the other.
 */
public final class VerdictsPage {
    private static final Pattern PROBED =
            Pattern.compile("(?:PASSED|CONVICTED)(?:: no to ([A-Z_, ]+))?; ([A-Z_]+), ([A-Z_]+)");

    private static final String HEAD = """
        # What walsafe says, and what really happened

        Made by `lab/run verdicts` of the results under [lab/notes](../../lab/notes/README.md); not to be edited by hand. In each
        row two sides use one database at once. "Lost" counts rows that a program had been told are kept; a third party looks for
        them where the storage really lies. A clean run shows only that nothing was lost in these seconds.

        """;

    private static final String LEGEND = """

        - **agree**: the mode that walsafe offers lost nothing, or what it refuses failed.
        - **careful**: it refuses a mode that went well in these runs.
        - **agree, when told who else is there**: one side sees a local disk and not the other side. It says safe until it is
          told `--sharing several-hosts`; the other side says unsafe, and is refused, in any case.
        - **FALSE SAFE**, **FALSE UNSAFE**: rows were lost where walsafe offered to write, or a control (one mount) was refused. A test
          fails if there is such a row.
        - *not usable*: nothing was lost, but the programs met errors that are not theirs, or one of them could not write.

        """;

    private final List<Storage> storages = new ArrayList<>();

    private record Storage(String note, List<Row> rows) {
        Row first() {
            return rows.get(0);
        }

        Agreement agreement() {
            return Agreement.of(rows);
        }
    }

    public static void main(String[] arguments) throws IOException {
        Files.writeString(Path.of(arguments[1]), of(Path.of(arguments[0])));
    }

    static String of(Path notes) throws IOException {
        return new VerdictsPage(notes).text();
    }

    /** All rows about storages, by storage, in the order of the notes. */
    static List<List<Row>> storages(Path notes) throws IOException {
        return new VerdictsPage(notes).storages.stream().map(Storage::rows).toList();
    }

    private VerdictsPage(Path notes) throws IOException {
        List<Path> folders;
        try (Stream<Path> listed = Files.list(notes)) {
            folders = listed.filter(Files::isDirectory).sorted().toList();
        }
        for (Path folder : folders) read(folder);
    }

    /** Notes about other things have other columns. */
    private void read(Path folder) throws IOException {
        Path results = folder.resolve("result.tsv");
        if (!Files.exists(results)) return;
        List<String> lines = Files.readAllLines(results);
        if (lines.isEmpty() || !lines.get(0).equals(Row.HEADING)) return;
        Map<String, List<Row>> byStorage = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            Row row = Row.of(line);
            byStorage
                    .computeIfAbsent(row.storage(), storage -> new ArrayList<>())
                    .add(row);
        }
        String note = String.valueOf(folder.getFileName());
        byStorage.values().forEach(rows -> storages.add(new Storage(note, rows)));
    }

    private String text() {
        StringBuilder page = new StringBuilder(HEAD);
        page.append(tally()).append("\n\n");
        page.append(line(List.of(
                "storage",
                "filesystem",
                "between",
                "the doctor",
                "bare, TRUNCATE",
                "bare, WAL",
                "opened by walsafe",
                "two-host probe",
                "agreement",
                "note")));
        page.append(line(Stream.generate(() -> "---").limit(10).toList()));
        for (Storage storage : storages) page.append(line(cells(storage)));
        return page.append(LEGEND).append(dates()).toString();
    }

    private String tally() {
        Map<Agreement, Long> counts = new LinkedHashMap<>();
        for (Agreement agreement : Agreement.values()) {
            long count = storages.stream()
                    .filter(storage -> storage.agreement() == agreement)
                    .count();
            counts.put(agreement, count);
        }
        return storages.size() + " pairs of sides: "
                + counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey().words())
                        .collect(Collectors.joining("; "))
                + ".";
    }

    private String dates() {
        TreeSet<String> dates = new TreeSet<>();
        storages.forEach(storage -> storage.rows().forEach(row -> dates.add(row.date())));
        return "Run on " + String.join(", ", dates) + "; each note names the processor, the kernels and the command.\n";
    }

    private static List<String> cells(Storage storage) {
        List<Row> rows = storage.rows();
        return List.of(
                storage.first().storage(),
                distinct(rows.stream()
                        .filter(row -> row.is("doctor"))
                        .map(Row::filesystem)
                        .toList()),
                storage.first().sides(),
                doctor(rows),
                runs(Agreement.bare(rows, "truncate")),
                runs(Agreement.bare(rows, "wal")),
                walsafe(rows),
                peer(rows),
                storage.agreement().words(),
                "[" + storage.note().substring(0, 4) + "](../../lab/notes/" + storage.note() + "/README.md)");
    }

    private static String doctor(List<Row> rows) {
        String said = distinct(Agreement.said(rows).map(VerdictsPage::said).toList());
        List<Row> blind = Agreement.blind(rows);
        if (blind.isEmpty()) return said;
        return said + "; told nothing, on side " + blind.get(0).side() + ": " + said(blind.get(0));
    }

    private static String said(Row row) {
        String mode = row.mode().equals("refuse") ? "" : ", " + row.mode();
        return row.says().replace('-', ' ') + mode;
    }

    private static String walsafe(List<Row> rows) {
        List<Row> runs = Agreement.walsafe(rows);
        String modes = distinct(runs.stream().map(Row::mode).toList());
        if (modes.equals("refuse")) return "refused";
        return modes.replace("refuse", "refused") + ": " + runs(runs);
    }

    private static String peer(List<Row> rows) {
        if (!betweenKernels(rows)) return "one kernel";
        String said = distinct(rows.stream()
                .filter(row -> row.is("peer"))
                .map(row -> probed(row.says()))
                .toList());
        return said.isEmpty() ? "not tried" : said;
    }

    /** {@code CONVICTED: no to A, B; UNSAFE, REFUSE} in the words of the other columns; anything else as it was said. */
    private static String probed(String said) {
        Matcher parts = PROBED.matcher(said);
        if (!parts.matches()) return said;
        String mode = parts.group(3).equals("REFUSE") ? "" : ", " + words(parts.group(3), '-');
        String noes = parts.group(1) == null ? "" : ": no to " + words(parts.group(1), '-');
        return words(parts.group(2), ' ') + mode + noes;
    }

    private static String words(String names, char between) {
        return names.toLowerCase(Locale.ROOT).replace('_', between);
    }

    private static boolean betweenKernels(List<Row> rows) {
        return rows.stream()
                .anyMatch(row -> row.sides().equals(Scene.Sides.TWO_GUESTS.words())
                        || row.sides().equals(Scene.Sides.GUEST_AND_HOST.words()));
    }

    private static String runs(List<Row> runs) {
        if (runs.isEmpty()) return "not run";
        long damaged = runs.stream().filter(Row::damaged).count();
        String counts = number(runs.stream().mapToInt(Row::lost).sum()) + " of "
                + number(runs.stream().mapToInt(Row::acknowledged).sum()) + " lost";
        String damage = damaged == 0
                ? ""
                : runs.size() == 1 ? ", damaged" : ", damaged in " + damaged + " of " + runs.size() + " runs";
        boolean unusable = runs.get(0).is("bare") && Agreement.truth(runs) == Agreement.Truth.FAILED;
        String truth = unusable ? ", *not usable*" : "";
        TreeSet<String> errors = new TreeSet<>();
        for (Row run : runs)
            if (run.hasErrors()) errors.addAll(List.of(run.errors().split(" ", -1)));
        String seen = errors.isEmpty()
                ? ""
                : " (" + errors.stream().map(VerdictsPage::error).collect(Collectors.joining(", ")) + ")";
        return counts + damage + truth + seen;
    }

    private static String error(String code) {
        if (code.equals("A_SIDE_KEPT_NOTHING")) return "a side could not write";
        if (code.equals("GONE")) return "a writer missed its own rows";
        if (code.equals("KILLED_9")) return "a program hung";
        if (code.equals("WS103")) return "the look was too slow at first: WS103";
        if (code.startsWith("KILLED_")) return "a program died of signal " + code.substring("KILLED_".length());
        return code;
    }

    private static String number(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String distinct(List<String> words) {
        return words.stream().distinct().collect(Collectors.joining(" / "));
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
