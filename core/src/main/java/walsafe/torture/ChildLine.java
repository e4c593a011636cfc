package walsafe.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import walsafe.child.Child;
import walsafe.child.Task;
import walsafe.facts.HeldLocks;

/** A process of this host. */
final class ChildLine implements Line {
    static final Source HERE = new Source() {
        @Override
        public Line worker() throws IOException {
            return start(WorkerTask.class);
        }

        @Override
        public Line counter() throws IOException {
            return start(CountTask.class);
        }
    };

    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200); // a recovery takes some milliseconds

    private final Child child;

    private ChildLine(Child child) {
        this.child = child;
    }

    static Line start(Class<? extends Task> task) throws IOException {
        return new ChildLine(Child.start(task));
    }

    @Override
    public void tell(String line) throws IOException {
        child.tell(line);
    }

    @Override
    public String hear(Duration patience) throws IOException {
        return child.hear(patience);
    }

    @Override
    public void kill() {
        child.kill();
    }

    @Override
    public boolean stop(Duration time) {
        if (!Brake.here()) return false;
        try (Brake brake = Brake.on(child.pid())) {
            if (brake.stop()) brake.rest(time); // else it has just ended by itself
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A lock may be held for microseconds, and be gone when the process stands still: then it may go on, and is watched again. */
    @Override
    public boolean stopWith(Grip grip, Path database, Duration time, Duration patience) {
        long start = System.nanoTime();
        try {
            while (Brake.here() && System.nanoTime() - start < patience.toNanos()) {
                try (Brake brake = Brake.on(child.pid())) {
                    if (!seen(grip, database, start + patience.toNanos())) return false;
                    if (brake.stop() && brake.standsStill() && grip.in(HeldLocks.of(child.pid(), database))) {
                        brake.rest(time);
                        return true;
                    }
                    brake.release();
                }
            }
        } catch (IOException e) {
            return false; // no shell could be started
        }
        return false;
    }

    private boolean seen(Grip grip, Path database, long untilNanos) {
        while (System.nanoTime() - untilNanos < 0 && child.isAlive()) {
            if (grip.in(HeldLocks.of(child.pid(), database))) return true;
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return false;
    }

    long pid() {
        return child.pid();
    }

    @Override
    public void close() {
        kill();
        child.close();
    }
}
