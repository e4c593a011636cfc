package walsafe.cli;

import walsafe.finding.Finding;
import walsafe.words.Visible;

/** A finding among others in a report for people: what, where, what was seen, what to do. */
final class FindingText {
    private FindingText() {}

    static void write(Finding finding, Paper paper) {
        String head = finding.weight() + " " + finding.problem().id();
        paper.line("  " + paper.ink().weight(finding.weight(), head) + " "
                + Visible.line(finding.problem().title()));
        paper.prose(4, finding.where() + ": " + finding.seen());
        paper.prose(4, "Do: " + finding.remedy().advice());
        finding.remedy().commands().forEach(command -> paper.command(8, command));
    }
}
