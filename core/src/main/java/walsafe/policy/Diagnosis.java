package walsafe.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import walsafe.facts.DatabaseFacts.Content;
import walsafe.facts.Facts;
import walsafe.facts.Mount;
import walsafe.facts.Target.State;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Weight;

/**
 * What the doctor says: the plan, and every trouble that the facts show, heaviest first. A pure function of facts and
 * intent, like the plan.
 *
 * @param verdict the first word
 * @param headline the first line, without the verdict's word
 * @param plan how to open the database here, or why not to; empty where there is nothing to open ({@code :memory:})
 * @param alternatives what would be allowed if the caller claimed more than was declared
 * @param findings heaviest first
 */
public record Diagnosis(
        Facts facts,
        Intent intent,
        Verdict verdict,
        String headline,
        Optional<Plan> plan,
        List<Alternative> alternatives,
        List<Finding> findings) {
    private static final Set<Problem> DAMAGE =
            Set.of(Problem.NOT_A_DATABASE, Problem.HEADER_IMPOSSIBLE, Problem.SIZE_DISAGREES);

    private static final Set<State> UNSEEABLE =
            Set.of(State.NO_DIRECTORY, State.SYMLINK_LOOP, State.FORBIDDEN, State.SILENT);

    public Diagnosis {
        alternatives = List.copyOf(alternatives);
        findings = List.copyOf(findings);
    }

    /**
     * A claim the caller could make, and the mode it would allow.
     *
     * @param sharing the claim
     * @param mode what the plan would then be
     */
    public record Alternative(Sharing sharing, Mode mode) {}

    /** Decides and examines. Costs microseconds. */
    public static Diagnosis of(Facts facts, Intent intent) {
        if (facts.target().state() == State.MEMORY) return inMemory(facts, intent);
        Plan plan = Policy.decide(facts, intent);
        Case at = Case.of(facts, intent);
        List<Finding> findings = findings(at, plan);
        Verdict verdict = verdict(facts, plan, findings);
        return new Diagnosis(
                facts,
                intent,
                verdict,
                headline(at, plan, verdict, findings),
                Optional.of(plan),
                alternatives(facts, intent, plan),
                findings);
    }

    private static Diagnosis inMemory(Facts facts, Intent intent) {
        String headline = facts.target().asked() + ": a database in memory, gone with its connection; nothing to plan";
        return new Diagnosis(facts, intent, Verdict.SAFE, headline, Optional.empty(), List.of(), List.of());
    }

    private static List<Finding> findings(Case at, Plan plan) {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(CarriedTroubles.of(at));
        if (plan instanceof Plan.Refuse refuse) findings.add(refuse.finding());
        if (plan instanceof Plan.Open open) findings.addAll(open.warnings());
        findings.addAll(PlaceTroubles.of(at));
        findings.addAll(FileTroubles.of(at));
        findings.addAll(ModeTroubles.of(at, plan));
        findings.addAll(HostTroubles.of(at));
        findings.addAll(NeighbourTroubles.of(at));
        findings.addAll(Versions.findings(at));
        findings.sort(Comparator.comparing(Finding::weight));
        return eachOnce(findings);
    }

    /** By hand: {@code distinct()} asks for hash codes, and a record's costs a start longer than all the rules do. */
    private static List<Finding> eachOnce(List<Finding> findings) {
        List<Finding> once = new ArrayList<>();
        for (Finding finding : findings) {
            if (once.stream().noneMatch(told -> tellsTheSame(told, finding))) once.add(finding);
        }
        return List.copyOf(once);
    }

    private static boolean tellsTheSame(Finding one, Finding other) {
        return one.problem() == other.problem()
                && one.where().equals(other.where())
                && one.seen().equals(other.seen())
                && one.remedy().advice().equals(other.remedy().advice());
    }

    private static Verdict verdict(Facts facts, Plan plan, List<Finding> findings) {
        boolean file = facts.target().state() == State.FILE;
        if (file && first(findings, DAMAGE).isPresent()) return Verdict.DAMAGED;
        if (unseeable(facts)) return Verdict.COULD_NOT_TELL;
        if (plan instanceof Plan.Refuse refuse && !Refusal.known(refuse.reasons())) return Verdict.COULD_NOT_TELL;
        if (plan instanceof Plan.Refuse) return Verdict.UNSAFE;
        if (findings.stream().anyMatch(finding -> finding.weight() == Weight.DANGER)) return Verdict.UNSAFE;
        boolean conditional =
                plan instanceof Plan.Open open && !open.conditions().isEmpty();
        return conditional ? Verdict.SAFE_ONLY_IF : Verdict.SAFE;
    }

    /** A file that may not be read can be in any mode, and damaged: a place alone makes nothing safe. */
    private static boolean unseeable(Facts facts) {
        boolean unreadable =
                facts.target().state() == State.FILE && !facts.database().readable();
        return unreadable || UNSEEABLE.contains(facts.target().state());
    }

    private static String headline(Case at, Plan plan, Verdict verdict, List<Finding> findings) {
        return at.where() + ": " + gist(at, plan, verdict, findings) + examined(at.facts());
    }

    /** What decided the verdict, and where. */
    private static String gist(Case at, Plan plan, Verdict verdict, List<Finding> findings) {
        String place = "on " + place(at.facts());
        String openers = ", for " + at.openers().words();
        if (verdict == Verdict.DAMAGED)
            return first(findings, DAMAGE).map(Diagnosis::told).orElse("damaged");
        if (verdict == Verdict.COULD_NOT_TELL && unseeable(at.facts()) && !findings.isEmpty())
            return findings.get(0).seen();
        if (plan instanceof Plan.Refuse refuse) {
            return switch (refuse.finding().problem()) {
                case STORAGE_UNSAFE -> "no journal mode is safe " + place + openers;
                case STORAGE_UNKNOWN -> "whether a journal mode is safe could not be told, " + place + openers;
                default -> title(refuse.finding()) + ", " + place;
            };
        }
        if (verdict == Verdict.UNSAFE) {
            return first(findings, DAMAGE).map(Diagnosis::told).orElseGet(() -> title(findings.get(0)) + ", " + place);
        }
        return ((Plan.Open) plan).mode().words() + " " + place + openers;
    }

    private static Optional<Finding> first(List<Finding> findings, Set<Problem> among) {
        return findings.stream()
                .filter(finding -> among.contains(finding.problem()))
                .findFirst();
    }

    private static String told(Finding finding) {
        return title(finding) + ": " + finding.seen();
    }

    /** The title for the middle of a line. */
    private static String title(Finding finding) {
        String title = finding.problem().title();
        boolean properName = Character.isUpperCase(title.charAt(1));
        return properName ? title : Character.toLowerCase(title.charAt(0)) + title.substring(1);
    }

    private static String place(Facts facts) {
        Optional<Mount> mount = facts.storage().mount();
        if (mount.isEmpty()) return "a storage that could not be found";
        return mount.get().type() + " (" + mount.get().source() + " at "
                + mount.get().point() + ")";
    }

    private static String examined(Facts facts) {
        return facts.database().content() == Content.DATABASE ? " · contents not examined" : "";
    }

    private static List<Alternative> alternatives(Facts facts, Intent intent, Plan plan) {
        boolean certain = plan instanceof Plan.Open open && open.conditions().isEmpty();
        if (certain || intent.sharing() == Sharing.THIS_PROCESS) return List.of();
        List<Alternative> alternatives = new ArrayList<>();
        for (Sharing claim : List.of(Sharing.ONE_HOST, Sharing.THIS_PROCESS)) {
            if (claim == intent.sharing()) continue;
            if (Policy.decide(facts, intent.with(claim)) instanceof Plan.Open open && helps(open, plan)) {
                alternatives.add(new Alternative(claim, open.mode()));
            }
        }
        return alternatives;
    }

    private static boolean helps(Plan.Open claimed, Plan plan) {
        if (plan instanceof Plan.Open open) {
            return claimed.mode() != open.mode()
                    || claimed.conditions().size() < open.conditions().size();
        }
        return claimed.mode() != Mode.READ_ONLY;
    }
}
