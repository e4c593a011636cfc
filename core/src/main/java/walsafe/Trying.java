package walsafe;

import walsafe.facts.Facts;
import walsafe.policy.Intent;
import walsafe.policy.Policy;
import walsafe.probe.Budget;
import walsafe.probe.Encounters;
import walsafe.probe.Memory;
import walsafe.probe.Probe;

/**
 * What was shown of the place: by this host and others together, as far as that is remembered, and by experiments made now,
 * where knowledge is silent, an answer could better the plan, and the intent allows it.
 */
final class Trying {
    private Trying() {}

    static Facts where(Facts found, Intent intent) {
        Facts facts = Encounters.ofThisUser().remembered(found);
        if (!Policy.worthTrying(facts, intent)) return facts;
        Budget budget = intent.probing() == Intent.Probing.TORTURE ? Budget.TORTURE : Budget.GLANCE;
        return Probe.tried(facts, budget, Memory.ofThisUser());
    }
}
