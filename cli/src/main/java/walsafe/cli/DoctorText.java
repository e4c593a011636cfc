package walsafe.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import walsafe.facts.Facts;
import walsafe.finding.Finding;
import walsafe.policy.Diagnosis;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;
import walsafe.policy.Reason;
import walsafe.words.Shell;
import walsafe.words.Visible;

/** The doctor's report for people: the verdict first, then why, then what to do. */
final class DoctorText {
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
        diagnosis.findings().forEach(this::finding);
    }

    private void finding(Finding finding) {
        String head = finding.weight() + " " + finding.problem().id();
        paper.line("  " + paper.ink().weight(finding.weight(), head) + " "
                + Visible.line(finding.problem().title()));
        paper.prose(4, finding.where() + ": " + finding.seen());
        paper.prose(4, "Do: " + finding.remedy().advice());
        finding.remedy().commands().forEach(command -> paper.command(8, command));
    }

    private void plan(Plan.Open plan) {
        paper.section("Plan: " + plan.mode().words() + (plan.vfs().isEmpty() ? "" : ", VFS " + plan.vfs()));
        int width = plan.pragmas().stream()
                .mapToInt(pragma -> setting(pragma).length())
                .max()
                .orElse(0);
        plan.pragmas().forEach(pragma -> paper.row(setting(pragma), width, pragma.because()));
        if (!plan.conditions().isEmpty()) paper.section("Only if");
        plan.conditions().forEach(condition -> paper.row("-", 1, condition));
        reasons("Why not bolder", plan.reasons(), plan.mode());
    }

    private void refusal(Plan.Refuse plan) {
        paper.section("Plan: do not open it here");
        if (!diagnosis.findings().contains(plan.finding())) finding(plan.finding());
        reasons("Why", plan.reasons(), Mode.READ_ONLY);
    }

    /** Only what forbids a mode bolder than the chosen one answers the question that a reader has now. */
    private void reasons(String title, List<Reason> reasons, Mode chosen) {
        List<Reason> telling = reasons.stream()
                .filter(reason -> reason.forbids().stream().anyMatch(mode -> mode.compareTo(chosen) > 0))
                .toList();
        if (!telling.isEmpty()) paper.section(title);
        for (Reason reason : telling) {
            String doubt = reason.known() ? "" : "(could not be told) ";
            paper.prose(2, doubt + forbidden(reason, chosen) + ": " + reason.because());
            paper.prose(6, "source: " + reason.source());
        }
    }

    private static String forbidden(Reason reason, Mode chosen) {
        return reason.forbids().stream()
                .filter(mode -> mode.compareTo(chosen) > 0)
                .sorted((a, b) -> b.compareTo(a))
                .map(mode -> "no " + mode.words())
                .collect(Collectors.joining(", "));
    }

    private void alternatives() {
        if (diagnosis.alternatives().isEmpty()) return;
        paper.section("If you can claim more");
        for (Diagnosis.Alternative claim : diagnosis.alternatives()) {
            paper.prose(
                    2,
                    "Opened by " + claim.sharing().words() + ", it may use "
                            + claim.mode().words() + ":");
            paper.command(6, "walsafe doctor --sharing " + claim.sharing().option() + " " + shellPath());
        }
    }

    private void neighbours() {
        if (facts.target().database().isEmpty()) return;
        paper.section("Who has it open");
        WhoText.write(facts.neighbours(), paper);
    }

    private void recipes(Plan.Open plan) {
        Optional<String> path = facts.target().database();
        if (path.isEmpty()) return;
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
