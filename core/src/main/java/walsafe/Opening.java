package walsafe;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import walsafe.facts.Facts;
import walsafe.facts.Signpost;
import walsafe.facts.StorageClass;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.format.DatabaseFile;
import walsafe.format.Header;
import walsafe.guard.Guard;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Verdict;

/** The steps between the facts about a place and a database that is open there; each may end it with a finding. */
final class Opening {
    private static final Logger LOG = System.getLogger("walsafe");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Path file;
    private final Facts facts;
    private final Intent intent;

    Opening(Path file, Facts facts, Intent intent) {
        this.file = file;
        this.facts = facts;
        this.intent = intent;
    }

    Handles.Opened open() throws SQLException {
        Plan.Open plan = plan();
        try {
            Guard guard = onceNobodyReadsItsBytes(() -> Guard.open(file, plan, proved()));
            mustNotHaveBeenCarriedAway(guard);
            tell(plan);
            return new Handles.Opened(facts, guard);
        } catch (IOException e) {
            throw new SQLException(file + " could not be prepared for opening: " + e.getMessage(), e);
        }
    }

    /** Once more, now that others see that it is open: a signpost may have been left since it was looked at. */
    private void mustNotHaveBeenCarriedAway(Guard guard) {
        if (Signpost.beside(file).isEmpty()) return;
        guard.close();
        throw new WalsafeException(new Finding(
                Problem.CARRIED_ELSEWHERE,
                file.toString(),
                "its data was carried to another place at this moment",
                Remedy.of("Open it again; what was found then says where.")));
    }

    private void tell(Plan.Open plan) {
        LOG.log(Logger.Level.INFO, Telling.opened(facts, plan));
        plan.conditions().forEach(condition -> LOG.log(Logger.Level.WARNING, file + ": safe only if " + condition));
        plan.warnings().forEach(warning -> LOG.log(Logger.Level.WARNING, warning.toString()));
    }

    private interface GuardOpening {
        Guard open() throws SQLException, IOException;
    }

    /** Another thread may be looking at the same file before it opens it, or for the doctor; that takes milliseconds. */
    private static Guard onceNobodyReadsItsBytes(GuardOpening opening) throws SQLException, IOException {
        long start = System.nanoTime();
        while (true) {
            try {
                return opening.open();
            } catch (DatabaseFile.Refused e) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) throw e;
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
        }
    }

    private Plan.Open plan() {
        Diagnosis diagnosis = Diagnosis.of(facts, intent);
        if (diagnosis.verdict() == Verdict.DAMAGED || diagnosis.verdict() == Verdict.UNSAFE) refuse(diagnosis);
        if (!(diagnosis.plan().orElseThrow() instanceof Plan.Open open)) throw refuse(diagnosis);
        return switchesUnderNeighbours(open) ? keepingTheMode() : open;
    }

    private static WalsafeException refuse(Diagnosis diagnosis) {
        throw new WalsafeException(diagnosis.findings().get(0));
    }

    /** From WAL to a rollback journal is refused as WS305 before this; the other way asks that nobody be there. */
    private boolean switchesUnderNeighbours(Plan.Open plan) {
        boolean toWal = plan.mode() == Mode.WAL || plan.mode() == Mode.WAL_ALONE;
        boolean fromWal = facts.database().header().map(Header::wal).orElse(toWal);
        return toWal && !fromWal && !facts.neighbours().others().isEmpty();
    }

    private Plan.Open keepingTheMode() {
        String where = facts.target().asked();
        Finding blocked = new Finding(
                Problem.MODE_CHANGE_BLOCKED,
                where,
                "the plan is WAL, and pid " + facts.neighbours().others().get(0).pid() + " has the database open",
                Remedy.of(
                        "Stop that program once and open the database with walsafe; until then it stays in its mode."));
        Diagnosis other = Diagnosis.of(facts, intent.wishing("journal_mode", "truncate"));
        if (other.plan().orElseThrow() instanceof Plan.Open open && open.mode() == Mode.ROLLBACK) {
            LOG.log(Logger.Level.WARNING, blocked.toString());
            return open;
        }
        throw new WalsafeException(blocked);
    }

    /** On a disk of this machine WAL is known to work; elsewhere it is tried on a scratch database first. */
    private boolean proved() {
        StorageClass kind = facts.storage().kind();
        return kind == StorageClass.LOCAL || kind == StorageClass.VOLATILE;
    }
}
