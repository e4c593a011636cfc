package walsafe.facts;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Gathers the facts about one database. All that touches its path happens on a thread that may be left behind: a stat
 * on a dead network mount never returns. The host is looked at meanwhile, on the caller's thread. What is known when
 * the patience ends is told.
 */
final class Gathering {
    /** What the thread is about, in the order it goes; each waits for a party of its own. */
    private enum Step {
        TARGET,
        STORAGE,
        FILES,
        VIEWS,
        NEIGHBOURS
    }

    private final String os = System.getProperty("os.name");
    private final Duration patience;
    private final TargetLook targetLook;
    private final FutureTask<Host> hostLook =
            new FutureTask<>(() -> attempt("the host", this::unknownHost, HostLook::here));
    private final List<String> unseen = Collections.synchronizedList(new ArrayList<>());

    // Written by the thread that looks, read by the one that waits.
    private volatile Step step = Step.TARGET;
    private volatile Optional<Target> target = Optional.empty();
    private volatile Storage storage = StorageLook.NOWHERE;
    private volatile Optional<CoherenceDomain> domain = Optional.empty();
    private volatile DatabaseFacts files = DatabaseFacts.NONE;
    private volatile Neighbours neighbours = Neighbours.NOT_LOOKED;

    Gathering(String database, Duration patience) {
        this.patience = patience;
        this.targetLook = new TargetLook(database);
    }

    Facts facts() {
        long start = System.nanoTime();
        Thread looker = Bounded.start("facts", this::look);
        hostLook.run();
        Optional<SqliteVersion> sqlite = OwnSqlite.version();
        boolean finished = Bounded.finishes(looker, patience.minusNanos(System.nanoTime() - start));
        Optional<Target> seen = target;
        if (seen.isEmpty()) return silent(sqlite);
        if (!finished) unseen.add(waitingFor() + " could not be told " + inTime());
        return new Facts(
                seen.get(), storage, domain, host(), files, neighbours, sqlite, List.of(), List.copyOf(unseen));
    }

    /** The storage has not answered: what is known is its name, and what the mount table says of it. */
    private Facts silent(Optional<SqliteVersion> sqlite) {
        Storage known = storage.mount().isPresent() ? storage : spelled();
        unseen.add("the storage at " + place(known) + " did not answer " + inTime());
        return new Facts(
                targetLook.silent(),
                known,
                Optional.empty(),
                host(),
                DatabaseFacts.notRead("the storage did not answer"),
                Neighbours.NOT_LOOKED,
                sqlite,
                List.of(),
                List.copyOf(unseen));
    }

    private String waitingFor() {
        return step == Step.NEIGHBOURS ? "who has it open" : "other mounts of the same files";
    }

    private String inTime() {
        boolean interrupted = Thread.currentThread().isInterrupted();
        return interrupted ? "before this thread was interrupted" : "in " + Bounded.words(patience);
    }

    private void look() {
        Target seen = attempt("the name", targetLook::silent, () -> targetLook.look(os));
        unseen.addAll(targetLook.unseen());
        if (seen.state() == Target.State.SILENT) {
            files = DatabaseFacts.notRead("the storage answers with an error");
            storage = spelled();
        } else if (seen.database().isPresent()) {
            lookAtPlace(seen);
        }
        target = Optional.of(seen);
    }

    private void lookAtPlace(Target seen) {
        step = Step.STORAGE;
        StorageLook look = new StorageLook(os);
        storage = attempt("the storage", () -> StorageLook.NOWHERE, () -> look.under(seen));
        step = Step.FILES;
        Optional<Footprint> before = seen.database().map(Footprint::of);
        files = attempt(
                "the files",
                () -> DatabaseFacts.notRead("the look at them broke off"),
                () -> DatabaseLook.at(seen, storage, patience.minus(patience.dividedBy(4))));
        tellMotion(seen, before);
        domain = attempt("the coherence domain", Optional::empty, () -> domainOf(seen));
        // From here on the storage has answered, whoever else keeps us waiting.
        target = Optional.of(seen);
        step = Step.VIEWS;
        Duration half = patience.dividedBy(2);
        Storage alone = storage;
        storage = alone.viewsNotTold(); // until they are: the patience may end in between
        storage = attempt("other mounts", alone::viewsNotTold, () -> look.withViews(alone, seen, half));
        unseen.addAll(look.unseen());
        step = Step.NEIGHBOURS;
        neighbours = attempt(
                "the neighbours", () -> Neighbours.NOT_LOOKED, () -> NeighbourLook.of(seen, storage, host(), files));
        List<Sign> signs = attempt(
                "the signs of other processes",
                List::of,
                () -> Signs.beside(Path.of(seen.database().orElseThrow()), host(), storage));
        neighbours = neighbours.with(signs);
        // Again: a program that wrote and ended after the files were read is not among the neighbours.
        tellMotion(seen, before);
    }

    private void tellMotion(Target seen, Optional<Footprint> before) {
        if (!seen.database().map(Footprint::of).equals(before)) files = files.seenChanging();
    }

    /** A defect of ours in one look must not hide what the others saw; it is told like all that was not seen. */
    private <T> T attempt(String what, Supplier<T> otherwise, Supplier<T> look) {
        try {
            return look.get();
        } catch (RuntimeException e) {
            unseen.add(what + " could not be looked at: " + e);
            return otherwise.get();
        }
    }

    private Storage spelled() {
        return targetLook
                .reached()
                .map(path -> StorageLook.bySpelling(os, path))
                .orElse(StorageLook.NOWHERE);
    }

    /** {@code /mnt/x (fuse.sshfs, server:/path)}. */
    private String place(Storage silent) {
        return silent.mount()
                .map(mount -> mount.point() + " (" + mount.type() + ", " + mount.source() + ")")
                .or(() -> targetLook.reached().map(Path::toString))
                .orElse("that name");
    }

    private Optional<CoherenceDomain> domainOf(Target seen) {
        try {
            return DomainLook.of(seen, storage, host().bootId());
        } catch (IOException e) {
            unseen.add("the identity of the database file could not be asked: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Host host() {
        try {
            return hostLook.get();
        } catch (ExecutionException e) {
            return unknownHost(); // an Error, which the thread that ran into it has told
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknownHost();
        }
    }

    private Host unknownHost() {
        return new Host(
                os,
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN,
                0,
                Optional.empty(),
                false,
                Optional.empty(),
                false,
                Optional.empty(),
                Set.of(),
                List.of());
    }
}
