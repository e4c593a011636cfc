package walsafe.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import walsafe.facts.Answer;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Evidence;
import walsafe.facts.Facts;
import walsafe.facts.Question;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.peer.Report.Outcome;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Plan;
import walsafe.policy.Sharing;
import walsafe.probe.Across;
import walsafe.probe.Encounters;
import walsafe.words.Amount;

/** What is made of what was shown. The experiments convict, and speak where knowledge is silent; the policy has the word. */
final class Judgement {
    private static final Intent SEVERAL = Intent.DEFAULT.with(Sharing.SEVERAL_HOSTS);

    private final Encounter encounter;
    private final List<Across.Shown> shown;
    private final List<String> doubts;
    private final Outcome outcome;
    private final boolean remembered;
    private final Diagnosis diagnosis;

    Judgement(Encounter encounter) {
        this.encounter = encounter;
        this.doubts = new ArrayList<>(encounter.doubts());
        this.shown = twoKernels()
                ? encounter.shown()
                : encounter.shown().stream().map(Judgement::noYes).toList();
        this.outcome = outcome();
        this.remembered = kept();
        this.diagnosis = Diagnosis.of(informed(), SEVERAL);
    }

    Report report() {
        return new Report(
                encounter.directory(),
                encounter.started(),
                encounter.tookMillis(),
                outcome,
                verdict(),
                headline(),
                encounter.card(),
                encounter.there(),
                encounter.met(),
                rows(),
                shown.stream().map(Judgement::trial).toList(),
                conditions(),
                doubts,
                remembered,
                encounter.leftovers(),
                findings());
    }

    /** Kernels are told apart by their boot ids; where that cannot be, the two may be one, and a yes may be its own. */
    private boolean twoKernels() {
        Optional<Card> there = encounter.there();
        if (there.isEmpty()) return true; // nothing was shown
        boolean told = encounter.card().identified() && there.get().identified();
        if (!told) {
            doubts.add("one of the two hosts does not show which boot of which kernel it is, so they may be one: what"
                    + " they agreed in counts as unknown");
        }
        return told;
    }

    private static Across.Shown noYes(Across.Shown each) {
        Answer answer = each.evidence().answer();
        if (answer.verdict() != Verdict.YES) return each;
        return Across.shown(each.experiment(), each.hereFirst(), Verdict.UNKNOWN, answer.because(), Optional.empty());
    }

    private Outcome outcome() {
        if (encounter.outcome() != Outcome.INCONCLUSIVE) return encounter.outcome();
        if (shown.stream().anyMatch(each -> verdict(each) == Verdict.NO)) return Outcome.CONVICTED;
        return encounter.complete() ? Outcome.PASSED : Outcome.INCONCLUSIVE;
    }

    private static Verdict verdict(Across.Shown each) {
        return each.evidence().answer().verdict();
    }

    private boolean kept() {
        Optional<Card> there = encounter.there();
        if (shown.isEmpty() || there.isEmpty()) return false;
        Card card = there.get();
        Encounters.Other other = new Encounters.Other(
                card.bootId().orElse("unknown"),
                card.filesystem() + " " + String.join(",", card.options()),
                card.sqlite());
        return encounter.memory().keep(encounter.facts(), other, shown, encounter.complete());
    }

    /** All that is known now: what other hosts have shown before counts, too. */
    private Facts informed() {
        List<Evidence> across = shown.stream().map(Across.Shown::evidence).toList();
        Facts told = encounter.facts().with(encounter.within()).with(across);
        return encounter.memory().remembered(told);
    }

    private walsafe.policy.Verdict verdict() {
        walsafe.policy.Verdict known = diagnosis.verdict();
        boolean told = outcome == Outcome.PASSED || (outcome == Outcome.CONVICTED && encounter.complete());
        walsafe.policy.Verdict least = walsafe.policy.Verdict.COULD_NOT_TELL;
        return told || known.compareTo(least) > 0 ? known : least;
    }

    private String headline() {
        String where = encounter.directory() + ": ";
        return where
                + switch (outcome) {
                    case NOT_MET -> "nothing was tried with another host: " + first(doubts);
                    case SAME_KERNEL ->
                        "both sides run on one kernel, which is one host however many containers it has";
                    case OTHER_DIRECTORY ->
                        "the other host did not find here what this one made: two directories, not one";
                    case INCONCLUSIVE -> "it could not be tried in full: " + first(doubts);
                    case CONVICTED, PASSED -> shownTo();
                };
    }

    private static String first(List<String> doubts) {
        return doubts.isEmpty() ? "some experiments did not come to their end" : doubts.get(0);
    }

    private String shownTo() {
        String place = encounter.facts().storage().filesystem();
        String plan = diagnosis.plan().orElseThrow() instanceof Plan.Open open
                ? open.mode().words() + " on " + place + " for several hosts"
                : "no journal mode is known to be safe on " + place + " for several hosts";
        List<String> noes = rows().stream()
                .filter(row -> row.across() == Verdict.NO)
                .map(row -> words(row.question()))
                .toList();
        String met = "; two hosts tried " + Amount.of(shown.size(), "experiment", "experiments");
        return plan + met + (noes.isEmpty() ? ", and none failed" : ": no to " + Amount.list(noes));
    }

    static String words(Question question) {
        return question.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private List<Report.Row> rows() {
        if (encounter.there().isEmpty()) return List.of();
        List<Report.Row> rows = new ArrayList<>();
        for (Question question : Question.values()) {
            Optional<Across.Shown> worst = worst(question);
            rows.add(new Report.Row(
                    question,
                    within(encounter.card(), question),
                    within(encounter.there().get(), question),
                    worst.map(Judgement::verdict).orElse(Verdict.UNKNOWN),
                    worst.map(each -> each.evidence().answer().because()).orElse("not tried across")));
        }
        return rows;
    }

    private static Verdict within(Card card, Question question) {
        return Objects.requireNonNullElse(card.within().get(question), Verdict.UNKNOWN);
    }

    private Optional<Across.Shown> worst(Question question) {
        return shown.stream()
                .filter(each -> each.evidence().question() == question)
                .min((one, two) -> verdict(one).compareTo(verdict(two)));
    }

    private static Report.Trial trial(Across.Shown each) {
        return new Report.Trial(
                each.experiment(),
                each.evidence().question(),
                each.hereFirst(),
                verdict(each),
                each.evidence().answer().because());
    }

    private List<String> conditions() {
        return diagnosis.plan().orElseThrow() instanceof Plan.Open open ? open.conditions() : List.of();
    }

    private List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        if (diagnosis.plan().orElseThrow() instanceof Plan.Refuse refuse) findings.add(refuse.finding());
        String where = encounter.directory().toString();
        String why = doubts.stream().distinct().collect(Collectors.joining("; "));
        if (outcome == Outcome.NOT_MET) {
            findings.add(new Finding(Problem.HOSTS_UNTRIED, where, why, Remedy.of(encounter.advice())));
        } else if (outcome == Outcome.SAME_KERNEL) {
            findings.add(new Finding(
                    Problem.HOSTS_UNTRIED,
                    where,
                    "both sides show the boot id " + encounter.card().bootId().orElse(""),
                    Remedy.of(
                            "Run the other side on another machine or virtual machine; for processes and containers of"
                                    + " this one ask walsafe doctor --probe torture.")));
        } else if (outcome == Outcome.OTHER_DIRECTORY) {
            findings.add(new Finding(
                    Problem.HOSTS_UNTRIED,
                    where,
                    "what was made in one directory was not found in the other within 20 s",
                    Remedy.of("Name the same directory on both hosts, whatever its path is there.")));
        } else if (outcome == Outcome.INCONCLUSIVE) {
            findings.add(new Finding(
                    Problem.HOSTS_UNTRIED,
                    where,
                    why.isEmpty() ? "some experiments did not come to their end" : why,
                    Remedy.of("Take away what stood in the way, and try again.")));
        }
        return findings;
    }
}
