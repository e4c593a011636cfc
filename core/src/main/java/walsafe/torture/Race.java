package walsafe.torture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import walsafe.torture.Schedule.Blow;

/** One round: all processes on one fresh database, until the time or the room is used up. */
final class Race {
    private static final long TICK_MILLIS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(20); // to open at first, and to close at last

    /** At half of it the round ends, so that no process ever gets to the rest. */
    private static final long DISK_SHARE_FULL = 2;

    private final Ordeal ordeal;
    private final Scratch scratch;
    private final Schedule schedule;
    private final Tally tally;
    private final Ledger ledger = new Ledger();
    private final List<Slot> slots = new ArrayList<>();
    private final Progress progress;
    private long racedMillis;

    /** @param databases the same file, by the path that each process uses */
    Race(
            Ordeal ordeal,
            Means means,
            List<Path> databases,
            Scratch scratch,
            Path libraries,
            Schedule schedule,
            Tally tally,
            Line.Source source,
            Progress progress) {
        this.ordeal = ordeal;
        this.scratch = scratch;
        this.schedule = schedule;
        this.tally = tally;
        this.progress = progress;
        for (int process = 0; process < ordeal.processes(); process++) {
            boolean reader = process % 3 == 2;
            Path database = databases.get(process);
            slots.add(new Slot(
                    process,
                    account -> new Spec(
                            account.writer,
                            ordeal.seed(),
                            reader,
                            ordeal.diskBytes(),
                            database,
                            libraries.resolve("process-" + account.process + "-" + account.writer),
                            means),
                    source,
                    ledger,
                    tally));
        }
    }

    /** Returns the ledger once every process has ended. */
    Ledger run(long millis) throws InterruptedException {
        try {
            slots.get(0).start(); // makes the tables; whoever is first would be a matter of luck
            awaitReady(1);
            for (Slot slot : slots.subList(1, slots.size())) slot.start();
            awaitReady(slots.size());
            long since = tally.millis();
            torture(since + millis);
            racedMillis = tally.millis() - since;
            end();
            return ledger;
        } finally {
            slots.forEach(Slot::kill);
        }
    }

    /** A machine at its limit starts Java slowly, and the race is to be a race. */
    private void awaitReady(int processes) throws InterruptedException {
        long until = tally.millis() + PATIENCE.toMillis();
        while (ready() < processes && tally.millis() < until) {
            for (Slot slot : slots) slot.know(ledger.accounts());
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            tell("starting");
        }
        if (ready() < processes) {
            tally.doubt("after " + PATIENCE.toSeconds() + " s only " + ready() + " of " + processes
                    + " processes had opened the database");
        }
    }

    private long ready() {
        return slots.stream().filter(Slot::isReady).count();
    }

    private void torture(long untilMillis) throws InterruptedException {
        Blow blow = schedule.next();
        long at = tally.millis() + blow.after().toMillis();
        while (tally.millis() < untilMillis && room()) {
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            for (Slot slot : slots) slot.know(ledger.accounts());
            if (tally.millis() >= at) {
                strike(blow);
                blow = schedule.next();
                at = tally.millis() + blow.after().toMillis();
            }
            tell("racing");
        }
    }

    private void strike(Blow blow) {
        Slot one = slots.get(blow.process());
        if (blow.everybody()) {
            if (ready() < slots.size()) return;
            one.stopTheNext(blow);
            slots.forEach(Slot::killOnce);
        } else if (!blow.kills() || ready() > slots.size() / 2) {
            one.strike(blow);
        }
    }

    long racedMillis() {
        return racedMillis;
    }

    private boolean room() {
        return scratch.size() < ordeal.diskBytes() / DISK_SHARE_FULL;
    }

    private void tell(String what) {
        Report.Counts counts = tally.counts();
        progress.at(Duration.ofMillis(tally.millis()), counts.acknowledged(), counts.kills(), what);
    }

    private void end() throws InterruptedException {
        tell("ending");
        if (schedule.endsWithABlow()) slots.forEach(Slot::kill);
        else slots.forEach(Slot::end);
        long until = tally.millis() + PATIENCE.toMillis();
        boolean ended = true;
        for (Slot slot : slots) ended &= slot.join(Duration.ofMillis(until - tally.millis()));
        if (!ended) {
            tally.doubt("a process did not end within " + PATIENCE.toSeconds() + " s and was killed");
            slots.forEach(Slot::kill);
            for (Slot slot : slots) slot.join(Duration.ofSeconds(5));
        }
    }
}
