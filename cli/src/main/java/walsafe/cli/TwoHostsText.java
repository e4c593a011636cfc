package walsafe.cli;

import java.util.List;
import java.util.Locale;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Question;
import walsafe.finding.Finding;
import walsafe.peer.Card;
import walsafe.peer.Report;
import walsafe.words.Visible;

/** The report of two hosts for people: the verdict first, then one table, then why, then what to do. */
final class TwoHostsText {
    private static final int LABEL = 12;
    private static final int QUESTION = 22;
    private static final int CELL = 11;

    private final Report report;
    private final Paper paper;

    private TwoHostsText(Report report, Ink ink) {
        this.report = report;
        this.paper = new Paper(ink);
    }

    static String of(Report report, Ink ink) {
        return new TwoHostsText(report, ink).tell();
    }

    private String tell() {
        String word = report.verdict().name().replace('_', ' ');
        paper.line(paper.ink().verdict(report.verdict(), word) + "  " + Visible.line(report.headline()));
        list("Only if", report.conditions());
        hosts();
        table();
        because();
        list("What it does not show", limits());
        list("Left behind", report.leftovers());
        findings();
        return paper.toString();
    }

    private void hosts() {
        paper.section("Who took part");
        paper.row("this host", LABEL, host(report.here()));
        report.there().ifPresent(there -> paper.row("the other", LABEL, host(there)));
        report.met().ifPresent(met -> paper.row("they met", LABEL, met));
        paper.row(
                "time",
                LABEL,
                String.format(Locale.ROOT, "%.1f s; began %s", report.tookMillis() / 1000.0, report.started()));
        String remembered = report.remembered()
                ? "yes: what walsafe opens or looks at here reckons with it, until this host restarts, the mount changes,"
                        + " or 30 days are over"
                : "no";
        if (report.there().isPresent()) paper.row("remembered", LABEL, remembered);
    }

    private static String host(Card card) {
        return card.host() + ": " + card.system() + ", " + card.filesystem() + " (" + String.join(",", card.options())
                + ")" + (card.sqlite().isEmpty() ? "" : ", SQLite " + card.sqlite())
                + card.bootId().map(id -> ", boot " + id).orElse(", no boot id")
                + (card.bootIdReplaced() ? ", which is mounted over" : "");
    }

    private void table() {
        if (report.rows().isEmpty()) return;
        paper.section("What was seen");
        paper.command(2, row("", "this host", "the other", "across"));
        for (Report.Row each : report.rows()) {
            paper.command(2, row(words(each.question()), word(each.here()), word(each.there()), word(each.across())));
        }
    }

    private static String row(String question, String here, String there, String across) {
        return (pad(question, QUESTION) + pad(here, CELL) + pad(there, CELL) + across).stripTrailing();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    private static String words(Question question) {
        return question.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void because() {
        if (report.trials().isEmpty()) return;
        paper.section("What decided, across the two");
        for (Report.Row each : report.rows()) {
            if (each.because().equals("not tried across")) continue;
            paper.row(words(each.question()), QUESTION, word(each.across()) + ": " + each.because());
        }
    }

    private List<String> limits() {
        List<String> limits = new java.util.ArrayList<>(report.doubts());
        limits.add("What happens when a whole host or the network between them dies, and whether bytes survive a power"
                + " cut: processes were killed, hosts were not.");
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
        for (Finding finding : report.findings()) {
            String head = finding.weight() + " " + finding.problem().id();
            paper.line("  " + paper.ink().weight(finding.weight(), head) + " "
                    + Visible.line(finding.problem().title()));
            paper.prose(4, finding.where() + ": " + finding.seen());
            paper.prose(4, "Do: " + finding.remedy().advice());
            finding.remedy().commands().forEach(command -> paper.command(8, command));
        }
    }
}
