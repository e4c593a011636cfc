package walsafe.cli;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import walsafe.facts.DatabasePart;
import walsafe.facts.Facts;
import walsafe.facts.Neighbour;
import walsafe.facts.Neighbours;
import walsafe.facts.Sign;
import walsafe.facts.SqliteLock;
import walsafe.facts.Target;
import walsafe.words.Amount;
import walsafe.words.Visible;

/** The processes that have a database open, a block each. */
final class WhoText {
    private static final int LABEL = 7;

    private WhoText() {}

    /** The report of {@code walsafe who}. */
    static String of(Facts facts, Ink ink) {
        Paper paper = new Paper(ink);
        paper.line(ink.bold(Visible.line(headline(facts))));
        boolean nobody = facts.neighbours().complete()
                && facts.neighbours().others().isEmpty()
                && facts.neighbours().unseenHolders().isEmpty()
                && facts.neighbours().signs().stream().noneMatch(Sign::vetoes);
        if (facts.target().database().isPresent() && !nobody) {
            paper.line("");
            signs(facts.neighbours(), paper);
            seen(facts.neighbours(), paper);
        }
        return paper.toString();
    }

    /** The first line: how many, and who is writing. */
    static String headline(Facts facts) {
        String path = facts.target().database().orElse(facts.target().asked());
        Neighbours seen = facts.neighbours();
        if (facts.target().state() == Target.State.MEMORY) return "A database in memory: no other process can open it";
        if (!seen.looked()) return "Could not tell who has " + path + " open";
        if (seen.others().isEmpty()) return nobody(path, facts);
        String have =
                seen.others().size() == 1 ? "1 process has " : seen.others().size() + " processes have ";
        return have + path + " open; " + writing(seen.others());
    }

    private static String nobody(String path, Facts facts) {
        if (!facts.neighbours().unseenHolders().isEmpty())
            return "A process that cannot be seen holds a lock on " + path;
        boolean missing =
                facts.target().state() == Target.State.MISSING || facts.target().state() == Target.State.NO_DIRECTORY;
        String there = missing ? ", and there is no such file" : "";
        if (facts.neighbours().signs().stream().anyMatch(Sign::vetoes))
            return "Nobody that can be seen has " + path + " open; others have left their signs";
        String who = facts.neighbours().complete() ? "Nobody has " : "Nobody that can be seen has ";
        return who + path + " open" + there;
    }

    private static String writing(List<Neighbour> processes) {
        List<String> writers = processes.stream()
                .filter(process -> process.locks().stream().anyMatch(WhoText::writes))
                .map(process -> "pid " + process.pid() + " " + process.command())
                .toList();
        return writers.isEmpty() ? "none is writing" : "writing: " + Amount.list(writers);
    }

    /** The locks that only a writer takes (lockingv3.html, section 3; walformat.html, section 2.3). */
    private static boolean writes(SqliteLock lock) {
        return List.of("RESERVED", "PENDING", "EXCLUSIVE", "WRITE").contains(lock.name()) && lock.write();
    }

    /** The blocks, and what may be missing from them; for a report whose headline does not say that there is nobody. */
    static void write(Neighbours neighbours, Paper paper) {
        signs(neighbours, paper);
        if (neighbours.looked() && neighbours.others().isEmpty())
            paper.prose(2, neighbours.complete() ? "Nobody." : "Nobody that can be seen.");
        seen(neighbours, paper);
    }

    private static void signs(Neighbours neighbours, Paper paper) {
        neighbours.signs().stream().filter(Sign::vetoes).forEach(sign -> paper.prose(2, Visible.line(words(sign))));
    }

    private static void seen(Neighbours neighbours, Paper paper) {
        if (!neighbours.looked()) {
            paper.prose(
                    2,
                    "Could not be looked at: walsafe lists open files on Linux only, and only where it could"
                            + " identify the database.");
            return;
        }
        neighbours.others().forEach(process -> block(process, paper));
        neighbours
                .unseenHolders()
                .forEach(lock -> paper.prose(2, "Somebody who cannot be seen holds " + words(lock) + "."));
        if (!neighbours.complete()) paper.prose(2, blindSpot(neighbours));
    }

    private static String words(Sign sign) {
        return "Sign of " + sign.words()
                + (sign.life() == Sign.Life.LIVES ? ", which lives." : "; one look cannot tell whether it lives.");
    }

    private static String blindSpot(Neighbours neighbours) {
        if (neighbours.denied() > 0) {
            return "Not everybody could be looked at: "
                    + Amount.of(neighbours.denied(), "process belongs", "processes belong")
                    + " to other users. Run it as root to see them all.";
        }
        return "Processes of other containers or hosts cannot be seen from here.";
    }

    private static void block(Neighbour process, Paper paper) {
        paper.line("  " + paper.ink().bold("pid " + process.pid()) + "  " + Visible.line(process.command()));
        String since = process.startedAt().map(at -> "since " + at).orElse("");
        String user = process.user().orElse("");
        row(paper, "user", user.isEmpty() || since.isEmpty() ? user + since : user + ", " + since);
        row(paper, "files", parts(process.open()));
        row(paper, "locks", process.locks().isEmpty() ? "none" : locks(process.locks()));
        row(paper, "so", consequence(process));
        process.sqlites().forEach(sqlite -> row(paper, "SQLite", version(sqlite)));
        process.pinsFrame()
                .ifPresent(frame -> row(
                        paper,
                        "pins",
                        "frame " + frame + " of the -wal: no checkpoint can pass it while this reader reads"));
        if (!process.deleted().isEmpty()) {
            row(paper, "deleted", parts(process.deleted()) + ": what it writes there, nobody else will see");
        }
        if (process.otherDomain())
            row(paper, "view", "another mount of the same file, with locks and pages of its own");
    }

    /** What the locks mean to whoever reads "database is locked" (lockingv3.html, section 3; wal.html, section 2.2). */
    private static String consequence(Neighbour process) {
        List<SqliteLock> locks = process.locks();
        if (locks.stream().anyMatch(WhoText::keepsReadersOut)) {
            return "nobody else can write or begin to read before it lets go";
        }
        if (locks.stream().anyMatch(WhoText::writes)) {
            return "a transaction that writes is open in it; nobody else can write before that ends";
        }
        boolean rollback = !process.open().contains(DatabasePart.SHM);
        boolean reads = locks.stream().anyMatch(lock -> lock.name().equals("SHARED"));
        return rollback && reads ? "it is reading; nobody else can commit before it has read" : "";
    }

    private static boolean keepsReadersOut(SqliteLock lock) {
        return List.of("PENDING", "EXCLUSIVE").contains(lock.name()) && lock.write();
    }

    private static String version(Neighbour.SqliteLibrary sqlite) {
        String version = sqlite.version().map(Object::toString).orElse("of unknown version");
        return version + " in " + sqlite.where() + ", told by " + sqlite.how();
    }

    private static String locks(List<SqliteLock> locks) {
        return locks.stream().map(WhoText::words).distinct().collect(Collectors.joining(", "));
    }

    private static String words(SqliteLock lock) {
        return lock.name() + " on the " + lock.file().words();
    }

    private static String parts(Collection<DatabasePart> parts) {
        return parts.stream().sorted().map(DatabasePart::words).collect(Collectors.joining(", "));
    }

    private static void row(Paper paper, String label, String words) {
        if (!words.isEmpty()) paper.row("  " + label, LABEL + 2, words);
    }
}
