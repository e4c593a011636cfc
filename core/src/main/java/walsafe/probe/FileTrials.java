package walsafe.probe;

import java.io.IOException;

/** What reads, names and fsync do. */
final class FileTrials {
    private static final String FILE = "turns";
    private static final long LOCK = 1L << 30;
    private static final int SYNCS = 40;
    private static final int ENOUGH_SYNCS = 20;
    private static final long NO_DISK_NANOS = 5_000; // a call that asks no device: tmpfs 0 to 1 µs, no barrier 13 µs

    private FileTrials() {}

    static Seen lockedReads(Stage stage) throws IOException {
        long value = 0;
        for (int round = 0; round < stage.budget().rounds(); round++) {
            for (Actor[] pair : stage.bothWays()) {
                value++;
                long size = 16 + 8 * value;
                readLocked(pair[1]); // so that there is something stale to see
                writeLocked(pair[0], value, size);
                long[] read = readLocked(pair[1]);
                if (read[0] != value) {
                    return Seen.no("a process read %d under its lock after the other had written %d under its lock"
                            .formatted(read[0], value));
                }
                if (read[1] != size) {
                    return Seen.no("a process saw a file of %d bytes under its lock after the other had made it %d long"
                            .formatted(read[1], size));
                }
            }
        }
        return Seen.yes("%d of %d turns were seen at once, in both directions".formatted(value, value));
    }

    private static void writeLocked(Actor writer, long value, long size) throws IOException {
        if (!writer.lock(FILE, LOCK, 1, false)) throw new IOException("a lock that nobody holds was refused");
        writer.write(FILE, 0, value);
        writer.write(FILE, size - 8, value);
        writer.unlock(FILE);
    }

    private static long[] readLocked(Actor reader) throws IOException {
        if (!reader.lock(FILE, LOCK, 1, true)) throw new IOException("a lock that nobody holds was refused");
        long[] read = {reader.read(FILE, 0), reader.size(FILE)};
        reader.unlock(FILE);
        return read;
    }

    static Seen names(Stage stage) throws IOException {
        int rounds = stage.budget().rounds();
        for (int round = 0; round < rounds; round++) {
            for (Actor[] pair : stage.bothWays()) {
                String name = "name-" + round % 3; // again, so that what was remembered of it can be stale
                if (seen(pair[1], name))
                    return late(name, "is seen by a process after both had agreed that it was gone");
                pair[0].create(name);
                if (!pair[1].exists(name)) return late(name, "was made by one process and did not exist for the other");
                if (!pair[1].listed(name)) return late(name, "was made by one process and not listed for the other");
                pair[0].remove(name);
                if (seen(pair[1], name)) return late(name, "was removed by one process and still there for the other");
            }
        }
        return Seen.yes("each of %d files made and removed was seen at once, in both directions".formatted(2 * rounds));
    }

    private static boolean seen(Actor actor, String name) throws IOException {
        boolean exists = actor.exists(name);
        boolean listed = actor.listed(name); // asked too, since the other answer may come from another cache
        return exists || listed;
    }

    private static Seen late(String name, String how) {
        return Seen.no("the file " + name + ' ' + how);
    }

    static Seen exclusiveNames(Stage stage) throws IOException {
        for (Actor[] pair : stage.bothWays()) {
            String name = "exclusive-" + pair[0].name();
            pair[1].exists(name);
            if (!pair[0].create(name)) return Seen.unknown("a new name was said to exist already");
            if (pair[1].create(name)) return Seen.no("two processes both made the same new file");
        }
        long value = 0;
        for (Actor[] pair : stage.bothWays()) {
            pair[1].put("current", ++value);
            pair[1].get("current");
            pair[0].put("next", ++value);
            pair[0].rename("next", "current");
            if (pair[1].get("current") != value) {
                return Seen.no("a file was renamed over another by one process, and the other still saw the old one");
            }
        }
        return Seen.yes("one of two got the new file, and the file that was renamed was seen by both");
    }

    /** The one experiment that cannot say yes: a disk may take its time and still forget. */
    static Seen syncTime(Stage stage) throws IOException {
        long[] nanos = stage.a().sync("sync", SYNCS);
        String times = "%d times, median %s, quickest %s, slowest %s"
                .formatted(nanos[0], micros(nanos[2]), micros(nanos[1]), micros(nanos[3]));
        if (nanos[0] >= ENOUGH_SYNCS && nanos[2] < NO_DISK_NANOS) {
            return Seen.no("fsync returns too soon to have asked a disk: " + times);
        }
        return Seen.unknown("fsync is not obviously fake, which is all that its time can show: " + times);
    }

    private static String micros(long nanos) {
        return (nanos + 500) / 1000 + " µs";
    }
}
