package walsafe.policy;

import java.util.List;
import java.util.Optional;
import walsafe.facts.Facts;
import walsafe.finding.Finding;

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
        Plan plan = new Plan.Refuse(
                new Finding(
                        walsafe.finding.Problem.STORAGE_UNKNOWN, facts.target().asked(), "no rule has looked", "wait"),
                List.of());
        return new Diagnosis(
                facts, intent, Verdict.COULD_NOT_TELL, "nobody has looked", Optional.of(plan), List.of(), List.of());
    }
}
