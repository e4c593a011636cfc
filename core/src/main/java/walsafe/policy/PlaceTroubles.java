package walsafe.policy;

import java.util.ArrayList;
import java.util.List;
import walsafe.facts.DatabaseFacts;
import walsafe.facts.Environment;
import walsafe.facts.Mount;
import walsafe.facts.Target.State;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.words.Amount;
import walsafe.words.Shell;

/** What is wrong with where the database lies, apart from what the plan already says. */
final class PlaceTroubles {
    private static final long SMALLEST_COMFORT_BYTES = 64L << 20; // 64 MiB: room for one default -wal at its limit

    private PlaceTroubles() {}

    static List<Finding> of(Case at) {
        List<Finding> findings = new ArrayList<>();
        target(at, findings);
        containerLayer(at, findings);
        bakedIn(at, findings);
        cloud(at, findings);
        permission(at, findings);
        space(at, findings);
        unseen(at, findings);
        return findings;
    }

    private static void target(Case at, List<Finding> findings) {
        State state = at.facts().target().state();
        if (state == State.NO_DIRECTORY) {
            findings.add(new Finding(
                    Problem.COULD_NOT_LOOK,
                    at.where(),
                    "its directory does not exist, and what will be there nobody knows: a filesystem that is not mounted"
                            + " looks the same",
                    Remedy.of(
                            "Make the directory, or mount what belongs there, and ask again.",
                            "ls -ld " + Shell.quote(directory(at.where())))));
        }
        if (state == State.SYMLINK_LOOP) {
            findings.add(couldNotLook(
                    at, "its symbolic links lead in a circle", "Repair the link: ls -l shows where it points."));
        }
        if (state == State.FORBIDDEN) {
            findings.add(new Finding(
                    Problem.COULD_NOT_LOOK,
                    at.where(),
                    "the permissions of a directory above it forbid even to look",
                    Remedy.of(
                            "Ask again as a user who may enter it.",
                            "sudo walsafe doctor "
                                    + Shell.quote(at.facts().target().asked()))));
        }
        if (state == State.NOT_A_FILE) {
            findings.add(new Finding(
                    Problem.NOT_A_DATABASE,
                    at.where(),
                    "it is a device, a pipe or a socket",
                    Remedy.of("Name the database file itself.")));
        }
    }

    private static void containerLayer(Case at, List<Finding> findings) {
        boolean union = at.filesystem().equals("overlay") || at.filesystem().equals("fuse.fuse-overlayfs");
        boolean root = at.facts()
                .storage()
                .mount()
                .map(Mount::point)
                .filter("/"::equals)
                .isPresent();
        boolean contained = at.facts().host().in(Environment.CONTAINER); // a runtime by name brings this with it
        if (!union || !root || !contained) return;
        findings.add(new Finding(
                Problem.CONTAINER_LAYER,
                at.where(),
                "it lies on " + at.filesystem() + ", the layer that is removed with the container",
                Remedy.of(
                        "Mount a volume at the database's directory.",
                        "docker run -v data:" + Shell.quote(directory(at.where())) + " …")));
    }

    private static void bakedIn(Case at, List<Finding> findings) {
        if (!at.facts().database().bakedIn().orElse(false)) return;
        findings.add(new Finding(
                Problem.BAKED_IN,
                at.where(),
                "the file still lies in a lower layer; the first write copies it up, and only this layer sees the copy",
                Remedy.of("Ship it as a template, and copy it to a volume when the program first starts.")));
    }

    private static void cloud(Case at, List<Finding> findings) {
        at.facts()
                .database()
                .cloudFolder()
                .ifPresent(program -> findings.add(new Finding(
                        Problem.CLOUD_SYNCED,
                        at.where(),
                        "it lies in a folder of " + program + ", which copies the database and its -wal one by one",
                        Remedy.of(
                                "Move the database out of that folder, and put a copy there: VACUUM INTO makes one.",
                                "sqlite3 " + Shell.quote(at.where()) + " \"VACUUM INTO 'copy.db'\""))));
    }

    private static void permission(Case at, List<Finding> findings) {
        DatabaseFacts database = at.facts().database();
        boolean exists = at.facts().target().state() == State.FILE;
        if (at.mountReadOnly() || at.superblockReadOnly()) return;
        if (at.facts().target().state() == State.MISSING && !database.directoryWritable()) {
            findings.add(permission(at, "SQLite cannot make the file: this user cannot write in its directory"));
        }
        if (exists && !database.readable()) {
            findings.add(permission(at, "this user cannot read the file" + mode(database)));
        } else if (exists && !database.writable()) {
            findings.add(permission(at, "this user can read the file but not write it" + mode(database)));
        } else if (exists && !database.directoryWritable()) {
            findings.add(permission(
                    at, "this user cannot create files in the directory, where SQLite must put the -wal or -journal"));
        }
    }

    private static String mode(DatabaseFacts database) {
        return database.permissions().map(text -> " (" + text + ")").orElse("");
    }

    private static Finding permission(Case at, String seen) {
        return new Finding(
                Problem.NO_PERMISSION,
                at.where(),
                seen,
                Remedy.of(
                        "Ask as the user that runs the program; if that is you, give that user the directory.",
                        "ls -ld " + Shell.quote(directory(at.where())) + " " + Shell.quote(at.where())));
    }

    private static void space(Case at, List<Finding> findings) {
        DatabaseFacts database = at.facts().database();
        if (database.freeBytes().isEmpty() || at.superblockReadOnly()) return;
        long free = database.freeBytes().getAsLong();
        long wanted = Math.max(SMALLEST_COMFORT_BYTES, database.sizeBytes().orElse(0) / 10);
        if (free >= wanted) return;
        findings.add(new Finding(
                Problem.DISK_NEARLY_FULL,
                at.where(),
                Amount.bytes(free) + " free"
                        + database.sizeBytes().stream()
                                .mapToObj(size -> ", the database has " + Amount.bytes(size))
                                .findFirst()
                                .orElse(""),
                Remedy.of(
                        "Free some space: SQLite needs room for the -wal or -journal, and as much again for VACUUM.",
                        "df -h " + Shell.quote(directory(at.where())))));
    }

    /** Where the file itself is out of reach, that alone is told: all the rest follows from it. */
    private static void unseen(Case at, List<Finding> findings) {
        State state = at.facts().target().state();
        if (state == State.SILENT || state == State.FORBIDDEN || state == State.SYMLINK_LOOP) return;
        for (String clause : at.facts().unseen()) {
            findings.add(couldNotLook(at, clause, "Ask again as a user who may look, or with more patience."));
        }
        if (state != State.FILE) return; // nobody expects to read the bytes of a directory
        at.facts().database().notRead().ifPresent(why -> findings.add(bytesNotRead(at, why)));
    }

    private static Finding bytesNotRead(Case at, String why) {
        String seen = "its bytes were not read: " + why;
        if (!why.contains("in this process")) return couldNotLook(at, seen, "Ask again as a user who may read it.");
        return new Finding(
                Problem.COULD_NOT_LOOK,
                at.where(),
                seen,
                Remedy.of("Ask from another process.", "walsafe doctor " + Shell.quote(at.where())));
    }

    private static Finding couldNotLook(Case at, String seen, String advice) {
        return new Finding(Problem.COULD_NOT_LOOK, at.where(), seen, Remedy.of(advice));
    }

    /** Of a path of whatever system: facts may be those of another. */
    static String directory(String path) {
        int slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
        return slash > 0 ? path.substring(0, slash) : slash == 0 ? "/" : ".";
    }
}
