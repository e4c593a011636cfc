package walsafe.guard;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The connections that only read, opened when they are first needed: at most {@value #MOST} are in use at a time, and
 * who waits gets one in the order of coming. Whoever needs to be alone waits in the same queue, for all of them; those
 * that come later read later.
 *
 * <p>A read of one row takes SQLite two microseconds, so what surrounds it counts: one permit says both that a
 * connection may be used and that nobody is alone, and a connection that rests lies in the place that its thread looks
 * at first.
 *
 * <p><b>Invariant.</b> Who has a permit has at most one connection, so there is a free place when it is put back.
 */
final class Readers {
    private static final int MOST = 4; // a power of two

    private final Semaphore permits = new Semaphore(MOST, true);
    private final AtomicReferenceArray<Session> resting = new AtomicReferenceArray<>(MOST);

    interface Fresh {
        Session open() throws SQLException;
    }

    /** Waits for a permit, however often the thread is interrupted. */
    void enter() {
        permits.acquireUninterruptibly();
    }

    void leave() {
        permits.release();
    }

    /** A connection for the holder of a permit. */
    Session take(Fresh fresh) throws SQLException {
        int first = place();
        for (int i = 0; i < MOST; i++) {
            int at = (first + i) & (MOST - 1);
            Session session = resting.getPlain(at);
            if (session != null && resting.compareAndSet(at, session, null)) return session;
        }
        return fresh.open();
    }

    /** To be called before the permit is given back. */
    void putBack(Session session) {
        for (int at = place(); !resting.compareAndSet(at, null, session); at = (at + 1) & (MOST - 1)) {
            Thread.onSpinWait(); // this place is taken; by the invariant another is free
        }
    }

    private static int place() {
        return (int) Thread.currentThread().getId() & (MOST - 1);
    }

    /** Waits until nobody reads, and keeps everybody from it until {@link #readAgain}. */
    void beAlone() {
        permits.acquireUninterruptibly(MOST);
    }

    /** The same, unless it lasts too long; an interrupt ends the waiting. */
    boolean beAloneWithin(Duration patience) throws InterruptedException {
        return permits.tryAcquire(MOST, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    void readAgain() {
        permits.release(MOST);
    }

    /** Takes all that rest; all there are, if the caller is alone. */
    List<Session> takeAll() {
        List<Session> all = new ArrayList<>();
        for (int at = 0; at < MOST; at++) {
            Session session = resting.getAndSet(at, null);
            if (session != null) all.add(session);
        }
        return all;
    }
}
