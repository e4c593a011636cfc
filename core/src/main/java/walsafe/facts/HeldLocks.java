package walsafe.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The locks that one process holds on one database, by one look at {@code /proc/locks}. */
public final class HeldLocks {
    private static final Path LOCKS = Path.of("/proc/locks");

    private HeldLocks() {}

    /**
     * The locks of that moment. Opens none of the database's files: asks for their inodes and compares with the kernel's
     * list. Costs some tens of microseconds, more where thousands of locks are held.
     *
     * @param database by the path that the process uses; another view of it may bear other inodes
     * @return empty off Linux, for what is not there, and where the kernel lists other inodes than it tells
     */
    public static List<SqliteLock> of(long pid, Path database) {
        List<SqliteLock> held = new ArrayList<>();
        List<LockLine> lines = lines(pid);
        if (lines.isEmpty()) return held;
        for (DatabasePart part : List.of(DatabasePart.DATABASE, DatabasePart.SHM)) {
            long inode = inode(Path.of(database + part.suffix()));
            for (LockLine line : lines) {
                if (line.inode() != inode) continue;
                held.addAll(SqliteLock.named(part, line.write(), line.firstByte(), line.lastByte()));
            }
        }
        return held;
    }

    private static List<LockLine> lines(long pid) {
        List<LockLine> lines = new ArrayList<>();
        String owner = " " + pid + " "; // most lines are somebody else's, and need no reading
        try {
            for (String line : Files.readAllLines(LOCKS)) {
                if (!line.contains(owner)) continue;
                LockLine.parse(line)
                        .filter(lock -> lock.pid() == pid && lock.onBytes())
                        .ifPresent(lines::add);
            }
        } catch (IOException e) {
            return List.of(); // no Linux
        }
        return lines;
    }

    private static long inode(Path file) {
        try {
            return ((Number) Files.getAttribute(file, "unix:ino")).longValue();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return 0; // of no file
        }
    }
}
