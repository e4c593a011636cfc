package walsafe.custody;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import walsafe.facts.Facts;
import walsafe.facts.Neighbour;
import walsafe.facts.StorageClass;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.words.Amount;
import walsafe.words.Shell;

/**
 * Who else may have a database open. No lock is needed to be company: a connection that is idle in rollback mode has
 * none, and would go on with a file that has lost its name.
 */
public final class Company {
    private static final String SIGN = "p.";

    private Company() {}

    /**
     * Those who were seen: processes with a descriptor or a lock, and signs of presence beside the database. Reads a
     * directory.
     *
     * @param ours pids that do not count, this process's own among them if it has the file open on purpose
     */
    public static Optional<Finding> seen(Facts facts, Set<Long> ours) throws IOException {
        List<String> who = new ArrayList<>();
        for (Neighbour each : facts.neighbours().processes()) {
            if (ours.contains(each.pid())) continue;
            who.add(each.self() ? "this program itself" : each.words());
        }
        if (!facts.neighbours().unseenHolders().isEmpty()) who.add("a process that cannot be seen, which holds a lock");
        who.addAll(signs(facts));
        if (who.isEmpty()) return Optional.empty();
        return Optional.of(blocked(where(facts), Amount.list(who) + (who.size() == 1 ? " has" : " have") + " it open"));
    }

    /** Why somebody may be there who could not be seen, a clause; empty if everybody was looked at. */
    public static Optional<String> unseen(Facts facts) {
        if (!facts.neighbours().looked()) return Optional.of("who has it open cannot be told on this platform");
        if (facts.neighbours().denied() > 0) {
            return Optional.of(Amount.of(facts.neighbours().denied(), "process", "processes")
                    + " of other users could not be looked into");
        }
        return facts.neighbours().complete()
                ? Optional.empty()
                : Optional.of("processes of other containers cannot be seen from here");
    }

    /** Why nobody may touch it now, and how to find out who is in the way. */
    public static Finding blocked(String where, String seen) {
        return new Finding(
                Problem.MODE_CHANGE_BLOCKED,
                where,
                seen,
                Remedy.of("Stop that program, and try again.", "walsafe who " + Shell.quote(where)));
    }

    private static String where(Facts facts) {
        return facts.target().database().orElse(facts.target().asked());
    }

    /** {@code p.<boot>.<device>.<pid namespace>.<pid>.<start>.<uuid>.gN}: another kernel's word that it is there. */
    private static List<String> signs(Facts facts) throws IOException {
        Path folder = new Folder(Path.of(where(facts))).root();
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) return List.of();
        try (Stream<Path> names = Files.list(folder)) {
            return names.map(each -> each.getFileName().toString())
                    .filter(name -> name.startsWith(SIGN) && mayLive(name.split("\\.", -1), facts))
                    .map(name -> "the process that left the sign " + folder.getFileName() + "/" + name)
                    .collect(Collectors.toList());
        }
    }

    /** One of this kernel is seen, or has ended; one of another boot is dead where only this kernel reaches the disk. */
    private static boolean mayLive(String[] sign, Facts facts) {
        if (sign.length < 8) return true;
        boolean thisBoot = facts.host().bootId().filter(sign[1]::equals).isPresent();
        if (!thisBoot) return facts.storage().kind() != StorageClass.LOCAL;
        String namespace = facts.host().pidNamespace().orElse("").replaceAll("\\D", "");
        if (!sign[3].replaceAll("\\D", "").equals(namespace)) return true;
        return sign[4].matches("\\d{1,18}")
                && Long.parseLong(sign[4]) != ProcessHandle.current().pid()
                && ProcessHandle.of(Long.parseLong(sign[4])).isPresent();
    }
}
