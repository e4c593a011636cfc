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

    private final Set<Descriptor> all = new HashSet<>(); // guarded by this, like the next two
    private final Set<RandomAccessFile> forEver = new HashSet<>();
    private boolean looking;

    synchronized void keep(Descriptor descriptor) {
        all.add(descriptor);
        lookAfterThem();
    }

    /** One of which is not known what file it is. Each costs a descriptor until the process ends. */
    synchronized void forEver(RandomAccessFile file) {
        forEver.add(file);
        lookAfterThem();
    }

    private void lookAfterThem() {
        if (looking) return;
        Thread thread = new Thread(this, "walsafe: kept descriptors");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
        looking = true;
    }

    /** An interrupt shortens a pause, and must do no more. */
    @Override
    public void run() {
        try {
            Duration pause = FIRST_PAUSE;
            while (true) {
                LockSupport.parkNanos(pause.toNanos());
                boolean interrupted = Thread.interrupted();
                for (Descriptor each : some()) {
                    if (each.releasedAtLast()) forget(each);
                }
                if (noneLeft()) return;
                if (!interrupted && pause.compareTo(LONGEST_PAUSE) < 0) pause = pause.multipliedBy(2);
            }
        } catch (Throwable e) {
            // Our classes may be gone with their jar, and memory may be short. What is held must stay held.
            while (!noneLeft()) LockSupport.park();
        }
    }

    private synchronized Set<Descriptor> some() {
        return new HashSet<>(all);
    }

    /** Unless somebody reads by it again, and so gives it back again. */
    private synchronized void forget(Descriptor descriptor) {
        if (!descriptor.isOpen()) all.remove(descriptor);
    }

    private synchronized boolean noneLeft() {
        looking = !all.isEmpty() || !forEver.isEmpty();
        return !looking;
    }
}
