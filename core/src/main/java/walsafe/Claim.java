package walsafe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;

/**
 * "This copy of walsafe has that database open", said where every class loader of the JVM can read it: in the system
 * properties, by device and inode, in plain strings. A second class loader brings a second native SQLite, and two of them
 * on one file drop each other's locks (howtocorrupt.html, 2.2.1).
 *
 * <p>A file that does not exist yet is claimed by its path. Once it exists, first its inode is claimed and then the path
 * let go; who finds the file existing claims the inode first and then looks at the path. So of two that come at once, never
 * both get it.
 */
final class Claim implements AutoCloseable {
    private static final String PREFIX = "walsafe.open.";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final String WE = UUID.randomUUID().toString(); // this copy of walsafe

    private final Path database;
    private final List<String> keys = new ArrayList<>(); // guarded by this

    private Claim(Path database) {
        this.database = database;
    }

    /**
     * Claims a database that is about to be opened.
     *
     * @param database absolute, symbolic links resolved; need not exist
     * @throws WalsafeException if another copy of walsafe in this JVM has it
     */
    static Claim of(Path database) {
        Claim claim = new Claim(database);
        try {
            Optional<String> inode = claim.inode();
            if (inode.isPresent()) {
                claim.take(inode.get());
                claim.mustNotBeAnothers(claim.path());
            } else {
                claim.take(claim.path());
            }
            return claim;
        } catch (RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    /** To be called when the file exists: from now on it is known by its inode, whatever its name will be. */
    synchronized void exists() {
        Optional<String> inode = inode();
        if (inode.isEmpty() || keys.contains(inode.get())) return;
        take(inode.get());
        if (keys.remove(path())) System.getProperties().remove(path(), value());
    }

    private synchronized void take(String key) {
        long start = System.nanoTime();
        Object holder;
        while ((holder = System.getProperties().putIfAbsent(key, value())) != null) {
            // Our own: its last handle is being closed by another thread at this moment.
            boolean leaving = holder.toString().startsWith(WE) && System.nanoTime() - start < PATIENCE.toNanos();
            if (!leaving) refuse(key, holder);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        keys.add(key);
    }

    private void mustNotBeAnothers(String key) {
        Object holder = System.getProperties().get(key);
        if (holder != null) refuse(key, holder);
    }

    private void refuse(String key, Object holder) {
        String other = holder.toString();
        boolean ours = other.startsWith(WE);
        throw new WalsafeException(new Finding(
                Problem.TWO_SQLITES,
                database.toString(),
                (ours ? "this copy of walsafe" : "another copy of walsafe, in another class loader of this program,")
                        + " has it open as " + other.substring(Math.min(other.length(), WE.length() + 1)) + " ("
                        + key + ")",
                Remedy.of(
                        "Load walsafe and sqlite-jdbc once, in a class loader that all share, or give one of the two a process"
                                + " of its own.",
                        "walsafe explain " + Problem.TWO_SQLITES.id())));
    }

    private String value() {
        return WE + " " + database;
    }

    private String path() {
        return PREFIX + database;
    }

    /** Empty for a file that does not exist; where the platform has no inodes, the path goes on to stand for it. */
    private Optional<String> inode() {
        try {
            Map<String, Object> is = Files.readAttributes(database, "unix:dev,ino");
            return Optional.of(PREFIX + is.get("dev") + ":" + is.get("ino"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Lets go. Closing twice is harmless. */
    @Override
    public synchronized void close() {
        for (String key : keys) System.getProperties().remove(key, value());
        keys.clear();
    }
}
