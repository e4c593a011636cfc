package walsafe;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import walsafe.facts.DatabaseFacts.Content;
import walsafe.facts.Facts;
import walsafe.facts.Sign;
import walsafe.facts.Signpost;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.format.DatabaseFile;
import walsafe.format.Header;
import walsafe.guard.Guard;
import walsafe.guard.QuickCheck;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Sharing;
import walsafe.policy.Verdict;
import walsafe.sidecar.CleanEnd;
import walsafe.sidecar.Presence;
import walsafe.sidecar.Twins;
import walsafe.sidecar.Watch;

/** The steps between the facts about a place and a database that is open there; each may end it with a finding. */
final class Opening {
    private static final Logger LOG = System.getLogger("walsafe");
    private static final Set<Problem> SIGNS = EnumSet.of(Problem.OTHERS_PRESENT, Problem.SUSPECT_SIGN);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Path file;
    private final Intent intent;
    private Facts facts; // sharpened by each look

    Opening(Path file, Facts facts, Intent intent) {
        this.file = file;
        this.facts = facts;
        this.intent = intent;
    }

    Handles.Opened open() throws SQLException {
        watchWhoeverMatters();
        Beside beside = new Beside(file, facts, sign(plan()));
        boolean opened = false;
        try {
            lookAgain();
            Plan.Open plan = plan();
            mustNotShareItsName(plan);
            check(plan);
            if (plan.mode() != Mode.READ_ONLY) CleanEnd.forget(file);
            Guard guard = onceNobodyReadsItsBytes(() -> Guard.open(file, plan, local()));
            mustNotHaveBeenCarriedAway(guard);
            opened = true;
            tell(plan);
            return new Handles.Opened(facts, guard, Optional.of(beside));
        } catch (SQLException e) {
            throw Unopened.told(e, file, facts, intent);
        } catch (IOException e) {
            throw new SQLException(file + " could not be prepared for opening: " + e, e);
        } finally {
            if (!opened) beside.abandoned();
        }
    }

    /** Takes up to {@link Watch#PATIENCE}, and only if it depends on a sign whether or how the database is opened. */
    private void watchWhoeverMatters() {
        List<Sign> signs = facts.neighbours().signs();
        if (signs.stream().map(Opening::asIfItDied).toList().equals(signs)) return;
        Facts ifTheyDied = facts.seeing(signs.stream().map(Opening::asIfItDied).toList());
        if (outcome(facts).equals(outcome(ifTheyDied))) return;
        LOG.log(
                Logger.Level.INFO,
                file + ": a process of another machine or mount has left its sign; it is watched for up to "
                        + Watch.PATIENCE.toSeconds() + " s");
        facts = facts.seeing(Watch.of(file, facts));
    }

    private static Sign asIfItDied(Sign sign) {
        return sign.foreign() && sign.life() == Sign.Life.UNTOLD ? sign.with(Sign.Life.SUSPECT) : sign;
    }

    private Optional<Mode> outcome(Facts seen) {
        Diagnosis diagnosis = Diagnosis.of(seen, intent);
        boolean refused = diagnosis.verdict() == Verdict.DAMAGED || diagnosis.verdict() == Verdict.UNSAFE;
        return !refused && diagnosis.plan().orElseThrow() instanceof Plan.Open open
                ? Optional.of(open.mode())
                : Optional.empty();
    }

    private Optional<Presence> sign(Plan.Open plan) {
        boolean wanted = intent.presence() == Intent.Presence.SHOWN
                && intent.sharing() != Sharing.THIS_PROCESS
                && plan.mode() != Mode.READ_ONLY
                && Presence.useful(facts);
        if (!wanted) return Optional.empty();
        try {
            return Optional.of(Presence.show(file, facts));
        } catch (IOException e) {
            LOG.log(Logger.Level.INFO, file + ": no sign of this process could be left for other machines: " + e);
            return Optional.empty();
        }
    }

    /** Of two that come at the same moment, at least one sees the other: each shows itself before it looks again. */
    private void lookAgain() {
        facts = facts.seeing(Watch.again(file, facts));
        watchWhoeverMatters();
    }

    /** Two hosts of one name write at once in spite of their locks: the later of the two does not open. */
    private void mustNotShareItsName(Plan.Open plan) {
        if (plan.mode() != Mode.ROLLBACK || intent.sharing() == Sharing.THIS_PROCESS) return;
        Optional<Sign> twin = Twins.of(file, facts);
        if (twin.isEmpty()) return;
        String name = facts.host().name().orElse("");
        throw new WalsafeException(new Finding(
                Problem.NAMES_CLASH,
                file.toString(),
                twin.get().words() + " lives and works with this database, its host bears the name of this one, " + name
                        + ", and the lock that it holds was granted to this process as well",
                Remedy.of(
                        "Give each host that mounts this storage a name of its own, or an nfs4_unique_id, unmount and mount"
                                + " it again, and open the database then. Until then let only one of the two use it.",
                        "hostname",
                        "cat /sys/module/nfs/parameters/nfs4_unique_id")));
    }

    private void check(Plan.Open plan) throws SQLException, IOException {
        if (!checkIsDue(plan)) return;
        Optional<Finding> finding = onceNobodyReadsItsBytes(() -> QuickCheck.run(file, plan));
        if (finding.isEmpty()) return;
        if (finding.get().problem() == Problem.DAMAGE_FOUND)
            throw new WalsafeException(withItsConsequence(finding.get()));
        LOG.log(Logger.Level.INFO, finding.get().toString());
    }

    private boolean checkIsDue(Plan.Open plan) {
        Content content = facts.database().content();
        if (intent.checkAtOpen() == Intent.CheckAtOpen.NEVER) return false;
        if (content == Content.NONE || content == Content.EMPTY) return false;
        if (intent.checkAtOpen() == Intent.CheckAtOpen.ALWAYS) return true;
        return plan.mode() != Mode.READ_ONLY && !somebodyHasItOpen() && !CleanEnd.proved(file, facts);
    }

    /** Whoever lives has not ended uncleanly: a -wal of theirs is no trace of a crash. */
    private boolean somebodyHasItOpen() {
        return !facts.neighbours().processes().isEmpty()
                || !facts.neighbours().unseenHolders().isEmpty()
                || facts.neighbours().signs().stream().anyMatch(Opening::ofAnotherWhoLives);
    }

    private Finding withItsConsequence(Finding damage) {
        String consequence = intent.onDamage() == Intent.OnDamage.REFUSE
                ? "it was not opened"
                : "it was not opened: Intent.onDamage " + intent.onDamage()
                        + " comes with recovery, and nothing was moved";
        return new Finding(damage.problem(), damage.where(), damage.seen() + "; " + consequence, damage.remedy());
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
        Diagnosis.of(facts, intent).findings().stream()
                .filter(finding -> SIGNS.contains(finding.problem()))
                .forEach(finding -> LOG.log(Logger.Level.WARNING, finding.toString()));
    }

    private interface Step<T> {
        T run() throws SQLException, IOException;
    }

    /** Another thread may be looking at the same file before it opens it, or for the doctor; that takes milliseconds. */
    private static <T> T onceNobodyReadsItsBytes(Step<T> step) throws SQLException, IOException {
        long start = System.nanoTime();
        while (true) {
            try {
                return step.run();
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
        return toWal && !fromWal && company().isPresent();
    }

    /** Somebody who is seen to have it open, or whose sign says that he lives. */
    private Optional<String> company() {
        return facts.neighbours().others().stream()
                .map(process -> "pid " + process.pid())
                .findFirst()
                .or(() -> facts.neighbours().signs().stream()
                        .filter(Opening::ofAnotherWhoLives)
                        .map(Sign::words)
                        .findFirst());
    }

    private static boolean ofAnotherWhoLives(Sign sign) {
        return sign.life() == Sign.Life.LIVES && sign.origin() != Sign.Origin.THIS_PROCESS;
    }

    private Plan.Open keepingTheMode() {
        String where = facts.target().asked();
        Finding blocked = new Finding(
                Problem.MODE_CHANGE_BLOCKED,
                where,
                "the plan is WAL, and " + company().orElse("somebody") + " has the database open",
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
    private boolean local() {
        return facts.storage().kind().ofThisMachine();
    }
}
