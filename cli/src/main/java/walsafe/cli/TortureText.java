package walsafe.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import walsafe.policy.Pragma;
import walsafe.torture.Report;
import walsafe.torture.Report.Counts;
import walsafe.words.Amount;
import walsafe.words.Visible;

/** The report of {@code walsafe torture} for people: the verdict first, then the numbers, then what to do. */
final class TortureText {
    private static final int LABEL = 12;
    private static final int NUMBER = 28;
    private static final int MOST_MESSAGES = 5; // JSON has more
    private static final List<String> COLUMNS =
            List.of("process", "starts", "killed", "stopped", "acknowledged", "lost", "errors", "through");

    private final Report report;
    private final Paper paper;

    private TortureText(Report report, Ink ink) {
        this.report = report;
        this.paper = new Paper(ink);
    }

    static String of(Report report, Ink ink) {
        return new TortureText(report, ink).tell();
    }

    private String tell() {
        String word = report.verdict().name().replace('_', ' ');
        paper.line(paper.ink().verdict(report.verdict(), word) + "  " + Visible.line(report.headline()));
        tried();
        if (report.counts().rounds() > 0) {
            commits();
            processes();
        }
        symptoms();
        errors();
        list(
                "What integrity_check says",
                report.integrity().stream().limit(MOST_MESSAGES).toList());
        list("What it does not show", limits());
        list("Left behind", report.leftovers());
        findings();
        return paper.toString();
    }

    private void tried() {
        Counts counts = report.counts();
        paper.section("What was tried");
        paper.row("place", LABEL, report.ordeal().directory() + " on " + report.filesystem());
        if (!report.ordeal().through().isEmpty()) {
            paper.row(
                    "through",
                    LABEL,
                    "the same directory as "
                            + Amount.list(report.ordeal().through().stream()
                                    .map(Object::toString)
                                    .toList()));
        }
        report.opened().ifPresent(opened -> paper.row("opened", LABEL, opened(opened)));
        paper.row(
                "time",
                LABEL,
                report.ordeal().time().toSeconds() + " s of racing in "
                        + Amount.of(counts.rounds(), "round", "rounds") + ", " + seconds(report.tookMillis())
                        + " in all; began " + report.started());
        paper.row(
                "done to them",
                LABEL,
                Amount.of(counts.starts(), "start", "starts") + ", " + Amount.of(counts.kills(), "kill", "kills")
                        + " with SIGKILL, " + Amount.of(counts.stops(), "stop", "stops") + " with SIGSTOP; seed "
                        + report.ordeal().seed());
        if (!report.stops().isEmpty()) paper.row("stopped with", LABEL, stops());
        paper.row("versions", LABEL, versions());
    }

    private String stops() {
        return report.stops().stream()
                .map(stop -> Amount.of(stop.stops(), "time", "times") + " the " + stop.lock() + " lock")
                .collect(Collectors.joining(", "));
    }

    private static String opened(Report.Opened opened) {
        String settings = opened.pragmas().stream()
                .map((Pragma pragma) -> pragma.name() + " = " + pragma.value())
                .collect(Collectors.joining(", "));
        return opened.mode()
                + (opened.vfs().isEmpty() ? "" : ", vfs " + opened.vfs())
                + (opened.guarded() ? ", through the guard: " : ", bare SQLite: ")
                + settings;
    }

    private String versions() {
        Report.Versions versions = report.versions();
        String sqlite = versions.sqlite().isEmpty() ? "SQLite not started" : "SQLite " + versions.sqlite();
        return sqlite + ", Java " + versions.java() + ", " + versions.os() + " " + versions.kernel() + " ("
                + versions.arch() + "), walsafe " + Cli.version();
    }

    private void commits() {
        Counts counts = report.counts();
        paper.section("What became of the commits");
        number("acknowledged", counts.acknowledged());
        number("kept", counts.kept());
        number("lost", counts.lost());
        if (counts.unread() > 0) number("cannot be read", counts.unread());
        number("there by halves", counts.half());
        number("there twice", counts.twice());
        number("altered", counts.altered());
        number("rolled back, and there", counts.undoneButThere());
        paper.row(
                "nobody was told",
                NUMBER,
                grouped(counts.unsure()) + ", of which " + grouped(counts.unsureAndThere()) + " are there");
        paper.row(
                "besides",
                NUMBER,
                grouped(counts.reads()) + " reads, " + grouped(counts.checkpoints()) + " checkpoints, "
                        + Amount.of(counts.busy(), "time", "times") + " busy, "
                        + Amount.of(counts.full(), "time", "times") + " full");
        report.firstSymptomMillis().ifPresent(millis -> paper.row("first symptom", NUMBER, "after " + seconds(millis)));
    }

    private void number(String label, long number) {
        paper.row(label, NUMBER, grouped(number));
    }

    private void processes() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(COLUMNS);
        for (Report.ProcessRow process : report.processes()) {
            rows.add(List.of(
                    String.valueOf(process.number()),
                    String.valueOf(process.starts()),
                    String.valueOf(process.kills()),
                    String.valueOf(process.stops()),
                    grouped(process.acknowledged()),
                    grouped(process.lost()),
                    grouped(process.errors()),
                    Visible.line(process.through())));
        }
        paper.section("The processes");
        for (List<String> row : rows) paper.command(2, row(row));
    }

    /** Numbers to the right, the path last and to the left. */
    private static String row(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size() - 1; i++) {
            int width = COLUMNS.get(i).length();
            line.append(" ".repeat(Math.max(0, width - cells.get(i).length())))
                    .append(cells.get(i))
                    .append("  ");
        }
        return line + cells.get(cells.size() - 1);
    }

    private void symptoms() {
        if (report.symptoms().isEmpty()) return;
        paper.section("What was seen that must not be");
        for (Report.Symptom symptom : report.symptoms()) {
            String who = symptom.process() == 0 ? "the count" : "process " + symptom.process();
            paper.row(
                    symptom.kind(),
                    LABEL,
                    Amount.of(symptom.count(), "time", "times") + ", first after " + seconds(symptom.firstMillis())
                            + " by " + who + ": " + symptom.text());
        }
    }

    private void errors() {
        if (report.errors().isEmpty()) return;
        paper.section("What SQLite answered, other than busy");
        for (Report.ErrorRow error : report.errors()) {
            paper.row(
                    error.code() < 0 ? "not SQLite's" : "code " + error.code(),
                    LABEL,
                    Amount.of(error.count(), "time", "times") + ", first after " + seconds(error.firstMillis()) + ": "
                            + error.text());
        }
    }

    private List<String> limits() {
        List<String> limits = new ArrayList<>(report.doubts());
        limits.add("Other hosts, power cuts and what a storage does when it is unplugged: only processes of this host"
                + " were raced and killed.");
        return limits;
    }

    private void list(String title, List<String> lines) {
        if (lines.isEmpty()) return;
        paper.section(title);
        lines.forEach(line -> paper.prose(2, line));
    }

    private void findings() {
        if (report.findings().isEmpty()) return;
        paper.section("Findings");
        report.findings().forEach(finding -> FindingText.write(finding, paper));
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
