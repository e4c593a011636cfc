package walsafe.guard;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Leaves a lock that other hosts want, too, free for a while before it is taken again. Nobody queues for SQLite's locks: who
 * waits looks about every 100 ms (main.c, sqliteDefaultBusyCallback), and a program that writes without a pause leaves
 * the lock free for one or two. In the lab a second host did not get in for 5 seconds on SMB, and did 12 works beside 628
 * on NFSv3. Free for a quarter of the time that it was held, it is found free by one look in five. A work that comes
 * later than that does not wait.
 *
 * <p>Not thread-safe; whoever uses it has the writing lock.
 */
final class Turns {
    private static final int PART = 4;
    private static final long LONGEST_NANOS = 1_000_000_000;

    private final LongSupplier nanoTime;
    private long began;
    private long ended;
    private long pause;

    Turns() {
        this(System::nanoTime);
    }

    Turns(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Waits until others have had their chance. */
    void begin() {
        long left = leftNanos();
        if (left > 0) LockSupport.parkNanos(left); // an interrupt makes it shorter, which harms nobody
        began = nanoTime.getAsLong();
    }

    long leftNanos() {
        return pause == 0 ? 0 : pause - (nanoTime.getAsLong() - ended);
    }

    void end() {
        ended = nanoTime.getAsLong();
        pause = Math.min(LONGEST_NANOS, (ended - began) / PART);
    }
}
