package walsafe.policy;

import static walsafe.facts.Answer.Verdict.NO;
import static walsafe.facts.Answer.Verdict.UNKNOWN;
import static walsafe.facts.Answer.Verdict.YES;
import static walsafe.policy.Mode.READ_ONLY;
import static walsafe.policy.Mode.ROLLBACK;
import static walsafe.policy.Mode.ROLLBACK_DOTFILE;
import static walsafe.policy.Mode.WAL;
import static walsafe.policy.Mode.WAL_ALONE;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import walsafe.facts.Answer;
import walsafe.facts.Answers;
import walsafe.facts.Evidence;
import walsafe.facts.Facts;
import walsafe.facts.Neighbour;
import walsafe.facts.Question;
import walsafe.facts.Reach;
import walsafe.facts.Sign;
import walsafe.facts.Signs;
import walsafe.facts.StorageClass;
import walsafe.facts.Target.State;

/**
 * The rules, and the one function that applies them.
 *
 * <p>Every mode is allowed until a rule forbids it; the boldest that is left becomes the plan. A rule sees one case and
 * may strike out modes. It can never add one, so rules need not know of each other, their order cannot matter, and
 * knowing something worse can never make a plan bolder. What a mode needs is taken from SQLite's documents (wal.html,
 * lockingv3.html, howtocorrupt.html) and from what storages were seen to do ({@code docs/knowledge}).
 */
public final class Policy {
    private static final Set<Mode> EVERY_MODE = EnumSet.allOf(Mode.class);
    private static final Set<Mode> WRITING = EnumSet.complementOf(EnumSet.of(READ_ONLY));
    private static final Set<Mode> BYTE_RANGE_LOCKED = EnumSet.of(WAL, ROLLBACK);
    private static final Set<Mode> SHARED_WRITING = EnumSet.of(WAL, ROLLBACK, ROLLBACK_DOTFILE);

    /** Where the lab saw {@code unix-dotfile} keep every row. It corrupted NFS, virtiofs and shared folders. */
    private static final Set<String> DOT_FILES_PROVED = Set.of("cifs", "smb3");

    /** What two hosts can say yes to; docs/decisions/0022-what-two-hosts-prove.md. */
    private static final Set<Question> SHOWN_ACROSS = EnumSet.of(
            Question.LOCKS_EXCLUDE,
            Question.LOCKS_UPGRADE,
            Question.READS_ARE_FRESH,
            Question.NAMES_ARE_FRESH,
            Question.MEMORY_IS_SHARED);

    // Rules that others ask for by name.
    static final String SET_TOGETHER = "the-set-must-stay-together";
    static final String ONE_VIEW = "there-must-be-one-view";
    static final String IMMUTABLE = "immutable-needs-that-nobody-writes";
    static final String WRITABLE_PLACE = "writing-needs-a-writable-place";
    static final String OTHERS_PRESENT = "who-shows-itself-is-reckoned-with";
    private static final String LAB = "docs/knowledge/lab.md";

    static final List<Rule> RULES = List.of(
            Policy::thePlaceMustAnswer,
            Policy::thePlaceMustHoldFiles,
            Policy::theSetMustStayTogether,
            Policy::thereMustBeOneView,
            Policy::writingNeedsAWritablePlace,
            Policy::immutableNeedsThatNobodyWrites,
            needs("sharing-needs-locks-that-exclude", Question.LOCKS_EXCLUDE, BYTE_RANGE_LOCKED),
            needs("writing-needs-locks-that-upgrade", Question.LOCKS_UPGRADE, BYTE_RANGE_LOCKED),
            forbiddenBy("no-lock-that-upgrades-no-exclusive-lock", Question.LOCKS_UPGRADE, EnumSet.of(WAL_ALONE)),
            forbiddenBy("locks-must-die-with-their-owner", Question.LOCKS_DIE_WITH_OWNER, BYTE_RANGE_LOCKED),
            needs("sharing-needs-fresh-reads", Question.READS_ARE_FRESH, BYTE_RANGE_LOCKED),
            forbiddenBy("a-hot-journal-must-be-seen", Question.NAMES_ARE_FRESH, BYTE_RANGE_LOCKED),
            needs("wal-needs-shared-memory", Question.MEMORY_IS_SHARED, EnumSet.of(WAL)),
            needs("wal-needs-one-page-cache", Question.ONE_PAGE_CACHE, EnumSet.of(WAL)),
            Policy::walNeedsOneKernel,
            Policy::walNeedsASoundSqlite,
            Policy::dotFilesOnlyWhereProved,
            forbiddenBy("dot-files-need-fresh-reads", Question.READS_ARE_FRESH, EnumSet.of(ROLLBACK_DOTFILE)),
            Policy::othersMustGetIn,
            Policy::whoShowsItselfIsReckonedWith,
            Policy::claimsMustBePossible);

    private Policy() {}

    /** Looks at a case and may strike out modes. */
    @FunctionalInterface
    interface Rule {
        Optional<Reason> apply(Case at);
    }

    /** Same facts and same intent, same plan. Costs microseconds. */
    public static Plan decide(Facts facts, Intent intent) {
        return decide(facts, intent, RULES);
    }

    /**
     * Could an experiment that the intent allows make the plan better? Only where something is unknown, the file is or can
     * be there, and a yes to all that is unknown would give another mode or fewer conditions. False once experiments have
     * spoken. Costs two decisions.
     */
    public static boolean worthTrying(Facts facts, Intent intent) {
        if (triedAmong(Evidence.Scope.WITHIN, facts) || !canBeTried(facts)) return false;
        return decide(facts.with(hoped(intent)), intent) instanceof Plan.Open best
                && best.mode() != READ_ONLY
                && !(decide(facts, intent) instanceof Plan.Open now
                        && now.mode() == best.mode()
                        && now.conditions().size() <= best.conditions().size());
    }

    private static boolean triedAmong(Evidence.Scope openers, Facts facts) {
        return facts.evidence().stream().anyMatch(shown -> shown.scope() == openers);
    }

    /**
     * Could two hosts that try the place together give another plan, or one that rests on more? Not where knowledge has
     * convicted, and no more once they have.
     */
    static boolean worthMeeting(Case at) {
        boolean several = at.openers() == Case.Openers.SEVERAL_DOMAINS;
        if (!several || triedAmong(Evidence.Scope.ACROSS, at.facts()) || !canBeTried(at.facts())) return false;
        List<Evidence> hoped = new ArrayList<>(hoped(at.intent().with(Intent.Probing.TORTURE)));
        Answer yes = new Answer(YES, "hoped for", "nobody");
        for (Question question : SHOWN_ACROSS) {
            hoped.add(new Evidence(question, Evidence.Scope.ACROSS, "nothing yet", yes));
        }
        return decide(at.facts().with(hoped), at.intent()) instanceof Plan.Open best
                && best.mode() != READ_ONLY
                && !(decide(at.facts(), at.intent()) instanceof Plan.Open now
                        && now.mode() == best.mode()
                        && now.conditions().equals(best.conditions()));
    }

    private static boolean canBeTried(Facts facts) {
        State state = facts.target().state();
        boolean named = state == State.FILE || state == State.MISSING;
        boolean readOnly =
                facts.storage().mount().stream().anyMatch(mount -> mount.mountReadOnly() || mount.superblockReadOnly());
        return named && !readOnly && facts.database().directoryWritable();
    }

    /** The best that could come out; of what knowledge has convicted nothing is acquitted by it. */
    private static List<Evidence> hoped(Intent intent) {
        Answer yes = new Answer(YES, "hoped for", "nobody");
        return intent.probing().answerable().stream()
                .map(question -> new Evidence(question, Evidence.Scope.WITHIN, "nothing yet", yes))
                .toList();
    }

    static Plan decide(Facts facts, Intent intent, List<Rule> rules) {
        Case at = Case.of(facts, intent);
        List<Reason> reasons =
                rules.stream().flatMap(rule -> rule.apply(at).stream()).toList();
        Set<Mode> allowed = EnumSet.copyOf(EVERY_MODE);
        reasons.forEach(reason -> allowed.removeAll(reason.forbids()));
        return allowed.stream()
                .max(Mode::compareTo)
                .<Plan>map(boldest -> Opening.plan(at, boldest, allowed, reasons))
                .orElseGet(() -> new Plan.Refuse(Refusal.finding(at, reasons), reasons));
    }

    /** Forbids unless the answer is yes: these modes lose rows where it is no, and nobody knows where it is unknown. */
    private static Rule needs(String name, Question question, Set<Mode> modes) {
        return at -> {
            Answer answer = at.answer(question);
            if (answer.verdict() == YES) return Optional.empty();
            return Optional.of(quote(name, modes, answer));
        };
    }

    /** Forbids only if the answer is no; an unknown becomes a condition of the plan. */
    private static Rule forbiddenBy(String name, Question question, Set<Mode> modes) {
        return at -> {
            Answer answer = at.answer(question);
            return answer.verdict() == NO ? Optional.of(quote(name, modes, answer)) : Optional.empty();
        };
    }

    private static Reason quote(String name, Set<Mode> modes, Answer answer) {
        return new Reason(name, modes, answer.because(), answer.source(), answer.verdict() != UNKNOWN);
    }

    private static Optional<Reason> thePlaceMustAnswer(Case at) {
        if (at.facts().target().state() != State.SILENT) return Optional.empty();
        return Optional.of(new Reason(
                "the-place-must-answer", EVERY_MODE, "the storage did not answer in time", "walsafe", false));
    }

    private static Optional<Reason> thePlaceMustHoldFiles(Case at) {
        boolean holds = at.kind() != StorageClass.SPECIAL && at.kind() != StorageClass.OBJECT_STORE;
        return forbidUnless(
                holds,
                "the-place-must-hold-files",
                EVERY_MODE,
                at.filesystem() + " is " + at.kind().words(),
                "docs/knowledge/README.md#filesystemstsv");
    }

    /** A journal that a container loses while its database lives on cannot be rolled back. */
    private static Optional<Reason> theSetMustStayTogether(Case at) {
        return forbidUnless(
                at.facts().storage().splitMount().isEmpty(),
                SET_TOGETHER,
                WRITING,
                "the file alone is mounted here, so its -wal and -journal would lie on another storage",
                "https://www.sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use");
    }

    private static Optional<Reason> thereMustBeOneView(Case at) {
        var views = at.facts().storage().views();
        boolean met = at.facts().neighbours().others().stream().anyMatch(Neighbour::otherDomain);
        if (!met && (at.alone() || views.isEmpty())) return Optional.empty();
        String other = views.isEmpty()
                ? "another mount"
                : views.get(0).path() + ", " + views.get(0).relation();
        return forbidUnless(
                false,
                ONE_VIEW,
                met ? EnumSet.of(WAL, WAL_ALONE, ROLLBACK, ROLLBACK_DOTFILE) : SHARED_WRITING,
                "the same file can be reached as " + other + ", with locks and pages of its own",
                "docs/knowledge/one-kernel.md#two-views-of-one-directory");
    }

    private static Optional<Reason> writingNeedsAWritablePlace(Case at) {
        return forbidUnless(
                !at.mountReadOnly() && !at.superblockReadOnly(),
                WRITABLE_PLACE,
                WRITING,
                at.superblockReadOnly() ? "the filesystem is mounted read-only" : "it is mounted read-only here",
                "/proc/self/mountinfo");
    }

    private static Optional<Reason> immutableNeedsThatNobodyWrites(Case at) {
        boolean nobodyWrites = at.superblockReadOnly() && at.reach() == Reach.THIS_SUPERBLOCK;
        if (nobodyWrites && !FileTroubles.somethingToReplay(at.facts().database())) return Optional.empty();
        return forbidUnless(
                false,
                IMMUTABLE,
                EnumSet.of(READ_ONLY),
                nobodyWrites
                        ? "rows in the -wal or -journal beside it would be ignored"
                        : "the file can still be written, here or by others",
                "https://www.sqlite.org/uri.html#uriimmutable");
    }

    /** Measured on every network filesystem: from one host everything looks safe, and the second host destroys it. */
    private static Optional<Reason> walNeedsOneKernel(Case at) {
        boolean oneKernel = at.reach() == Reach.THIS_SUPERBLOCK || at.reach() == Reach.THIS_KERNEL;
        if (oneKernel) return Optional.empty();
        boolean known = at.reach() == Reach.OTHER_KERNELS;
        String because = known
                ? "other machines can reach " + at.filesystem()
                        + ", and one that merely reads can destroy a WAL database"
                : "who else can reach this storage could not be told";
        return Optional.of(new Reason(
                "wal-needs-one-kernel", EnumSet.of(WAL), because, LAB + "#a-second-host-that-only-reads", known));
    }

    private static Optional<Reason> walNeedsASoundSqlite(Case at) {
        return Versions.walBug(at.facts())
                .map(bug -> new Reason("wal-needs-a-sound-sqlite", EnumSet.of(WAL), bug.seen(), bug.source(), true));
    }

    private static Optional<Reason> dotFilesOnlyWhereProved(Case at) {
        boolean proved = DOT_FILES_PROVED.contains(at.filesystem())
                && at.facts().storage().mount().stream().noneMatch(mount -> mount.has("nobrl"));
        return forbidUnless(
                proved,
                "dot-files-only-where-proved",
                EnumSet.of(ROLLBACK_DOTFILE),
                "dot-file locks kept every row on default SMB only; they corrupted NFS, virtiofs and shared folders",
                LAB + "#rollback-journal");
    }

    private static Optional<Reason> othersMustGetIn(Case at) {
        return forbidUnless(
                at.alone(),
                "others-must-get-in",
                EnumSet.of(WAL_ALONE),
                "the file is shared with " + at.openers().words(),
                "https://www.sqlite.org/pragma.html#pragma_locking_mode");
    }

    /** One other process may be the one that asks, seen by a doctor; two contradict "this process alone". */
    private static Optional<Reason> claimsMustBePossible(Case at) {
        List<Neighbour> others = at.facts().neighbours().others();
        return forbidUnless(
                !at.alone() || others.size() < 2,
                "claims-must-be-possible",
                EnumSet.of(WAL_ALONE),
                others.size() + " processes have it open now: pid "
                        + others.stream()
                                .map(process -> Long.toString(process.pid()))
                                .collect(Collectors.joining(", ")),
                "/proc");
    }

    /**
     * A sign is evidence of somebody who shares neither our locks nor our pages, whatever was claimed. A rollback journal
     * is left where locks and reads are known to work for all who can reach the storage.
     */
    private static Optional<Reason> whoShowsItselfIsReckonedWith(Case at) {
        List<Sign> vetoing = vetoing(at);
        if (vetoing.isEmpty()) return Optional.empty();
        Sign sign = vetoing.get(0);
        boolean lives = sign.life() == Sign.Life.LIVES;
        Set<Mode> forbidden = EnumSet.of(WAL, WAL_ALONE, READ_ONLY);
        if (!locksWorkForAll(at.facts().answers())) forbidden.add(ROLLBACK);
        return Optional.of(new Reason(
                OTHERS_PRESENT,
                forbidden,
                sign.words() + (lives ? " shows that it works here" : " left a sign here, and may be working still"),
                "docs/decisions/0014-a-sign-can-only-forbid.md",
                lives));
    }

    /** The signs that have to be reckoned with, those that are known to live first. */
    static List<Sign> vetoing(Case at) {
        return Signs.foreign(at.facts().neighbours().signs()).stream()
                .filter(Sign::vetoes)
                .toList();
    }

    private static boolean locksWorkForAll(Answers answers) {
        return answers.across(Question.LOCKS_EXCLUDE).verdict() == YES
                && answers.across(Question.LOCKS_UPGRADE).verdict() == YES
                && answers.across(Question.READS_ARE_FRESH).verdict() == YES
                && answers.across(Question.LOCKS_DIE_WITH_OWNER).verdict() != NO
                && answers.across(Question.NAMES_ARE_FRESH).verdict() != NO;
    }

    private static Optional<Reason> forbidUnless(
            boolean fine, String name, Set<Mode> modes, String because, String source) {
        return fine ? Optional.empty() : Optional.of(new Reason(name, modes, because, source, true));
    }
}
