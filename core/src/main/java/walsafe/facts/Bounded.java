package walsafe.facts;

import java.time.Duration;

/**
 * Waits for what may never return. A system call on a dead network or FUSE mount blocks its thread for good, and nothing
 * can wake it; so it gets a daemon thread, which a JVM does not wait for when it exits.
 */
final class Bounded {
    private static final Duration LONGEST = Duration.ofDays(1);

    private Bounded() {}

    /** Starts a look on a thread of its own. */
    static Thread start(String name, Runnable look) {
        Thread thread = new Thread(look, "walsafe: " + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /**
     * Waits for the look.
     *
     * @return did it finish within the patience? If not, it goes on, and what it writes later must not be read. An
     *     interrupt ends the patience and is kept for the caller
     */
    static boolean finishes(Thread look, Duration patience) {
        Duration wait = patience.compareTo(LONGEST) > 0 ? LONGEST : patience;
        try {
            look.join(Math.max(1, wait.toMillis())); // 0 would mean "for ever"
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !look.isAlive();
    }

    /** {@code 5 s}, {@code 250 ms}. */
    static String words(Duration patience) {
        return patience.getNano() == 0 ? patience.getSeconds() + " s" : patience.toMillis() + " ms";
    }
}
