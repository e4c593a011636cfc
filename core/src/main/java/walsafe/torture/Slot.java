package walsafe.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Pattern;
import walsafe.torture.Schedule.Blow;

/**
 * One place in the race: a process, and when it is killed the next one in its place. A thread of its own hears what the
 * process says; the thread of the race tells it things and strikes.
 */
final class Slot {
    private static final Duration SILENCE = Duration.ofSeconds(30); // a machine at its limit, with all locks waited for
    private static final Duration WATCH = Duration.ofSeconds(3); // for a process to start, or to come by a lock
    private static final int MOST_FAILED_STARTS = 5;

    private static final Pattern LINE = Pattern.compile("[-+?] \\d+|o .+|[rcb]|at [A-Z]+|[se] \\S+ .*|" + Worker.BYE);

    private final int process;
    private final Function<Ledger.Account, Spec> specs;
    private final Line.Source source;
    private final Ledger ledger;
    private final Tally tally;
    private final Thread thread;

    // All from here to struck are guarded by this.
    private final Map<Integer, Integer> toldLast = new HashMap<>(); // by writer
    private Optional<Line> line = Optional.empty();
    private Optional<Blow> pending = Optional.empty();
    private Optional<Blow> forTheNext = Optional.empty();
    private Optional<Path> database = Optional.empty(); // as the process that is here names it
    private boolean watched; // until it holds a lock
    private boolean ready; // it has opened the database
    private boolean struck;
    private volatile boolean over;

    Slot(int process, Function<Ledger.Account, Spec> specs, Line.Source source, Ledger ledger, Tally tally) {
        this.process = process;
        this.specs = specs;
        this.source = source;
        this.ledger = ledger;
        this.tally = tally;
        this.thread = new Thread(this::live, "walsafe: process " + (process + 1));
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void live() {
        int failed = 0;
        while (!over && failed < MOST_FAILED_STARTS) {
            Ledger.Account account = ledger.open(process);
            try (Line fresh = source.worker()) {
                Spec spec = specs.apply(account);
                fresh.tell(spec.told());
                here(Optional.of(fresh), Optional.of(spec.database()));
                tally.started(process);
                failed = hearOut(fresh, account) ? 0 : failed + 1;
            } catch (IOException e) {
                failed++;
                if (!over) tally.doubt("a process could not be started: " + e.getMessage());
            } finally {
                here(Optional.empty(), Optional.empty());
            }
            if (failed > 0) LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private synchronized void here(Optional<Line> now, Optional<Path> itsDatabase) {
        line = now;
        database = itsDatabase;
        toldLast.clear();
        pending = Optional.empty();
        ready = false;
        struck = false;
        watched = false;
        if (now.isPresent()) {
            forTheNext.ifPresent(this::watch);
            forTheNext = Optional.empty();
        }
        if (over) tellQuietly(Orders.END);
    }

    /** Until it ends; true if it has opened the database. */
    private boolean hearOut(Line line, Ledger.Account account) {
        try {
            while (true) {
                String said = line.hear(SILENCE);
                take(said, account);
                if (said.equals(Worker.BYE)) break;
            }
        } catch (IOException e) {
            if (!wasStruck()) tally.died("process " + (process + 1) + " ended by itself: " + e.getMessage());
        }
        return isReady();
    }

    private synchronized boolean wasStruck() {
        return struck;
    }

    synchronized boolean isReady() {
        return ready;
    }

    private synchronized void opened(String version) {
        ready = true;
        tally.version(version);
    }

    private void take(String said, Ledger.Account account) {
        if (!LINE.matcher(said).matches()) { // a JVM that dies of a torn -shm says so here
            tally.doubt("process " + (process + 1) + " said: " + said.strip());
            return;
        }
        switch (said.charAt(0)) {
            case '+', '-', '?' -> {
                account.told(said.charAt(0), Integer.parseInt(said.substring(2)));
                if (said.charAt(0) == '+') tally.acknowledged(process);
            }
            case 'o' -> opened(said.substring(2));
            case 'r' -> tally.read();
            case 'c' -> tally.checkpointed();
            case 'a' -> arrived(Point.valueOf(said.substring("at ".length())));
            case 's' -> {
                String[] words = said.split(" ", 3);
                tally.symptom(process, words[1], words[2]);
            }
            case 'e' -> {
                String[] words = said.split(" ", 3);
                tally.error(process, Integer.parseInt(words[1]), words[2]);
            }
            case 'b' -> {
                if (said.equals(Worker.BYE)) account.closed();
                else tally.busy();
            }
            default -> throw new IllegalStateException("a worker said: " + said);
        }
    }

    /** Once it has opened the database; one that is starting is left alone. */
    synchronized void strike(Blow blow) {
        if (!ready || struck || watched || pending.isPresent()) return;
        if (blow.grip().isPresent()) {
            watch(blow);
            return;
        }
        if (blow.point() == Point.ANYWHERE) {
            hit(blow);
            return;
        }
        pending = Optional.of(blow);
        tellQuietly(Orders.AT + blow.point());
    }

    /** The next one here is stopped in what it does first, whoever is here now. */
    synchronized void stopTheNext(Blow blow) {
        if (blow.grip().isPresent()) forTheNext = Optional.of(blow);
    }

    /** A thread of its own waits until the process has the lock; if that does not come, it is stopped wherever it is. */
    private void watch(Blow blow) {
        Grip grip = blow.grip().orElseThrow();
        Line here = line.orElseThrow();
        Path its = database.orElseThrow();
        watched = true;
        if (grip.point() != Point.ANYWHERE) tellQuietly(Orders.AT + grip.point());
        Thread watch = new Thread(
                () -> watched(here, blow, here.stopWith(grip, its, blow.stop(), WATCH)),
                thread.getName() + ", watched");
        watch.setDaemon(true);
        watch.start();
    }

    private synchronized void watched(Line here, Blow blow, boolean stopped) {
        if (stopped) tally.stopped(process, blow.grip().orElseThrow());
        if (!line.equals(Optional.of(here))) return; // another is here by now
        watched = false;
        if (!stopped && ready && !struck) hit(blow);
    }

    private synchronized void arrived(Point point) {
        if (pending.isEmpty() || pending.get().point() != point) return;
        hit(pending.get());
        pending = Optional.empty();
    }

    private void hit(Blow blow) {
        Line here = line.orElseThrow();
        if (blow.kills()) {
            struck = true;
            here.kill();
            tally.killed(process);
        } else if (here.stop(blow.stop())) {
            tally.stopped(process);
        } else {
            tally.doubt("no process could be stopped here, only killed");
        }
    }

    /** What others have been told is committed, so that its next read is held to it. */
    synchronized void know(Map<Integer, Ledger.Account> accounts) {
        accounts.forEach((writer, account) -> {
            int latest = account.latest();
            if (latest < 1 || toldLast.getOrDefault(writer, 0) >= latest) return;
            toldLast.put(writer, latest);
            tellQuietly(Orders.KNOW + writer + " " + latest);
        });
    }

    private synchronized void tellQuietly(String order) {
        try {
            if (line.isPresent()) line.get().tell(order);
        } catch (IOException e) {
            // It has ended; the thread that hears it knows.
        }
    }

    void end() {
        over = true;
        tellQuietly(Orders.END);
    }

    void kill() {
        over = true;
        killNow();
    }

    /** Another takes its place at once. */
    synchronized void killOnce() {
        if (ready) killNow();
    }

    private synchronized void killNow() {
        if (line.isPresent() && !struck) {
            struck = true;
            line.get().kill();
            tally.killed(process);
        }
    }

    /** True if it has ended by then. */
    boolean join(Duration patience) throws InterruptedException {
        thread.join(Math.max(1, patience.toMillis()));
        return !thread.isAlive();
    }
}
