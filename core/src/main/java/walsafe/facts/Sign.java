package walsafe.facts;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sign that a process using walsafe has left beside the database: a file whose name says who it is. The process gives
 * the file a new name, one generation up, every ten seconds; another machine that sees the name change knows that the
 * process lives, and compares no clock but its own. The file is empty, never locked and never opened.
 *
 * @param bootId the first 8 digits of its kernel's boot id; redaction hashes them
 * @param device mountinfo's major:minor by which it reaches the directory, as {@code 259-1}; {@code x} if unknown
 * @param pidNamespace the number of its pid namespace; {@code x} if unknown
 * @param pid in that namespace
 * @param start when it started, in ticks since boot
 * @param id random, the same for all generations
 * @param generation grows with each sign of life
 * @param origin where that process runs, seen from here
 * @param life whether it lives, as far as could be told
 */
public record Sign(
        String bootId,
        String device,
        String pidNamespace,
        long pid,
        long start,
        String id,
        long generation,
        Origin origin,
        Life life) {
    /** What the unknown is called in a name. */
    public static final String UNKNOWN = "x";

    // Digits, small letters, points and hyphens only: SMB, vfat and Windows forbid much else, and tell no case apart.
    private static final Pattern NAME = Pattern.compile("p\\.([0-9a-z]{1,8})\\.([0-9a-z-]{1,24})\\.([0-9a-z]{1,20})"
            + "\\.(\\d{1,18})\\.(\\d{1,18})\\.([0-9a-f]{32})\\.g(\\d{1,18})");

    /** Where a process runs, seen from here. */
    public enum Origin {
        /** It is this process. */
        THIS_PROCESS,
        /** The same kernel, and the same mount as far as the name says. */
        THIS_SUPERBLOCK,
        /** The same kernel by another mount, with locks and pages of its own. */
        OTHER_SUPERBLOCK,
        /** Another kernel, or an earlier boot of this one. */
        OTHER_KERNEL
    }

    /** Whether a process lives, as far as could be told. */
    public enum Life {
        LIVES,
        /** One look cannot tell. */
        UNTOLD,
        /** Its sign did not change while it was watched: it died, or it was stopped. */
        SUSPECT,
        ENDED
    }

    /** Reads a name; empty if it is no sign's. Where the process runs and whether it lives is still to be judged. */
    static Optional<Sign> parse(String name) {
        Matcher fields = NAME.matcher(name);
        if (!fields.matches()) return Optional.empty();
        return Optional.of(new Sign(
                fields.group(1),
                fields.group(2),
                fields.group(3),
                Long.parseLong(fields.group(4)),
                Long.parseLong(fields.group(5)),
                fields.group(6),
                Long.parseLong(fields.group(7)),
                Origin.OTHER_KERNEL,
                Life.UNTOLD));
    }

    /** The file's name. */
    public String name() {
        return String.join(
                ".", "p", bootId, device, pidNamespace, Long.toString(pid), Long.toString(start), id, "g" + generation);
    }

    /** The same process, one sign of life later. */
    public Sign next() {
        return new Sign(bootId, device, pidNamespace, pid, start, id, generation + 1, origin, life);
    }

    /** The same sign with another id, from the first generation on. */
    public Sign renamed(String otherId) {
        return new Sign(bootId, device, pidNamespace, pid, start, otherId, 1, origin, life);
    }

    /** The same sign, known better. */
    public Sign with(Life other) {
        return new Sign(bootId, device, pidNamespace, pid, start, id, generation, origin, other);
    }

    /** The same sign without what tells of the machine. */
    Sign redacted(String hashedBootId) {
        return new Sign(hashedBootId, device, pidNamespace, pid, start, id, generation, origin, life);
    }

    Sign judged(Origin where, Life whether) {
        return new Sign(bootId, device, pidNamespace, pid, start, id, generation, where, whether);
    }

    /** Does it stand for locks or pages that ours know nothing of? */
    public boolean foreign() {
        return origin == Origin.OTHER_SUPERBLOCK || origin == Origin.OTHER_KERNEL;
    }

    /** Is it foreign, and may its process live? Then it has to be reckoned with. */
    public boolean vetoes() {
        return foreign() && (life == Life.LIVES || life == Life.UNTOLD);
    }

    /** {@code pid 412 of another machine (boot 1a2b3c4d)}, as it is named in the middle of a sentence. */
    public String words() {
        return "pid " + pid
                + switch (origin) {
                    case THIS_PROCESS -> ", this process";
                    case THIS_SUPERBLOCK -> " of this machine";
                    case OTHER_SUPERBLOCK -> " of this machine by another mount (" + device.replace('-', ':') + ")";
                    case OTHER_KERNEL -> " of another machine (boot " + bootId + ")";
                };
    }
}
