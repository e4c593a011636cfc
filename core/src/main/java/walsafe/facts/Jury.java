package walsafe.facts;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides from what was seen where we are. It has to be careful: systemd-detect-virt 252 calls a Firecracker machine
 * "docker" because an empty {@code /.dockerenv} was left in its image.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>One signal below 95 never claims an environment; two of different witnesses do.
 *   <li>Each witness against outweighs one witness for. A decisive signal (95 or more) is outweighed only by a decisive
 *       one.
 *   <li>A narrower environment brings its wider one along: who is in Docker is in a container.
 *   <li>Losing a signal for never adds an environment, losing one against never takes one away.
 * </ol>
 */
final class Jury {
    private Jury() {}

    static Set<Environment> verdict(List<Sighting> sightings) {
        Set<Environment> agreed = EnumSet.noneOf(Environment.class);
        for (Environment environment : Environment.values()) {
            if (agreesOn(environment, sightings)) agreed.add(environment);
        }
        return agreed;
    }

    private static boolean agreesOn(Environment environment, List<Sighting> sightings) {
        Set<String> pro = new HashSet<>();
        Set<String> contra = new HashSet<>();
        boolean proved = false;
        boolean denied = false;
        for (Sighting sighting : sightings) {
            if (speaksFor(environment, sighting.signal())) {
                pro.add(sighting.witness());
                proved |= sighting.decisive();
            } else if (speaksAgainst(environment, sighting.signal())) {
                contra.add(sighting.witness());
                denied |= sighting.decisive();
            }
        }
        return !denied && (proved || pro.size() - contra.size() >= 2);
    }

    private static boolean speaksFor(Environment environment, Signal signal) {
        return !signal.against() && (signal.environment() == environment || isWider(environment, signal.environment()));
    }

    /** What denies a container denies a Docker container; what denies Docker says nothing of other containers. */
    private static boolean speaksAgainst(Environment environment, Signal signal) {
        return signal.against() && (signal.environment() == environment || isWider(signal.environment(), environment));
    }

    private static boolean isWider(Environment wide, Environment narrow) {
        return narrow.wider().equals(Optional.of(wide));
    }
}
