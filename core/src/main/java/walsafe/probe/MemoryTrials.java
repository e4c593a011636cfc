package walsafe.probe;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Question;

/** What mapped memory does. Only expendable actors map: Java cannot unmap, and a torn mapping can end a process. */
final class MemoryTrials {
    private static final String FILE = "map";
    private static final int FIRST = 0;
    private static final int SECOND = 64; // another cache line, the same page
    private static final int DABS = 1024;
    private static final long LOCK = 1L << 30;
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private MemoryTrials() {}

    static Seen stores(Stage stage) throws IOException {
        try {
            stage.a().map(FILE);
            if (stage.b().expendable()) stage.b().map(FILE);
        } catch (Actor.Failure e) {
            return refused(e);
        }
        if (!stage.b().expendable()) {
            return Seen.unknown("a file can be mapped; who else sees what is stored there takes two processes that map,"
                    + " which only torture starts");
        }
        Seen turns = turns(stage);
        return turns.verdict() == Verdict.YES ? dabs(stage, turns) : turns;
    }

    /** EINVAL on 9p, ENODEV on virtiofs without a cache; anything else may pass. */
    private static Seen refused(Actor.Failure failure) throws Actor.Failure {
        String why = failure.said();
        boolean never =
                why.contains("Invalid argument") || why.contains("No such device") || why.contains("not supported");
        if (!never) throw failure;
        return Seen.no("the storage refuses to map a file for writing: " + why);
    }

    private static Seen turns(Stage stage) throws IOException {
        int rounds = stage.budget().rounds();
        for (long value = 1; value <= rounds; value++) {
            Seen there = turn(stage.a(), stage.b(), FIRST, value);
            Seen back = turn(stage.b(), stage.a(), SECOND, value);
            if (there.verdict() != Verdict.YES) return there;
            if (back.verdict() != Verdict.YES) return back;
        }
        return Seen.yes("%d of %d stores were seen at once, in both directions".formatted(2 * rounds, 2 * rounds));
    }

    private static Seen turn(Actor storer, Actor watcher, int position, long value) throws IOException {
        storer.poke(FILE, position, value);
        return seen(() -> watcher.peek(FILE, position) == value, "a store of one process into a mapped page");
    }

    /** Two bytes of one page, each under its own lock: where pages are copied to and fro, one of the two is lost. */
    private static Seen dabs(Stage stage, Seen turns) throws IOException {
        int rounds = Math.min(stage.budget().rounds(), 100); // a byte holds no more
        for (int value = 1; value <= rounds; value++) {
            lock(stage.a(), LOCK);
            lock(stage.b(), LOCK + 1);
            stage.a().dab(FILE, DABS, value);
            stage.b().dab(FILE, DABS + 1, value);
            stage.a().unlock(FILE);
            stage.b().unlock(FILE);
            for (Actor actor : new Actor[] {stage.a(), stage.b()}) {
                long left = actor.look(FILE, DABS);
                long right = actor.look(FILE, DABS + 1);
                if (left != value || right != value) {
                    return Seen.no("two processes stored %d into two bytes of one page, and one then saw %d and %d"
                            .formatted(value, left, right));
                }
            }
        }
        return Seen.yes(turns.because() + "; two bytes of one page both survived %d times".formatted(rounds));
    }

    private static void lock(Actor actor, long position) throws IOException {
        if (!actor.lock(FILE, position, 1, false)) throw new IOException("a lock that nobody holds was refused");
    }

    /** The mapping process is always the first: the other may not map. */
    static Seen mapAndRead(Stage stage) throws IOException {
        if (stage.verdict(Question.MEMORY_IS_SHARED) == Verdict.NO) {
            return Seen.unknown("not tried, because mapped memory does not work here");
        }
        Actor mapping = stage.a();
        Actor reading = stage.b();
        String file = "map-and-read";
        reading.write(file, 40_000, 0); // something to map
        mapping.map(file);
        int rounds = stage.budget().rounds();
        for (long value = 1; value <= rounds; value++) {
            long wanted = value;
            mapping.poke(file, FIRST, wanted);
            Seen store = seen(() -> reading.read(file, FIRST) == wanted, "a store of one process into a mapped page");
            if (store.verdict() != Verdict.YES) return store;
            reading.write(file, SECOND, wanted);
            Seen write = seen(() -> mapping.peek(file, SECOND) == wanted, "a write of one process into a mapped page");
            if (write.verdict() != Verdict.YES) return write;
        }
        return Seen.yes("reads, writes and mapped stores agreed at once, %d times each way".formatted(rounds));
    }

    @FunctionalInterface
    private interface Look {
        boolean sees() throws IOException;
    }

    /** At once, or not good enough; how late is told, since it tells caches from copies. */
    private static Seen seen(Look look, String what) throws IOException {
        if (look.sees()) return Seen.yes("");
        long start = System.nanoTime();
        while (System.nanoTime() - start < WINDOW_NANOS) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            if (look.sees()) {
                long late = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                return Seen.no(what + " was seen by the other only after " + late + " ms");
            }
        }
        return Seen.no(what + " was not seen by the other within 500 ms");
    }
}
