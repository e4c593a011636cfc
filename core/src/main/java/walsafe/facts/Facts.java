package walsafe.facts;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 * @param evidence what experiments have shown of this place; empty if none were made
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
        List<Evidence> evidence,
        List<String> unseen) {
    public Facts {
        evidence = List.copyOf(evidence);
        unseen = List.copyOf(unseen);
    }

    /** How long the storage may take to answer before it is told as silent. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * Looks without touching, and waits no longer than {@link #PATIENCE} for a storage that does not answer. A path is
     * always taken for a path, even one that begins with {@code file:}.
     */
    public static Facts gather(Path database) {
        return gather(database.toAbsolutePath().toString(), PATIENCE);
    }

    /**
     * Looks without touching. Costs a few milliseconds; 0.1 to 0.3 s more if the database is open in this process, since
     * then a process of its own has to read its bytes; or the patience if the storage is dead, and then the target is
     * {@link Target.State#SILENT} and a daemon thread stays blocked behind. Whatever the world looks like is told in the
     * facts: what could not be seen is a clause of {@code unseen}, never an exception.
     *
     * @param database a path, a {@code file:} URI, or {@code :memory:}
     * @param patience how long the storage may take
     * @throws IllegalArgumentException if the patience is not positive
     */
    public static Facts gather(String database, Duration patience) {
        Objects.requireNonNull(database, "database");
        if (patience.isZero() || patience.isNegative()) {
            throw new IllegalArgumentException("patience must be positive, was " + patience);
        }
        return new Gathering(database, patience).facts();
    }

    /** The same facts, with those signs of other processes beside the database: somebody has looked again. */
    public Facts seeing(List<Sign> signs) {
        return new Facts(target, storage, domain, host, database, neighbours.with(signs), sqlite, evidence, unseen);
    }

    /** What knowledge and experiments together say of the storage; see {@link Answers#with}. */
    public Answers answers() {
        return storage.answers().with(evidence);
    }

    /** The same facts, with what experiments have shown beside what they hold already. */
    public Facts with(List<Evidence> shown) {
        List<Evidence> all = new ArrayList<>(evidence);
        all.addAll(shown);
        return new Facts(target, storage, domain, host, database, neighbours, sqlite, all, unseen);
    }

    /** The same facts, with one more clause of what could not be looked at. */
    public Facts unseen(String clause) {
        List<String> all = new ArrayList<>(unseen);
        all.add(clause);
        return new Facts(target, storage, domain, host, database, neighbours, sqlite, evidence, all);
    }

    /**
     * The same facts without what could identify a person, for a public bug report. Equal names become equal words:
     * user names in paths, owners, the host's name, sources of network mounts, addresses and users among mount options,
     * command lines, and the boot id (hashed). What is kept: types, options, numbers, versions, and the rest of every
     * path, so read it before you publish it.
     */
    public Facts redacted() {
        return new Redaction(this).facts();
    }
}
