package walsafe.policy;

import static walsafe.policy.Mode.ROLLBACK;
import static walsafe.policy.Mode.ROLLBACK_DOTFILE;
import static walsafe.policy.Mode.WAL;
import static walsafe.policy.Mode.WAL_ALONE;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import walsafe.facts.Answer;
import walsafe.facts.DatabaseFacts.Content;
import walsafe.facts.Question;
import walsafe.facts.Storage.Found;
import walsafe.facts.StorageClass;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;

/** Turns the boldest mode that is allowed into a plan: its settings, its conditions, its warnings. */
final class Opening {
    private static final Set<Question> LOCKED = EnumSet.of(
            Question.LOCKS_EXCLUDE,
            Question.LOCKS_UPGRADE,
            Question.LOCKS_DIE_WITH_OWNER,
            Question.READS_ARE_FRESH,
            Question.NAMES_ARE_FRESH);

    /** What a mode rests on, so far as experiments can show it. */
    private static final Map<Mode, Set<Question>> NEEDED = Map.of(
            ROLLBACK, LOCKED,
            WAL_ALONE, EnumSet.of(Question.LOCKS_UPGRADE),
            WAL, EnumSet.complementOf(EnumSet.of(Question.SYNC_IS_KEPT)));

    private Opening() {}

    static Plan.Open plan(Case at, Mode boldest, Set<Mode> allowed, List<Reason> reasons) {
        Settings settings = Settings.of(at, boldest, allowed);
        List<Finding> warnings = new ArrayList<>(settings.refused());
        warnings.addAll(durabilityWarnings(at));
        String vfs = settings.mode() == ROLLBACK_DOTFILE ? "unix-dotfile" : "";
        return new Plan.Open(
                settings.mode(), vfs, settings.pragmas(), conditions(at, settings.mode()), warnings, reasons);
    }

    /** What nobody could prove, and the plan rests on. */
    private static List<String> conditions(Case at, Mode mode) {
        List<String> conditions = new ArrayList<>();
        boolean locked = mode == WAL || mode == ROLLBACK;
        if (locked) unknownBecomesCondition(at, Question.LOCKS_DIE_WITH_OWNER, conditions);
        if (locked) unknownBecomesCondition(at, Question.NAMES_ARE_FRESH, conditions);
        if (NEEDED.getOrDefault(mode, Set.of()).stream().anyMatch(at::onlyTried)) {
            conditions.add("the storage always does what it did when it was tried, which no experiment can prove");
        }
        if (locked
                && at.openers() == Case.Openers.SEVERAL_DOMAINS
                && at.filesystem().startsWith("nfs")) {
            conditions.add(
                    "every host that mounts it has a host name of its own: two alike were granted each other's locks");
        }
        if (mode == ROLLBACK_DOTFILE && !at.alone()) {
            conditions.add("every program opens it with vfs=unix-dotfile: one that does not ignores the others' locks");
            conditions.add("a directory that the server has made is still there after the server has crashed: it is the lock");
        }
        if (at.facts().database().hardLinks() > 1 && !at.alone()) {
            conditions.add("nobody opens it by another of its %d names"
                    .formatted(at.facts().database().hardLinks()));
        }
        if (mode.compareTo(WAL_ALONE) < 0 && at.facts().database().content() == Content.NOT_READ) {
            conditions.add("the database is not in WAL mode now, which could not be read");
        }
        if (at.facts().storage().found() == Found.FILE_STORE
                && at.facts().host().linux()) {
            conditions.add("the mount is what Java's FileStore says it is, which is wrong for stacked mounts");
        }
        if (commitsMayVanish(at)) conditions.add(unkeptSyncIsAcceptable(at));
        return conditions;
    }

    private static void unknownBecomesCondition(Case at, Question question, List<String> conditions) {
        Answer answer = at.answer(question);
        if (answer.verdict() == Answer.Verdict.UNKNOWN)
            conditions.add(whatHasToHold(question) + ": " + answer.because());
    }

    private static String whatHasToHold(Question question) {
        return question == Question.NAMES_ARE_FRESH
                ? "the journal of a host that crashed is seen by the others before they read"
                : "a lock lives exactly as long as the process or host that holds it";
    }

    /** A caller who may lose the last commits can live with memory; with a disk that reorders nobody can. */
    private static boolean commitsMayVanish(Case at) {
        boolean vanish = at.answer(Question.SYNC_IS_KEPT).verdict() == Answer.Verdict.NO;
        boolean accepted = at.intent().durability() == Intent.Durability.MAY_LOSE_LAST_COMMITS
                && at.kind() == StorageClass.VOLATILE;
        return vanish && !accepted;
    }

    private static String unkeptSyncIsAcceptable(Case at) {
        return at.kind() == StorageClass.VOLATILE
                ? "losing the whole database at unmount or restart is acceptable"
                : "a power cut may cost commits or the whole database";
    }

    private static List<Finding> durabilityWarnings(Case at) {
        Answer sync = at.answer(Question.SYNC_IS_KEPT);
        if (sync.verdict() != Answer.Verdict.NO) return List.of();
        boolean inMemory = at.kind() == StorageClass.VOLATILE;
        return List.of(new Finding(
                inMemory ? Problem.STORAGE_VOLATILE : Problem.SYNC_NOT_KEPT,
                at.where(),
                sync.because(),
                Remedy.of(
                        inMemory
                                ? "Put the database on a disk if it must outlive a restart."
                                : "Remount without that option, or put the database on another disk.")));
    }
}
