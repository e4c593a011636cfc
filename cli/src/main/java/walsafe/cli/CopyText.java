package walsafe.cli;

import java.nio.file.Path;
import java.time.Duration;
import walsafe.finding.Finding;
import walsafe.policy.Verdict;
import walsafe.transfer.Copied;
import walsafe.words.Amount;
import walsafe.words.Visible;

/** What became of a copy, for people. */
final class CopyText {
    private static final int LABEL = 6;

    private CopyText() {}

    static String of(Copied copied, Ink ink) {
        Paper paper = new Paper(ink);
        paper.line(ink.verdict(Verdict.SAFE, "COPIED") + "  " + Visible.line(headline(copied)));
        paper.row("from", LABEL, copied.source().toString());
        paper.row(
                "mode", LABEL, copied.wal() ? "WAL, as its source; all rows are in the one file" : "rollback journal");
        paper.row("others", LABEL, others(copied));
        paper.row("proof", LABEL, "PRAGMA quick_check says ok, and the number of pages is the source's");
        return paper.toString();
    }

    static String headline(Copied copied) {
        return copied.target() + ": " + Amount.of(copied.pages(), "page", "pages") + ", "
                + Amount.bytes(copied.sizeBytes()) + ", in " + seconds(copied.took());
    }

    private static String others(Copied copied) {
        if (copied.wal()) return "nobody was kept out";
        String writers = "writers were kept out for at most " + seconds(copied.longestLock()) + " in a row";
        return copied.restarts() == 0
                ? writers
                : writers + ", and wrote " + Amount.of(copied.restarts(), "time", "times") + " meanwhile";
    }

    private static String seconds(Duration time) {
        return time.toMillis() < 1000 ? time.toMillis() + " ms" : "%.1f s".formatted(time.toMillis() / 1000.0);
    }

    static String of(Finding finding, Path target, Ink ink) {
        Paper paper = new Paper(ink);
        paper.line(ink.verdict(Verdict.UNSAFE, "NOT COPIED") + "  " + Visible.line(headline(finding, target)));
        paper.prose(2, finding.where() + ": " + finding.seen());
        paper.prose(2, "Do: " + finding.remedy().advice());
        finding.remedy().commands().forEach(command -> paper.command(6, command));
        paper.line("")
                .line("More about it: walsafe explain " + finding.problem().id());
        return paper.toString();
    }

    static String headline(Finding finding, Path target) {
        return target + ": " + finding.problem().id() + " " + finding.problem().title();
    }
}
