package walsafe;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.util.Optional;
import walsafe.facts.Answer;
import walsafe.facts.Facts;
import walsafe.facts.Question;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.sidecar.CleanEnd;
import walsafe.sidecar.Presence;

/** What an open database has beside it: a sign that this process lives, and in the end the stamp that it ended well. */
final class Beside {
    private static final Logger LOG = System.getLogger("walsafe");

    private final Path file;
    private final Facts facts;
    private final Optional<Presence> presence;

    Beside(Path file, Facts facts, Optional<Presence> presence) {
        this.file = file;
        this.facts = facts;
        this.presence = presence;
    }

    /** Nothing is open, and nothing is to be said of the end. */
    void abandoned() {
        presence.ifPresent(Presence::close);
    }

    /** The database was closed in full, and as far as is known nothing went wrong meanwhile. */
    void ended(Plan.Open plan) {
        presence.ifPresent(Presence::close);
        if (plan.mode() == Mode.READ_ONLY) return;
        try {
            CleanEnd.stamp(file, facts, survivesPowerCut(plan));
        } catch (IOException e) {
            LOG.log(
                    Logger.Level.INFO,
                    file + ": no stamp of its clean end could be left, so it is checked when it is opened next: " + e);
        }
    }

    /** Otherwise the file may look whole after a power cut and not be. */
    private boolean survivesPowerCut(Plan.Open plan) {
        boolean synchronised = plan.pragmas().stream()
                .noneMatch(pragma ->
                        pragma.name().equals("synchronous") && pragma.value().equalsIgnoreCase("off"));
        return synchronised
                && facts.storage().answers().within(Question.SYNC_IS_KEPT).verdict() != Answer.Verdict.NO;
    }
}
