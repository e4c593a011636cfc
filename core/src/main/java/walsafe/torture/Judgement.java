package walsafe.torture;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import walsafe.facts.Facts;
import walsafe.facts.Mount;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Policy;
import walsafe.policy.Reason;
import walsafe.policy.Verdict;
import walsafe.torture.Report.Counts;
import walsafe.torture.Report.Outcome;
import walsafe.words.Amount;

/** What is made of the numbers. The experiment convicts; for anything better, knowledge has to agree. */
final class Judgement {
    private static final int ENOUGH_COMMITS = 20;

    private final Ordeal ordeal;
    private final Facts facts;
    private final Optional<Means> means;
    private final Tally tally;
    private final List<String> leftovers;
    private final Counts counts;
    private final List<String> doubts;
    private final Outcome outcome;

    Judgement(Ordeal ordeal, Facts facts, Optional<Means> means, Tally tally, List<String> leftovers) {
        this.ordeal = ordeal;
        this.facts = facts;
        this.means = means;
        this.tally = tally;
        this.leftovers = leftovers;
        this.counts = tally.counts();
        this.outcome = outcome();
        this.doubts = doubts();
    }

    Report report(Instant started, long tookMillis) {
        return new Report(
                ordeal,
                started,
                tookMillis,
                outcome,
                verdict(),
                headline(),
                facts.storage().filesystem(),
                means.map(opened -> new Report.Opened(words(opened), opened.vfs(), opened.guarded(), opened.pragmas())),
                new Report.Versions(
                        tally.sqlite(),
                        System.getProperty("java.version", ""),
                        facts.host().os(),
                        facts.host().kernel(),
                        facts.host().arch()),
                counts,
                tally.processes(),
                tally.stops(),
                tally.errors(),
                tally.symptoms(),
                tally.firstSymptom(),
                tally.integrity(),
                doubts,
                leftovers,
                findings());
    }

    private Outcome outcome() {
        if (tally.convicted()) return Outcome.CONVICTED;
        return obstacles().isEmpty() ? Outcome.KEPT : Outcome.INCONCLUSIVE;
    }

    /** What stands between "nothing was lost" and "kept": too little was tried, or something else went wrong. */
    private List<String> obstacles() {
        List<String> obstacles = new ArrayList<>();
        if (counts.rounds() == 0) obstacles.add("nothing was tried");
        if (counts.rounds() > 0 && counts.acknowledged() < ENOUGH_COMMITS) {
            obstacles.add("only " + Amount.of(counts.acknowledged(), "commit was", "commits were") + " acknowledged, "
                    + ENOUGH_COMMITS + " are the least");
        }
        long writers = tally.processes().stream()
                .filter(process -> process.acknowledged() > 0)
                .count();
        if (counts.rounds() > 0 && writers < 2) obstacles.add("fewer than two processes could commit");
        boolean killable = means.isPresent() && !means.get().dotFiles();
        if (counts.rounds() > 0 && killable && counts.kills() == 0)
            obstacles.add("the time was too short to kill anybody");
        if (counts.unread() > 0) obstacles.add("not all rows could be read");
        if (counts.deaths() > 0)
            obstacles.add(Amount.of(counts.deaths(), "process", "processes") + " ended by themselves");
        tally.errors().stream()
                .limit(3)
                .forEach(error -> obstacles.add(
                        "SQLite answered " + Amount.of(error.count(), "time", "times") + ": " + error.text()));
        return obstacles;
    }

    private List<String> doubts() {
        List<String> all = new ArrayList<>(tally.doubts());
        if (outcome == Outcome.INCONCLUSIVE) all.addAll(obstacles());
        return all;
    }

    private Verdict verdict() {
        if (outcome == Outcome.CONVICTED) return Verdict.UNSAFE;
        Verdict known = known();
        return outcome == Outcome.KEPT ? known : worse(known, Verdict.COULD_NOT_TELL);
    }

    /** What is known of this place and this mode, whatever was seen. */
    private Verdict known() {
        Intent intent = intent();
        Optional<Reason> against = against();
        if (against.isPresent()) return against.get().known() ? Verdict.UNSAFE : Verdict.COULD_NOT_TELL;
        return Diagnosis.of(facts, intent).verdict();
    }

    private Intent intent() {
        Intent intent = Torture.intent(ordeal);
        boolean bare = means.isPresent() && !means.get().guarded();
        return bare ? intent.wishing("journal_mode", means.get().journalMode()) : intent;
    }

    /** The weightiest reason against the mode that was tried. */
    private Optional<Reason> against() {
        Plan plan = Policy.decide(facts, intent());
        Optional<Mode> mode = means.map(Means::mode);
        List<Reason> against = plan.reasons().stream()
                .filter(reason -> mode.isPresent() && reason.forbids().contains(mode.get()))
                .toList();
        return against.stream()
                .filter(Reason::known)
                .findFirst()
                .or(() -> against.stream().findFirst());
    }

    private static Verdict worse(Verdict one, Verdict other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private String headline() {
        String where = ordeal.directory() + ": ";
        return where
                + switch (outcome) {
                    case CONVICTED -> harm() + on();
                    case KEPT ->
                        "all " + number(counts.acknowledged()) + " acknowledged commits were kept through "
                                + Amount.of(counts.kills(), "kill", "kills") + on() + but();
                    case INCONCLUSIVE ->
                        counts.rounds() == 0
                                ? "nothing was tried: " + doubts.get(0)
                                : "it could not be tried in full: " + doubts.get(0) + on();
                };
    }

    /** In the order of their weight. */
    private String harm() {
        List<String> harm = new ArrayList<>();
        if (counts.lost() > 0) {
            harm.add(number(counts.lost()) + " of " + number(counts.acknowledged()) + " acknowledged commits are lost");
        }
        if (counts.half() > 0)
            harm.add(Amount.of(counts.half(), "transaction is", "transactions are") + " there by halves");
        if (counts.twice() > 0) harm.add(Amount.of(counts.twice(), "has rows", "have rows") + " twice");
        if (counts.altered() > 0) harm.add(Amount.of(counts.altered(), "was altered", "were altered"));
        if (counts.undoneButThere() > 0) {
            harm.add(Amount.of(counts.undoneButThere(), "was", "were") + " rolled back and came back");
        }
        if (counts.unread() > 0) harm.add(number(counts.unread()) + " acknowledged commits cannot be read");
        if (!tally.integrity().isEmpty()) harm.add("integrity_check finds damage");
        if (harm.isEmpty()) harm.add(Amount.of(tally.symptomsSeen(), "read", "reads") + " showed what must not be");
        return Amount.list(harm);
    }

    private String on() {
        String mode = means.map(opened -> words(opened) + " on ").orElse("");
        String who = counts.rounds() == 0 ? "" : ", " + ordeal.processes() + " processes of this host";
        return ", " + mode + place() + who;
    }

    private String place() {
        Optional<Mount> mount = facts.storage().mount();
        return mount.map(there -> there.type() + " (" + there.source() + " at " + there.point() + ")")
                .orElse("a storage that could not be found");
    }

    /** A clean run in a place that is known to lose, or of which nobody knows, is said with its limit. */
    private String but() {
        Optional<Reason> against = against();
        if (against.isPresent())
            return "; that acquits nothing: " + against.get().because();
        return known() == Verdict.SAFE ? "" : "; the doctor's conditions stand";
    }

    private List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        String where = ordeal.directory().toString();
        if (outcome == Outcome.CONVICTED) {
            findings.add(new Finding(
                    Problem.STORAGE_UNSAFE,
                    where,
                    harm() + on(),
                    Remedy.of("Put no database there. A local disk, reached by one path, keeps what is acknowledged;"
                            + " if this is one, attach this report, as JSON, to a bug report.")));
        }
        if (outcome == Outcome.INCONCLUSIVE) {
            findings.add(new Finding(
                    Problem.STORAGE_UNKNOWN,
                    where,
                    String.join("; ", doubts),
                    Remedy.of("Take away what stood in the way, and try again"
                            + (counts.rounds() == 0 ? "." : " with more seconds."))));
        }
        Plan plan = Policy.decide(facts, intent());
        if (plan instanceof Plan.Refuse refuse) findings.add(refuse.finding());
        return findings;
    }

    private static String words(Means means) {
        String journal = means.journalMode().toUpperCase(Locale.ROOT);
        String bare = means.mode() == Mode.ROLLBACK || means.mode() == Mode.ROLLBACK_DOTFILE
                ? means.mode().words() + " (" + journal + ")"
                : means.mode().words();
        return means.guarded() ? bare + " as walsafe opens it" : bare;
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
