package walsafe;

import java.util.stream.Collectors;
import walsafe.facts.Facts;
import walsafe.policy.Objection;
import walsafe.policy.Plan;

/** The one line that is logged when a database has been opened. */
final class Telling {
    private Telling() {}

    /** Place, mode, and why nothing bolder. */
    static String opened(Facts facts, Plan.Open plan) {
        String because = plan.objections().stream()
                .map(Objection::reason)
                .map(reason -> reason.because())
                .distinct()
                .collect(Collectors.joining("; "));
        return "%s opened: %s on %s%s"
                .formatted(
                        facts.target().asked(),
                        plan.mode().words(),
                        facts.storage().filesystem(),
                        because.isEmpty() ? "" : ", because " + because);
    }
}
