package walsafe.sidecar;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import walsafe.facts.Facts;
import walsafe.facts.Reach;
import walsafe.facts.Sign;
import walsafe.facts.Signs;

/**
 * The sign of this process beside a database, for those whom no lock and no list of processes tells of it: another
 * kernel, or the same files through another mount. See {@link Sign} for its form.
 *
 * <p><b>Invariants.</b> 1. From {@link #show} to {@link #close} at least one name of this process is there: the next is
 * made before the last is removed. 2. No name is ever taken over from another: each is made exclusively. 3. Only signs of
 * processes that are known to have ended are removed, and only our own kernel's.
 *
 * <p>One daemon thread for each database, so that a storage that no longer answers keeps no other sign from beating.
 */
public final class Presence implements AutoCloseable {
    private static final Logger LOG = System.getLogger("walsafe");

    /** How often a sign gets its next name. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final Folder folder;
    private final Duration heartbeat;
    private final Thread thread;
    private final String nameDigits; // the beginning of the ids of this host
    private final Optional<Tether> tether;
    private Sign sign; // guarded by this
    private boolean closed; // guarded by this
    private boolean told; // guarded by this

    private Presence(Folder folder, Sign sign, String nameDigits, Optional<Tether> tether, Duration heartbeat) {
        this.folder = folder;
        this.sign = sign;
        this.nameDigits = nameDigits;
        this.tether = tether;
        this.heartbeat = heartbeat;
        this.thread = new Thread(this::run, "walsafe-presence");
        this.thread.setDaemon(true);
    }

    /** Can a kernel or superblock other than ours reach the database, or has one been there? Else a sign tells nobody. */
    public static boolean useful(Facts facts) {
        return facts.storage().reach() != Reach.THIS_SUPERBLOCK
                || !facts.storage().views().isEmpty()
                || facts.neighbours().signs().stream().anyMatch(Sign::vetoes);
    }

    /**
     * Leaves the sign, has it written to the storage, and keeps it alive until it is closed. Removes the signs of
     * processes of this kernel that have ended.
     *
     * @throws IOException if no file can be made there; then nothing is left behind
     */
    public static Presence show(Path database, Facts facts) throws IOException {
        return show(database, facts, HEARTBEAT);
    }

    static Presence show(Path database, Facts facts, Duration heartbeat) throws IOException {
        Folder folder = Folder.of(database);
        String nameDigits = Tether.useful(facts) ? Tether.nameDigits(facts) : "";
        Sign sign = Signs.own(facts.host(), facts.storage(), id(nameDigits));
        folder.make();
        // Before the sign: who sees that one may try this.
        Optional<Tether> tether =
                nameDigits.isEmpty() ? Optional.empty() : Optional.of(Tether.hold(folder, sign.id()));
        try {
            folder.add(sign.name());
        } catch (IOException e) {
            tether.ifPresent(Tether::close);
            throw e;
        }
        folder.sync();
        Presence presence = new Presence(folder, sign, nameDigits, tether, heartbeat);
        removeEnded(folder, Signs.beside(database, facts.host(), facts.storage()));
        presence.thread.start();
        return presence;
    }

    /**
     * Random, but from the system's source: two clones of one machine's memory would draw the same from a seed. Where
     * hosts of one name get in each other's way, it begins with what stands for the name.
     */
    private static String id(String beginning) {
        return beginning + UUID.randomUUID().toString().replace("-", "").substring(beginning.length());
    }

    private static void removeEnded(Folder folder, List<Sign> signs) {
        for (Sign each : signs) {
            if (each.life() != Sign.Life.ENDED) continue;
            for (String name : folder.names("p.")) {
                if (name.contains("." + each.id() + ".")) removeOrLeave(folder, name);
            }
            forgetOrLeave(folder, each.id());
        }
    }

    private static void forgetOrLeave(Folder folder, String id) {
        try {
            Tether.forget(folder, id);
        } catch (IOException e) {
            // another user's, likewise
        }
    }

    private static void removeOrLeave(Folder folder, String name) {
        try {
            folder.remove(name);
        } catch (IOException e) {
            // another user's: it stays, and tells nothing to anybody
        }
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(heartbeat.toMillis());
                beat();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // close() was called, and the thread ends
        }
    }

    /** One sign of life; what goes wrong is told once and tried again with the next. */
    synchronized void beat() {
        if (closed) return;
        tether.ifPresent(Tether::renew);
        Sign next = sign.next();
        try {
            folder.add(next.name());
            String last = sign.name();
            sign = next;
            folder.remove(last);
            told = false;
        } catch (FileAlreadyExistsException e) {
            // A clone of this machine runs this process a second time, with the same id.
            LOG.log(Logger.Level.WARNING, folder.path() + ": another process uses this process's sign " + next.name());
            sign = sign.renamed(id(nameDigits));
        } catch (IOException e) {
            if (!told) {
                LOG.log(Logger.Level.WARNING, "the sign of this process in " + folder.path() + " is not renewed: " + e);
            }
            told = true;
        }
    }

    /** The name that is there now. */
    synchronized String name() {
        return sign.name();
    }

    /** Takes the sign away. Waits at most a second for a storage that does not answer. Closing twice is harmless. */
    @Override
    public void close() {
        Thread farewell = new Thread(this::leave, "walsafe-presence-end");
        farewell.setDaemon(true);
        farewell.start();
        thread.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            farewell.join(FAREWELL.toMillis());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private synchronized void leave() {
        if (closed) return;
        closed = true;
        removeOrLeave(folder, sign.name());
        tether.ifPresent(Tether::close);
    }
}
