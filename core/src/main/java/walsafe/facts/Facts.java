package walsafe.facts;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that was known when a decision was made. Equal facts and equal intent lead to the same plan, which makes a
 * bug report replayable.
 *
 * @param target what the caller named
 * @param storage the storage it lies on
 * @param domain the coherence domain of the file; empty if it could not be told
 * @param host the machine, kernel and namespace
 * @param database the file and those beside it
 * @param neighbours who has it open
 * @param sqlite the version of SQLite that a program using walsafe would run; empty if there is none
 * @param unseen what could not be looked at and why, a clause each
 */
public record Facts(
        Target target,
        Storage storage,
        Optional<CoherenceDomain> domain,
        Host host,
        DatabaseFacts database,
        Neighbours neighbours,
        Optional<SqliteVersion> sqlite,
        List<String> unseen) {
    public Facts {
        unseen = List.copyOf(unseen);
    }

    /** How long the storage may take to answer before it is told as silent. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Looks without touching, and waits no longer than {@link #PATIENCE} for a storage that does not answer. */
    public static Facts gather(Path database) {
        return gather(database.toString(), PATIENCE);
    }

    /**
     * Looks without touching. Costs a few milliseconds, or the patience if the storage is dead.
     *
     * @param database a path, a {@code file:} URI, or {@code :memory:}
     * @param patience how long the storage may take
     */
    public static Facts gather(String database, Duration patience) {
        String os = System.getProperty("os.name");
        Target target = new Target(database, Optional.of(database), Target.State.MISSING, List.of(), List.of());
        Storage storage = StorageLook.at(os, target);
        Host host = HostLook.here();
        DatabaseFacts files = DatabaseLook.at(target, storage);
        Neighbours neighbours = NeighbourLook.of(target, storage, host, files);
        return new Facts(
                target,
                storage,
                Optional.empty(),
                host,
                files,
                neighbours,
                Optional.empty(),
                List.of(patience.toString()));
    }
}
