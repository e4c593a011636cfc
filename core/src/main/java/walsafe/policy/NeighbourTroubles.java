package walsafe.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import walsafe.facts.DatabasePart;
import walsafe.facts.Neighbour;
import walsafe.facts.Neighbours;
import walsafe.facts.Sign;
import walsafe.facts.Signs;
import walsafe.facts.SqliteLock;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.format.WalIndex;
import walsafe.words.Shell;

/** What the processes that have the database open are doing to it, and to each other. */
final class NeighbourTroubles {
    private NeighbourTroubles() {}

    static List<Finding> of(Case at) {
        List<Finding> findings = new ArrayList<>();
        for (Neighbour neighbour : at.facts().neighbours().processes()) {
            deletedButOpen(at, neighbour, findings);
            twoSqlites(at, neighbour, findings);
            pinsTheWal(at, neighbour, findings);
        }
        at.facts().neighbours().signs().forEach(sign -> sign(at, sign, findings));
        unseenHolders(at, findings);
        notAllSeen(at, findings);
        return findings;
    }

    private static void sign(Case at, Sign sign, List<Finding> findings) {
        boolean expected = at.intent().sharing() == Sharing.SEVERAL_HOSTS && sign.origin() == Sign.Origin.OTHER_KERNEL;
        if (sign.vetoes() && !expected) findings.add(present(at, sign));
        if (sign.foreign() && sign.life() == Sign.Life.SUSPECT) findings.add(suspect(at, sign));
    }

    static Finding present(Case at, Sign sign) {
        boolean lives = sign.life() == Sign.Life.LIVES;
        return new Finding(
                Problem.OTHERS_PRESENT,
                at.where(),
                sign.words()
                        + (lives
                                ? " shows that it works with this database, and shares neither our locks nor our pages"
                                : " left the sign " + sign.name() + "; one look cannot tell whether it lives"),
                Remedy.of(
                        "Let only one machine, and one mount of it, open this database; stop the other, or go through it."
                                + " A living process renames its sign every 10 s.",
                        "ls " + Shell.quote(at.where() + Signs.FOLDER_SUFFIX)));
    }

    private static Finding suspect(Case at, Sign sign) {
        return new Finding(
                Problem.SUSPECT_SIGN,
                at.where(),
                sign.words() + " left the sign " + sign.name() + ", which did not change while it was watched",
                Remedy.of(
                        "Make sure that this process has ended and is not merely paused; then remove its sign.",
                        "rm " + Shell.quote(at.where() + Signs.FOLDER_SUFFIX + "/" + sign.name())));
    }

    private static void deletedButOpen(Case at, Neighbour neighbour, List<Finding> findings) {
        if (neighbour.deleted().isEmpty()) return;
        String parts = neighbour.deleted().stream()
                .sorted()
                .map(part -> part == DatabasePart.DATABASE ? "the database file itself" : "its " + part.suffix())
                .collect(Collectors.joining(" and "));
        findings.add(new Finding(
                Problem.DELETED_BUT_OPEN,
                at.where(),
                neighbour.words() + " has " + parts
                        + " open, which was deleted or replaced: what it commits there nobody else sees",
                Remedy.of(
                        "Do not restart it yet: copy its files out while it lives, then stop it and every other program.",
                        "ls -l /proc/" + neighbour.pid() + "/fd | grep deleted",
                        "cp /proc/" + neighbour.pid() + "/fd/N /a/safe/place/")));
    }

    /**
     * One SQLite opens the -shm once in a process, however many connections there are: two descriptors of it prove two
     * SQLites. In rollback modes there is no such proof, only two libraries and more than one descriptor.
     */
    private static void twoSqlites(Case at, Neighbour neighbour, List<Finding> findings) {
        if (neighbour.sqlites().size() < 2) return;
        boolean proved = neighbour.descriptorsOf(DatabasePart.SHM) > 1;
        if (!proved && neighbour.descriptorsOf(DatabasePart.DATABASE) < 2) return;
        String libraries = neighbour.sqlites().stream()
                .map(library -> library.where()
                        + library.version().map(version -> " (" + version + ")").orElse(""))
                .collect(Collectors.joining(", "));
        findings.add(new Finding(
                proved ? Problem.TWO_SQLITES : Problem.PERHAPS_TWO_SQLITES,
                at.where(),
                neighbour.words() + " has loaded " + libraries
                        + (proved ? " and opened it with both" : " and may have opened it with both")
                        + ": when one of them closes the file, the other's locks are gone",
                Remedy.of("Let that program load SQLite once: one class loader, one copy of the library.")));
    }

    private static void pinsTheWal(Case at, Neighbour neighbour, List<Finding> findings) {
        if (neighbour.pinsFrame().isEmpty() || at.facts().database().shm().isEmpty()) return;
        WalIndex index = at.facts().database().shm().get();
        long pinned = neighbour.pinsFrame().get();
        if (pinned >= index.maxFrame()) return;
        findings.add(new Finding(
                Problem.READER_PINS_WAL,
                at.where() + "-wal",
                neighbour.words() + " reads as of frame " + pinned + " of " + index.maxFrame()
                        + ": no checkpoint passes it",
                Remedy.of(
                        "Let that program end its read transaction; if it is a shell left open, close it.",
                        "walsafe who " + Shell.quote(at.where()))));
    }

    private static void unseenHolders(Case at, List<Finding> findings) {
        List<SqliteLock> locks = at.facts().neighbours().unseenHolders();
        if (locks.isEmpty()) return;
        findings.add(new Finding(
                Problem.LOCK_WITHOUT_HOLDER,
                at.where(),
                locks.stream()
                                .map(lock ->
                                        lock.name() + " on the " + lock.file().words())
                                .distinct()
                                .collect(Collectors.joining(", "))
                        + ": held by no process that can be seen from here",
                Remedy.of(
                        "Look from the host, outside the container, as root.",
                        "sudo walsafe who " + Shell.quote(at.where()))));
    }

    private static void notAllSeen(Case at, List<Finding> findings) {
        Neighbours neighbours = at.facts().neighbours();
        if (!neighbours.looked() || neighbours.complete()) return;
        String why = neighbours.denied() > 0
                ? neighbours.denied() + " processes could not be looked into"
                : "processes outside this container are invisible";
        findings.add(new Finding(
                Problem.NOT_ALL_SEEN,
                at.where(),
                why + ", so nobody seen is not nobody",
                Remedy.of("Look as root on the host to be sure.", "sudo walsafe who " + Shell.quote(at.where()))));
    }
}
