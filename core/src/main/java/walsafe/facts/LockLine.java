package walsafe.facts;

import java.util.Optional;

/**
 * One lock as the kernel lists it, in {@code /proc/locks} and, for the locks that were set through one descriptor, in
 * {@code /proc/PID/fdinfo/FD} (proc_locks(5), proc_pid_fdinfo(5)).
 *
 * @param kind {@code POSIX}, {@code OFDLCK}, {@code FLOCK} or {@code LEASE}
 * @param write is it a write lock
 * @param pid its owner in this pid namespace; -1 for an OFDLCK, which belongs to no process
 * @param device major:minor of the file's superblock, in decimal as mountinfo spells it
 * @param inode of the file
 * @param firstByte offset of its first byte
 * @param lastByte offset of its last byte; {@link Long#MAX_VALUE} for "to the end of the file"
 */
record LockLine(String kind, boolean write, long pid, String device, long inode, long firstByte, long lastByte) {
    /**
     * Reads a line such as {@code 1: POSIX ADVISORY READ 8045 fe:00:9978621 1073741826 1073742335}.
     *
     * @return empty for a lock that is only waited for ({@code 1: -> POSIX …}), and for what is no such line
     */
    static Optional<LockLine> parse(String line) {
        String[] words = line.trim().split("\\s+", -1);
        if (words.length != 8 || words[1].equals("->")) return Optional.empty();
        String[] file = words[5].split(":", -1);
        if (file.length != 3) return Optional.empty();
        try {
            return Optional.of(new LockLine(
                    words[1],
                    !words[3].equals("READ"),
                    Long.parseLong(words[4]),
                    Integer.parseInt(file[0], 16) + ":" + Integer.parseInt(file[1], 16),
                    Long.parseUnsignedLong(file[2]),
                    Long.parseLong(words[6]),
                    words[7].equals("EOF") ? Long.MAX_VALUE : Long.parseLong(words[7])));
        } catch (NumberFormatException e) {
            return Optional.empty(); // "<none>:0", a lock on no file
        }
    }

    /** Is it a lock on bytes, the sort that SQLite sets? The others cover a file as a whole. */
    boolean onBytes() {
        return kind.equals("POSIX") || kind.equals("OFDLCK");
    }
}
