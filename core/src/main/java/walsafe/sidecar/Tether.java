package walsafe.sidecar;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import walsafe.facts.Facts;

/**
 * A lock that this process holds on a file of its own beside its sign, as long as it lives, so that others can find out
 * whether its locks mean anything to them. On NFS two hosts of one name are one client to the server: each takes the
 * other's locks away, and two programs write at once (lab/notes/0002-hosts-die). No lock of SQLite's is touched.
 */
final class Tether implements AutoCloseable {
    private static final String PREFIX = "l.";
    private static final int NAME_DIGITS = 8;

    private final Path file;
    private @Nullable FileChannel channel; // guarded by this; held open: closing it drops the lock

    private Tether(Path file) {
        this.file = file;
    }

    /** What a try of somebody's lock has come to. */
    enum Tried {
        /** It keeps us out, as it should. */
        HELD,
        /** It was granted to us as well: its owner has died, or locks do not exclude us from each other. */
        GRANTED,
        /** There is no such file, or it could not be tried. */
        UNTOLD
    }

    /** Only there is the host's name part of what the server takes for one client (RFC 8881, 2.4). */
    static boolean useful(Facts facts) {
        return facts.storage().filesystem().startsWith("nfs") && facts.host().name().isPresent();
    }

    /** The beginning of the ids of all processes of hosts with this host's name; empty if it has none. */
    static String nameDigits(Facts facts) {
        return facts.host().name().map(Tether::digits).orElse("");
    }

    private static String digits(String name) {
        CRC32 sum = new CRC32();
        sum.update(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%0" + NAME_DIGITS + "x", sum.getValue());
    }

    /** Takes the lock. Where it cannot be had, nobody is told anything by it. */
    static Tether hold(Folder folder, String id) {
        Tether tether = new Tether(folder.path().resolve(PREFIX + id));
        tether.renew();
        return tether;
    }

    /** Tries somebody's lock, shared, so that two who try do not keep each other out, and lets go at once. */
    static Tried tried(Folder folder, String id) {
        Path file = folder.path().resolve(PREFIX + id);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, 1, true)) {
            return lock == null ? Tried.HELD : Tried.GRANTED;
        } catch (IOException | RuntimeException e) { // overlapping: this very program has it
            return Tried.UNTOLD;
        }
    }

    /** Removes what one that has died has left, so that nobody tries it again. */
    static void forget(Folder folder, String id) throws IOException {
        folder.remove(PREFIX + id);
    }

    /** Takes it anew if it was removed: somebody has taken this process for dead. */
    synchronized void renew() {
        if (channel != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) return;
        close();
        try {
            FileChannel fresh = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel = fresh;
            fresh.tryLock(0, 1, false);
        } catch (IOException | RuntimeException e) {
            // none can be had here
        }
    }

    @Override
    public synchronized void close() {
        FileChannel held = channel;
        channel = null;
        if (held == null) return;
        try {
            Files.delete(file); // first, so that nobody finds it free
        } catch (NoSuchFileException gone) {
            // as it should be
        } catch (IOException e) {
            // it stays, and is tried by those who find our sign, which goes too
        }
        try {
            held.close();
        } catch (IOException e) {
            // the descriptor is gone all the same
        }
    }
}
