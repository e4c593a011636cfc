package walsafe.transfer;

import java.io.IOException;
import java.lang.System.Logger;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import walsafe.custody.Company;
import walsafe.custody.Custody;
import walsafe.facts.Facts;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Weight;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Plan;

/** What is put right before a database is opened: a replacement that was interrupted, and WAL where it must not be. */
public final class BeforeOpening {
    private static final Logger LOG = System.getLogger("walsafe");

    private BeforeOpening() {}

    /**
     * The facts to open with: those given, or new ones if something had to be done. Costs one stat and one decision if
     * nothing has. A database in WAL mode where the plan wants a rollback journal is converted if nothing else is wrong
     * with it and nobody is seen to have it open; this is told once, as a warning.
     *
     * @throws walsafe.finding.WalsafeException if it must not be opened, with what to do
     */
    public static Facts of(Facts facts, Intent intent) throws SQLException {
        try {
            Facts settled = Custody.settled(facts);
            Optional<Plan.Open> wanted = wantsAnotherMode(settled, intent);
            if (wanted.isEmpty() || Company.seen(settled, Set.of()).isPresent()) return settled;
            tell(
                    Conversion.convert(
                            settled, JournalMode.TRUNCATE, intent, wanted.get().vfs(), step -> {}),
                    wanted.get());
            return Facts.gather(settled.target().asked(), Facts.PATIENCE);
        } catch (IOException e) {
            throw new SQLException(facts.target().asked() + " could not be prepared for opening: " + e, e);
        }
    }

    private static Optional<Plan.Open> wantsAnotherMode(Facts facts, Intent intent) {
        Diagnosis diagnosis = Diagnosis.of(facts, intent);
        List<Problem> dangers = diagnosis.findings().stream()
                .filter(finding -> finding.weight() == Weight.DANGER)
                .map(Finding::problem)
                .distinct()
                .toList();
        if (!dangers.equals(List.of(Problem.MODE_UNSAFE_HERE))) return Optional.empty();
        if (!(diagnosis.plan().orElseThrow() instanceof Plan.Open open)) return Optional.empty();
        boolean rollback = open.mode() == Mode.ROLLBACK || open.mode() == Mode.ROLLBACK_DOTFILE;
        return rollback ? Optional.of(open) : Optional.empty();
    }

    private static void tell(Converted converted, Plan.Open plan) {
        LOG.log(
                Logger.Level.WARNING,
                "%s was in WAL mode, and now has a rollback journal as planned (%s): %d frames of its -wal were carried over and proved%s"
                        .formatted(
                                converted.database(),
                                plan.mode().words(),
                                converted.frames(),
                                converted
                                        .kept()
                                        .map(kept -> "; the old files are in " + kept)
                                        .orElse("; no old bytes had to be kept")));
    }
}
