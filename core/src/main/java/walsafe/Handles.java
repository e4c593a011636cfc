package walsafe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import walsafe.facts.Facts;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.guard.Guard;
import walsafe.policy.Intent;

/**
 * One guard per database in this program, and how many handles there are to it. Opening and closing wait only for others
 * of the same database, and closing holds nothing while it waits for works: a work may open other databases.
 */
final class Handles {
    private static final Object MONITOR = new Object(); // never held while a file is touched or a work awaited
    private static final Duration CLOSING_PATIENCE = Duration.ofSeconds(10);
    private static final Map<Path, Shared> OPEN = new HashMap<>(); // guarded by MONITOR

    private Handles() {}

    /** @param beside none for a database in memory */
    record Opened(Facts facts, Guard guard, Optional<Beside> beside) {
        /** Only an end without a trouble is called clean. */
        void close() {
            boolean whole = false;
            try {
                guard.close();
                whole = guard.trouble().isEmpty();
            } finally {
                if (whole) beside.ifPresent(files -> files.ended(guard.plan()));
                else beside.ifPresent(Beside::abandoned);
            }
        }
    }

    interface Opening {
        Opened open() throws SQLException;
    }

    /** A guard and its handles; closes with the last of them. */
    static final class Shared {
        private final Path key;
        private final Intent intent;
        private volatile Optional<Object> identity = Optional.empty(); // device and inode, once it is open
        private Optional<Opened> opened = Optional.empty(); // this and the next three guarded by this
        private Optional<Claim> claim = Optional.empty();
        private int handles;
        private boolean gone;
        private final CountDownLatch left = new CountDownLatch(1); // closed in full

        private Shared(Path key, Intent intent) {
            this.key = key;
            this.intent = intent;
        }

        /** Empty if its last handle was closed meanwhile. */
        private synchronized Optional<SafeDatabase> join(Intent asked, Opening opening) throws SQLException {
            if (gone) return Optional.empty();
            if (opened.isEmpty()) open(opening);
            if (!intent.equals(asked)) throw disagree(key, intent, asked);
            if (!identity.equals(identity(key))) throw replaced(key);
            handles++;
            return Optional.of(new SafeDatabase(this, opened.orElseThrow()));
        }

        /** Empty if it is not open, or no longer. */
        private synchronized Optional<SafeDatabase> joinIfOpen(Intent asked) throws SQLException {
            return gone || opened.isEmpty() ? Optional.empty() : join(asked, opened::orElseThrow);
        }

        private void open(Opening opening) throws SQLException {
            try {
                Claim fresh = Claim.of(key);
                claim = Optional.of(fresh);
                Opened now = opening.open();
                orClose(now, fresh::exists);
                opened = Optional.of(now);
                identity = identity(key);
            } finally {
                if (opened.isEmpty()) {
                    claim.ifPresent(Claim::close);
                    gone = true;
                    leave();
                }
            }
        }

        private static void orClose(Opened now, Runnable step) {
            boolean done = false;
            try {
                step.run();
                done = true;
            } finally {
                if (!done) now.close();
            }
        }

        /** @param closed the handle's own flag, set here so that it counts once */
        void release(AtomicBoolean closed) {
            Opened last;
            synchronized (this) {
                if (closed.get()) return;
                last = opened.orElseThrow();
                if (handles == 1 && last.guard().inWork()) {
                    throw new IllegalStateException("the last handle to " + key + " was closed inside a work");
                }
                closed.set(true);
                if (--handles > 0) return;
                gone = true;
            }
            try {
                last.close();
            } finally {
                // Connections that were left open keep the file from every other copy of walsafe here, too.
                if (!last.guard().abandoned()) claim.ifPresent(Claim::close);
                leave();
            }
        }

        /** Only now is there room for another of this database: it would find the claim taken, or be stamped as closed. */
        private void leave() {
            synchronized (MONITOR) {
                OPEN.remove(key, this);
            }
            left.countDown();
        }

        /** Holds nothing, since a work that is waited for may open other databases; one that opens its own waits in vain. */
        private void awaitLeaving() throws SQLException {
            boolean inItsWork;
            synchronized (this) {
                inItsWork = opened.map(last -> last.guard().inWork()).orElse(false);
            }
            try {
                if (!inItsWork && left.await(CLOSING_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new SQLException(key + " is being closed in this program, and a work on it has not ended"
                    + (inItsWork ? ": this one" : ""));
        }
    }

    /** A database in memory, with no other handle. */
    static SafeDatabase alone(Path name, Intent intent) throws SQLException {
        Facts facts = Facts.gather(name.toString(), Facts.PATIENCE);
        Guard guard = Guard.inMemory(name, intent.wishes());
        var shared = new Shared(name, intent);
        shared.opened = Optional.of(new Opened(facts, guard, Optional.empty()));
        return shared.join(intent, () -> shared.opened.orElseThrow()).orElseThrow();
    }

    /**
     * Another handle to a database that is open already, without gathering facts about it: a process of its own would have
     * to read its bytes. Empty if it is not open here, or not by this name, and where the storage does not answer; then the
     * facts say more. Whether another place is meant is for them to say, too.
     */
    static Optional<SafeDatabase> again(Path database, Intent intent) throws SQLException {
        synchronized (MONITOR) {
            if (OPEN.isEmpty()) return Optional.empty();
        }
        Optional<Path> real = realPath(database);
        if (real.isEmpty()) return Optional.empty();
        Shared shared;
        synchronized (MONITOR) {
            shared = OPEN.get(real.get());
        }
        if (shared == null) return Optional.empty();
        boolean elsewhere = intent.elsewhere().isPresent() && !intent.equals(shared.intent);
        return elsewhere ? Optional.empty() : shared.joinIfOpen(intent);
    }

    /** On a thread that may be left behind: on a storage that is gone this may never return. */
    private static Optional<Path> realPath(Path database) {
        var look = new FutureTask<Path>(database::toRealPath);
        Thread looker = new Thread(look, "walsafe: real path");
        looker.setDaemon(true);
        looker.start();
        try {
            return Optional.of(look.get(Facts.PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty(); // there is no such file, say
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** @param database its resolved path, the same for all its symbolic links */
    static SafeDatabase share(Path database, Intent intent, Opening opening) throws SQLException {
        Optional<Object> identity = identity(database);
        while (true) {
            Shared shared;
            synchronized (MONITOR) {
                mustHaveOneName(database, identity);
                shared = OPEN.computeIfAbsent(database, key -> new Shared(key, intent));
            }
            Optional<SafeDatabase> handle = shared.join(intent, opening);
            if (handle.isPresent()) return handle.get();
            shared.awaitLeaving();
        }
    }

    private static void mustHaveOneName(Path database, Optional<Object> identity) {
        if (identity.isEmpty()) return;
        for (Shared other : OPEN.values()) {
            if (other.key.equals(database) || !other.identity.equals(identity)) continue;
            throw new WalsafeException(new Finding(
                    Problem.HARD_LINKED,
                    database.toString(),
                    "the same file is open in this program as " + other.key
                            + "; SQLite would make a second -wal or -journal for this name",
                    Remedy.of("Open it by one name only.")));
        }
    }

    /** Device and inode; empty if there is no such file, or the platform has no such thing. Opens nothing. */
    private static Optional<Object> identity(Path file) {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static WalsafeException replaced(Path database) {
        return new WalsafeException(new Finding(
                Problem.DELETED_BUT_OPEN,
                database.toString(),
                "this program has another file open that had this name before",
                Remedy.of("Close every handle to it, then open it again; never replace a database that is open.")));
    }

    private static WalsafeException disagree(Path database, Intent first, Intent second) {
        return new WalsafeException(new Finding(
                Problem.INTENTS_DISAGREE,
                database.toString(),
                "open here with " + first + ", asked for with " + second,
                Remedy.of("Open it everywhere in this program with the same intent.")));
    }
}
