package walsafe.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import walsafe.facts.DatabaseFacts;
import walsafe.facts.Neighbour;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.words.Shell;

/** Whether the journal mode that the database is in now agrees with the plan. */
final class ModeTroubles {
    private ModeTroubles() {}

    static List<Finding> of(Case at, Plan plan) {
        List<Finding> findings = new ArrayList<>();
        if (at.walNow() && forbidsWal(plan)) {
            findings.add(walWhereItMustNotBe(at, plan));
            if (!at.facts().neighbours().others().isEmpty()) findings.add(blocked(at));
        }
        return findings;
    }

    private static boolean forbidsWal(Plan plan) {
        if (plan instanceof Plan.Open open) return open.mode() == Mode.ROLLBACK || open.mode() == Mode.ROLLBACK_DOTFILE;
        return plan instanceof Plan.Refuse refuse
                && Refusal.known(refuse.reasons())
                && refuse.finding().problem() == Problem.STORAGE_UNSAFE;
    }

    private static Finding walWhereItMustNotBe(Case at, Plan plan) {
        return new Finding(
                Problem.MODE_UNSAFE_HERE,
                at.where(),
                "its header says WAL, and here WAL loses rows: " + whyNotWal(plan),
                Remedy.of(
                        "Close every program that has it open, on every machine; then, from one machine only, switch it."
                                + keepTheWal(at.facts().database()),
                        "walsafe convert " + Shell.quote(at.where()) + " --to truncate"));
    }

    private static String keepTheWal(DatabaseFacts database) {
        return database.wal().filter(wal -> wal.committedFrames() > 0).isPresent()
                ? " Do not delete the -wal: it holds committed rows, and switching carries them over."
                : "";
    }

    private static String whyNotWal(Plan plan) {
        return plan.reasons().stream()
                .filter(reason -> reason.forbids().contains(Mode.WAL) && reason.known())
                .map(Reason::because)
                .findFirst()
                .orElse("the plan forbids it");
    }

    private static Finding blocked(Case at) {
        return new Finding(
                Problem.MODE_CHANGE_BLOCKED,
                at.where(),
                at.facts().neighbours().others().stream().map(Neighbour::words).collect(Collectors.joining(", "))
                        + " has it open",
                Remedy.of(
                        "Stop that program first; a switch under a live writer has destroyed committed rows.",
                        "walsafe who " + Shell.quote(at.where())));
    }
}
