package walsafe.format;

import java.io.RandomAccessFile;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The descriptors that could not be closed because somebody else in this process has the file open too. A thread looks
 * after them: it closes each as soon as it is the only one, and ends with the last. As long as it runs, neither garbage
 * collection nor the end of our class loader can close one: a thread that lives is never collected, nor what it knows.
 */
final class Kept implements Runnable {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Set<Descriptor> ALL = new HashSet<>(); // guarded by itself, like the next
    private static final Set<RandomAccessFile> FOR_EVER = new HashSet<>(); // guarded by ALL
    private static boolean looking;

    private Kept() {}

    static void keep(Descriptor descriptor) {
        synchronized (ALL) {
            ALL.add(descriptor);
        }
        look();
    }

    /** One of which is not known what file it is. Each costs a descriptor until the process ends. */
    static void forEver(RandomAccessFile file) {
        synchronized (ALL) {
            FOR_EVER.add(file);
        }
        look();
    }

    private static void look() {
        synchronized (ALL) {
            if (looking) return;
            looking = true;
        }
        Thread thread = new Thread(new Kept(), "walsafe: kept descriptors");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    @Override
    public void run() {
        Set<Descriptor> held = Set.of(); // on this thread's stack: what keeps them alive, come what may
        try {
            Duration pause = FIRST_PAUSE;
            while (true) {
                LockSupport.parkNanos(pause.toNanos()); // an interrupt shortens a pause, and must do no more
                boolean interrupted = Thread.interrupted();
                held = all();
                for (Descriptor each : held) {
                    if (each.releasedAtLast()) forget(each);
                }
                if (noneLeft()) return;
                pause = interrupted || pause.compareTo(LONGEST_PAUSE) >= 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        } catch (Throwable e) {
            // Our classes may be gone with their jar, and memory may be short. What is held must stay held.
            while (!held.isEmpty() || !ALL.isEmpty() || !FOR_EVER.isEmpty()) LockSupport.park();
        }
    }

    private static Set<Descriptor> all() {
        synchronized (ALL) {
            return new HashSet<>(ALL);
        }
    }

    private static void forget(Descriptor descriptor) {
        synchronized (ALL) {
            ALL.remove(descriptor);
        }
    }

    private static boolean noneLeft() {
        synchronized (ALL) {
            looking = !ALL.isEmpty() || !FOR_EVER.isEmpty();
            return !looking;
        }
    }
}
