package walsafe.policy;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import walsafe.facts.Target.State;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.words.Shell;

/** Says why nothing is left, and where to turn instead. */
final class Refusal {
    private Refusal() {}

    static Finding finding(Case at, List<Reason> reasons) {
        if (at.facts().target().state() == State.SILENT) return silent(at);
        if (spoke(reasons, Policy.SET_TOGETHER)) return split(at, reasons);
        if (spoke(reasons, Policy.ONE_VIEW)) return twoViews(at);
        if (spoke(reasons, Policy.WRITABLE_PLACE)) return readOnly(at, reasons);
        if (decides(reasons, Policy.OTHERS_PRESENT) && known(reasons)) return othersPresent(at);
        return known(reasons) ? unsafe(at, reasons) : unknown(at, reasons);
    }

    /** Is every mode forbidden by something that is known, rather than by something that could not be told? */
    static boolean known(List<Reason> reasons) {
        Set<Mode> convicted = EnumSet.noneOf(Mode.class);
        reasons.stream().filter(Reason::known).forEach(reason -> convicted.addAll(reason.forbids()));
        return convicted.containsAll(EnumSet.allOf(Mode.class));
    }

    /** Would something be allowed without that rule? */
    private static boolean decides(List<Reason> reasons, String rule) {
        Set<Mode> forbidden = EnumSet.noneOf(Mode.class);
        reasons.stream()
                .filter(reason -> !reason.rule().equals(rule))
                .forEach(reason -> forbidden.addAll(reason.forbids()));
        return !forbidden.containsAll(EnumSet.allOf(Mode.class));
    }

    private static Finding othersPresent(Case at) {
        return NeighbourTroubles.present(at, Policy.vetoing(at).get(0));
    }

    private static Finding silent(Case at) {
        return new Finding(
                Problem.STORAGE_SILENT,
                at.where(),
                String.join("; ", at.facts().unseen()),
                Remedy.of(
                        "Find out why the storage is silent, then ask again; with --timeout walsafe waits longer.",
                        "walsafe doctor --timeout 30 "
                                + Shell.quote(at.facts().target().asked())));
    }

    private static Finding split(Case at, List<Reason> reasons) {
        return new Finding(
                Problem.SPLIT_SET,
                at.where(),
                because(reasons, reason -> reason.rule().equals(Policy.SET_TOGETHER)),
                Remedy.of(
                        "Mount the directory instead of the file, so that the -wal and -journal lie beside the database.",
                        "docker run -v /host/directory:/data …"));
    }

    private static Finding twoViews(Case at) {
        var views = at.facts().storage().views();
        String seen = views.isEmpty()
                ? "another process reaches it through another mount"
                : "also at " + views.get(0).path() + ": " + views.get(0).relation();
        return new Finding(
                Problem.TWO_VIEWS,
                at.where(),
                seen,
                Remedy.of("Unmount one of the two, or keep the database in a directory that only one path leads to."));
    }

    private static Finding readOnly(Case at, List<Reason> reasons) {
        boolean pending = FileTroubles.somethingToReplay(at.facts().database());
        String advice = pending
                ? "Copy the database together with its -wal or -journal to a place that can be written, and open it there."
                : "Mount it writable; only to read, copy it elsewhere and open the copy.";
        return new Finding(
                Problem.PLACE_READ_ONLY,
                at.where(),
                because(
                        reasons,
                        reason -> reason.rule().equals(Policy.WRITABLE_PLACE)
                                || reason.rule().equals(Policy.IMMUTABLE)),
                Remedy.of(advice, copyCommand(at)));
    }

    private static Finding unsafe(Case at, List<Reason> reasons) {
        return new Finding(
                Problem.STORAGE_UNSAFE,
                at.where(),
                because(reasons, reason -> reason.known() && decisive(at, reason)),
                Advice.anotherPlace(at));
    }

    private static Finding unknown(Case at, List<Reason> reasons) {
        return new Finding(
                Problem.STORAGE_UNKNOWN,
                at.where(),
                because(reasons, reason -> !reason.known()),
                Advice.anotherPlace(at));
    }

    /** What forbids the mode that such a caller would most likely settle for. */
    private static boolean decisive(Case at, Reason reason) {
        return reason.forbids().contains(at.alone() ? Mode.WAL_ALONE : Mode.ROLLBACK);
    }

    private static boolean spoke(List<Reason> reasons, String rule) {
        return reasons.stream().anyMatch(reason -> reason.rule().equals(rule));
    }

    private static String because(List<Reason> reasons, Predicate<Reason> which) {
        return reasons.stream().filter(which).map(Reason::because).distinct().collect(Collectors.joining("; "));
    }

    private static String copyCommand(Case at) {
        return "cp -p " + Shell.quote(at.where()) + "* /a/directory/that/can/be/written/";
    }
}
