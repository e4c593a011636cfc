package walsafe.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import walsafe.facts.Evidence;
import walsafe.facts.Facts;
import walsafe.facts.Target.State;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Objection;
import walsafe.policy.Plan;
import walsafe.policy.Policy;
import walsafe.policy.Pragma;
import walsafe.policy.Reason;
import walsafe.policy.Sharing;
import walsafe.policy.Verdict;
import walsafe.words.Shell;
import walsafe.words.Visible;

/** The doctor's report for people: the verdict first, then why, then what to do. */
final class DoctorText {
    private static final int UNKNOWN_WIDTH = "unknown".length();

    private final Diagnosis diagnosis;
    private final Facts facts;
    private final Paper paper;

    private DoctorText(Diagnosis diagnosis, Ink ink) {
        this.diagnosis = diagnosis;
        this.facts = diagnosis.facts();
        this.paper = new Paper(ink);
    }

    static String of(Diagnosis diagnosis, Ink ink) {
        return new DoctorText(diagnosis, ink).tell();
    }

    private String tell() {
        Optional<Plan.Open> open = as(Plan.Open.class);
        verdict();
        PlaceText.write(facts, paper);
        open.ifPresent(this::plan);
        as(Plan.Refuse.class).ifPresent(this::refusal);
        alternatives();
        experiments();
        neighbours();
        findings();
        open.ifPresent(this::recipes);
        hint();
        return paper.toString();
    }

    private void verdict() {
        String word = diagnosis.verdict().name().replace('_', ' ');
        paper.line(paper.ink().verdict(diagnosis.verdict(), word) + "  " + Visible.line(diagnosis.headline()));
    }

    private void findings() {
        if (diagnosis.findings().isEmpty()) return;
        paper.section("Findings");
        diagnosis.findings().forEach(finding -> FindingText.write(finding, paper));
    }

    private void plan(Plan.Open plan) {
        String title = toBeOpened() ? "Plan: " : "Plan, once the findings are dealt with: ";
        paper.section(title + plan.mode().words() + (plan.vfs().isEmpty() ? "" : ", VFS " + plan.vfs()));
        int width = plan.pragmas().stream()
                .mapToInt(pragma -> setting(pragma).length())
                .max()
                .orElse(0);
        plan.pragmas().forEach(pragma -> paper.row(setting(pragma), width, pragma.because()));
        if (!plan.conditions().isEmpty()) paper.section("Only if");
        plan.conditions().forEach(condition -> paper.row("-", 1, condition));
        objections("Why not bolder", plan);
    }

    private void refusal(Plan.Refuse plan) {
        paper.section("Plan: do not open it here");
        if (!diagnosis.findings().contains(plan.finding())) FindingText.write(plan.finding(), paper);
        objections("Why", plan);
    }

    private void objections(String title, Plan plan) {
        if (!plan.objections().isEmpty()) paper.section(title);
        for (Objection objection : plan.objections()) {
            Reason reason = objection.reason();
            String doubt = reason.known() ? "" : "(could not be told) ";
            paper.prose(2, doubt + "no " + forbidden(objection) + ": " + reason.because());
            paper.prose(6, "source: " + reason.source());
        }
    }

    private static String forbidden(Objection objection) {
        return objection.modes().stream()
                .sorted(Comparator.reverseOrder())
                .map(Mode::words)
                .collect(Collectors.joining(", no "));
    }

    private void alternatives() {
        if (diagnosis.alternatives().isEmpty()) return;
        paper.section("If you can claim more");
        for (Diagnosis.Alternative claim : diagnosis.alternatives()) {
            paper.prose(2, "Opened by " + claim.sharing().words() + ", it may use " + gain(claim) + ":");
            paper.command(6, "walsafe doctor --sharing " + claim.sharing().option() + " " + shellPath());
        }
    }

    /** Where the mode stays the same, what a claim gains is that less has to be true. */
    private String gain(Diagnosis.Alternative claim) {
        String mode = claim.mode().words();
        boolean same =
                as(Plan.Open.class).filter(open -> open.mode() == claim.mode()).isPresent();
        return same ? mode + " with fewer conditions" : mode;
    }

    /** What was tried and seen; or, where it could better the plan, how to try it. */
    private void experiments() {
        if (facts.evidence().isEmpty() && diagnosis.verdict() != Verdict.SAFE) worthTrying();
        if (!facts.evidence().isEmpty()) paper.section("Tried here");
        for (Evidence shown : facts.evidence()) {
            String verdict = shown.answer().verdict().name().toLowerCase(Locale.ROOT);
            String question = shown.question().name().toLowerCase(Locale.ROOT).replace('_', '-');
            paper.row(verdict, UNKNOWN_WIDTH, question + ": " + shown.answer().because());
            paper.prose(4 + UNKNOWN_WIDTH, "(" + shown.answer().source() + ")");
        }
    }

    private void worthTrying() {
        for (Intent.Probing probing : List.of(Intent.Probing.GLANCE, Intent.Probing.TORTURE)) {
            if (!Policy.worthTrying(facts, diagnosis.intent().with(probing))) continue;
            String name = probing.name().toLowerCase(Locale.ROOT);
            paper.section("An experiment could tell more");
            paper.prose(2, "It works in a scratch directory beside the database, and removes it:");
            paper.command(6, "walsafe doctor --probe " + name + sharing() + " " + shellPath());
            return;
        }
    }

    private String sharing() {
        Sharing sharing = diagnosis.intent().sharing();
        return sharing == Sharing.UNDECLARED ? "" : " --sharing " + sharing.option();
    }

    private void neighbours() {
        if (facts.target().database().isEmpty()) return;
        paper.section("Who has it open");
        WhoText.write(facts.neighbours(), paper);
    }

    /** Beside "change nothing" or "open nothing", a line that opens the database must not stand ready to be pasted. */
    private boolean toBeOpened() {
        return diagnosis.verdict() == Verdict.SAFE || diagnosis.verdict() == Verdict.SAFE_ONLY_IF;
    }

    private void recipes(Plan.Open plan) {
        Optional<String> path = facts.target().database();
        boolean file = facts.target().state() == State.FILE || facts.target().state() == State.MISSING;
        if (path.isEmpty() || !file || !toBeOpened()) return;
        paper.section("To open it so");
        for (Recipe recipe : Recipe.all(path.get(), plan)) {
            paper.line("  " + recipe.title());
            recipe.lines().forEach(line -> paper.command(6, line));
        }
    }

    private void hint() {
        diagnosis.findings().stream()
                .findFirst()
                .ifPresent(first -> paper.line("")
                        .line("More about a finding: walsafe explain "
                                + first.problem().id().toUpperCase(Locale.ROOT)));
    }

    private String shellPath() {
        return Shell.quote(facts.target().asked());
    }

    private static String setting(Pragma pragma) {
        return pragma.name() + " = " + pragma.value();
    }

    private <P extends Plan> Optional<P> as(Class<P> kind) {
        return diagnosis.plan().filter(kind::isInstance).map(kind::cast);
    }
}
