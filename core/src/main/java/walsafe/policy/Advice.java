package walsafe.policy;

import walsafe.facts.Answer.Verdict;
import walsafe.facts.Environment;
import walsafe.facts.Host;
import walsafe.facts.Question;
import walsafe.facts.Reach;
import walsafe.facts.StorageClass;
import walsafe.finding.Remedy;
import walsafe.policy.Case.Openers;
import walsafe.words.Shell;

/** Words the way out for where the caller is. The environment chooses the words; it never decides. */
final class Advice {
    private Advice() {}

    static Remedy anotherPlace(Case at) {
        Host host = at.facts().host();
        if (at.reach() == Reach.THIS_SUPERBLOCK && at.openers() == Openers.SEVERAL_DOMAINS) return askThere(at);
        if (at.facts().storage().mount().isEmpty() && host.linux()) return mountProc(at);
        if (at.kind() == StorageClass.SPECIAL) return Remedy.of("Put the database on a disk.");
        if (sharedWithADesktop(at)) return namedVolume(at);
        if (host.in(Environment.WSL2) || host.in(Environment.WSL1)) return wslHome(at);
        if (host.in(Environment.KUBERNETES)) return blockVolume(at);
        if (at.reach() == Reach.THIS_KERNEL) return oneView(at);
        if (onlyNamesAreStale(at)) return rememberNothing(at);
        if (at.kind() == StorageClass.UNKNOWN) return tell(at);
        return localDisk(at);
    }

    private static Remedy askThere(Case at) {
        return Remedy.of(
                "Ask on each of the other hosts, where the filesystem they reach it by can be seen; if there are none, say so.",
                "walsafe doctor --sharing one-host " + Shell.quote(at.where()));
    }

    /** The storage may be the best there is: it could only not be identified. */
    private static Remedy mountProc(Case at) {
        return Remedy.of(
                "Ask where /proc is mounted, by which Linux tells what a directory lies on; in a chroot or jail, mount it there.",
                "mount -t proc proc /proc",
                "walsafe doctor " + Shell.quote(at.facts().target().asked()));
    }

    private static boolean sharedWithADesktop(Case at) {
        Host host = at.facts().host();
        return at.filesystem().equals("fakeowner")
                || host.in(Environment.DOCKER_DESKTOP)
                || host.in(Environment.ORBSTACK)
                || host.in(Environment.LIMA)
                || host.in(Environment.PODMAN_MACHINE);
    }

    private static Remedy namedVolume(Case at) {
        return Remedy.of(
                "Keep the database on a named volume: it lies on the virtual machine's own disk, where all modes are safe."
                        + closeAndCopy(at),
                "docker volume create data",
                "docker run -v data:/data …");
    }

    private static Remedy wslHome(Case at) {
        return Remedy.of(
                "Keep the database on WSL's own disk (your home directory there), and use it from inside WSL only."
                        + closeAndCopy(at),
                "mkdir -p ~/databases",
                "cp -p " + Shell.quote(at.where()) + "* ~/databases/");
    }

    private static Remedy blockVolume(Case at) {
        return Remedy.of(
                "Keep the database on a volume that one node owns: ReadWriteOncePod or ReadWriteOnce on block storage,"
                        + " with one replica."
                        + closeAndCopy(at),
                "kubectl get pvc -o custom-columns=NAME:.metadata.name,MODES:.spec.accessModes,CLASS:.spec.storageClassName");
    }

    private static Remedy oneView(Case at) {
        return Remedy.of(
                "Use the directory behind this mount from everywhere, or say that nobody does.",
                "walsafe doctor --sharing one-host " + Shell.quote(at.where()));
    }

    /** A client of NFS remembers names and sizes for seconds; with noac it remembers none, and then a journal is seen. */
    private static boolean onlyNamesAreStale(Case at) {
        boolean remembers = at.filesystem().startsWith("nfs")
                && at.facts().storage().mount().stream().noneMatch(mount -> mount.has("noac"));
        return remembers
                && at.openers() == Openers.SEVERAL_DOMAINS
                && at.answer(Question.NAMES_ARE_FRESH).verdict() == Verdict.NO
                && at.answer(Question.LOCKS_EXCLUDE).verdict() == Verdict.YES
                && at.answer(Question.READS_ARE_FRESH).verdict() == Verdict.YES;
    }

    private static Remedy rememberNothing(Case at) {
        return Remedy.of(
                "Put the database on a local disk of the one machine that uses it; or mount this with the option noac on every"
                        + " host, so that none remembers names and sizes, which is slower, and have two hosts try it again.",
                "walsafe torture " + Shell.quote(PlaceTroubles.directory(at.where())) + " --peer");
    }

    private static Remedy tell(Case at) {
        return Remedy.of(
                "Put the database on a local disk; or, if one process alone opens it, say so.",
                "walsafe doctor --sharing this-process " + Shell.quote(at.where()));
    }

    private static Remedy localDisk(Case at) {
        return Remedy.of(
                "Put the database on a local disk of the one machine that uses it, and let others reach it through a"
                        + " program there."
                        + closeAndCopy(at),
                "cp -p " + Shell.quote(at.where()) + "* /a/directory/on/a/local/disk/");
    }

    private static String closeAndCopy(Case at) {
        return at.facts().database().sizeBytes().isPresent()
                ? " Close every program that has it open, on every machine, before you copy it with its -wal."
                : "";
    }
}
