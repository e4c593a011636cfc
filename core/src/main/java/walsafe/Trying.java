package walsafe;

import walsafe.facts.Facts;
import walsafe.policy.Intent;
import walsafe.policy.Policy;
import walsafe.probe.Budget;
import walsafe.probe.Memory;
import walsafe.probe.Probe;

/** Asks the place by experiment where knowledge is silent, an answer could better the plan, and the intent allows it. */
final class Trying {
    private Trying() {}

    static Facts where(Facts facts, Intent intent) {
        if (!Policy.worthTrying(facts, intent)) return facts;
        Budget budget = intent.probing() == Intent.Probing.TORTURE ? Budget.TORTURE : Budget.GLANCE;
        return Probe.tried(facts, budget, Memory.ofThisUser());
    }
}
