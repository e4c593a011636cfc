package walsafe.sidecar;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import walsafe.facts.Facts;
import walsafe.facts.Sign;
import walsafe.facts.Signs;

/**
 * Looks for a process of another host of our name whose lock was granted to us although it lives. Neither alone is proof:
 * hosts of one name may be two clients all the same (nfs4_unique_id, containers), then the lock keeps us out; and a lock
 * that is free may be that of a process that died, then its sign stays as it is. To tell, a sign is watched for up to
 * three heartbeats; of one that stays silent the lock's file is removed, so that nobody watches it again.
 */
public final class Twins {
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Folder folder;
    private final Supplier<List<Sign>> look;
    private final Duration patience;
    private final Duration pause;

    Twins(Folder folder, Supplier<List<Sign>> look, Duration patience, Duration pause) {
        this.folder = folder;
        this.look = look;
        this.patience = patience;
        this.pause = pause;
    }

    /**
     * A process that shares our host's name and does not share our locks; empty if none was found. To be asked with our own
     * sign shown, so that of two that come at once one sees the other. Costs nothing but on NFS, there a try of each lock of
     * our name's, and up to {@link Watch#PATIENCE} if one is free.
     */
    public static Optional<Sign> of(Path database, Facts facts) {
        String name = Tether.nameDigits(facts);
        if (!Tether.useful(facts) || name.isEmpty()) return Optional.empty();
        Supplier<List<Sign>> look = () -> Signs.beside(database, facts.host(), facts.storage());
        return new Twins(Folder.of(database), look, Watch.PATIENCE, PAUSE).named(name);
    }

    Optional<Sign> named(String name) {
        Map<String, Sign> free = new HashMap<>();
        for (Sign sign : look.get()) {
            boolean ofOurName = sign.origin() == Sign.Origin.OTHER_KERNEL && sign.id().startsWith(name);
            if (ofOurName && Tether.tried(folder, sign.id()) == Tether.Tried.GRANTED) free.put(sign.id(), sign);
        }
        return free.isEmpty() ? Optional.empty() : alive(free);
    }

    private Optional<Sign> alive(Map<String, Sign> free) {
        long start = System.nanoTime();
        try {
            while (!free.isEmpty() && System.nanoTime() - start < patience.toNanos()) {
                Thread.sleep(pause.toMillis());
                Set<String> there = new HashSet<>();
                for (Sign now : look.get()) {
                    there.add(now.id());
                    Sign before = free.get(now.id());
                    if (before != null && before.generation() != now.generation()) return Optional.of(now);
                }
                free.keySet().retainAll(there); // who takes his sign away has ended well
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        free.keySet().forEach(this::forget);
        return Optional.empty();
    }

    private void forget(String id) {
        try {
            Tether.forget(folder, id);
        } catch (IOException e) {
            // another user's: it is watched again next time
        }
    }
}
