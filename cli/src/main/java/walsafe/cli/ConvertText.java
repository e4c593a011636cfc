package walsafe.cli;

import walsafe.facts.Facts;
import walsafe.finding.Finding;
import walsafe.policy.Verdict;
import walsafe.transfer.Converted;
import walsafe.transfer.JournalMode;
import walsafe.words.Amount;
import walsafe.words.Shell;
import walsafe.words.Visible;

/** The report of {@code walsafe convert} for people. */
final class ConvertText {
    private ConvertText() {}

    static String of(Facts facts, JournalMode mode, Conversed said, Ink ink) {
        Paper paper = new Paper(ink);
        Verdict colour = said.refusal().isPresent() ? Verdict.UNSAFE : Verdict.SAFE;
        paper.line(ink.verdict(colour, said.verdict()) + "  " + Visible.line(headline(facts, mode, said)));
        said.refusal().ifPresent(finding -> refusal(paper, finding));
        said.result().ifPresent(result -> details(paper, result));
        return paper.toString();
    }

    static String headline(Facts facts, JournalMode mode, Conversed said) {
        String where = facts.target().asked() + ": ";
        if (said.refusal().isPresent())
            return where + said.refusal().get().problem().title();
        Converted result = said.result().orElseThrow();
        if (!result.changed()) return where + "it is in " + name(mode) + " mode already; nothing was touched";
        return where + "now in " + name(mode) + " mode" + carried(result.frames());
    }

    private static String carried(long frames) {
        return frames == 0 ? "" : ", " + Amount.of(frames, "frame", "frames") + " of its -wal carried over";
    }

    private static String name(JournalMode mode) {
        return mode == JournalMode.WAL ? "WAL" : "rollback journal (" + mode.words() + ")";
    }

    private static void refusal(Paper paper, Finding finding) {
        paper.prose(2, finding.problem().id() + " " + finding.where() + ": " + finding.seen());
        paper.prose(2, "Do: " + finding.remedy().advice());
        finding.remedy().commands().forEach(command -> paper.command(6, command));
        paper.line("")
                .line("More about it: walsafe explain " + finding.problem().id());
    }

    private static void details(Paper paper, Converted result) {
        if (!result.changed()) return;
        paper.prose(2, "SQLite's quick_check found it sound.");
        if (result.framesLeft() > 0) {
            paper.prose(
                    2,
                    Amount.of(result.framesLeft(), "frame", "frames")
                            + " of a -wal that does not belong to it were not applied.");
        }
        result.kept().ifPresent(kept -> {
            paper.prose(2, "The old files are kept. Once you are sure that nothing is missing:");
            paper.command(6, "rm -r " + Shell.quote(kept.toString()));
        });
        if (result.mode() != JournalMode.WAL) {
            paper.prose(
                    2,
                    "Each connection chooses its own rollback journal: say PRAGMA journal_mode="
                            + result.mode().words() + " in each.");
        }
        result.notes().forEach(note -> paper.prose(2, "Not proved: " + note + "."));
    }
}
