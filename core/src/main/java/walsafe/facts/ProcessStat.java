package walsafe.facts;

import java.time.Instant;
import java.util.Optional;

/**
 * What anybody may know of a process, whoever owns it: {@code /proc/PID/stat} (proc_pid_stat(5)).
 *
 * @param name the kernel's short name of it, at most 15 bytes
 * @param state one letter; Z and X have ended
 * @param kernelThread is it a thread of the kernel, which has no files
 * @param startTicks when it started, in ticks since boot
 */
record ProcessStat(String name, char state, boolean kernelThread, long startTicks) {
    /** PF_KTHREAD of the kernel's {@code sched.h}. */
    private static final long KERNEL_THREAD = 0x00200000;

    /** USER_HZ, which the kernel keeps at 100 towards programs on every processor that Java 17 runs on. */
    private static final long TICKS_PER_SECOND = 100;

    static Optional<ProcessStat> of(Procfs proc, long pid) {
        return proc.text(pid + "/stat").flatMap(ProcessStat::parse);
    }

    /** The name may hold blanks and parentheses, so the fields are counted from the last parenthesis. */
    static Optional<ProcessStat> parse(String line) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 0 || close < open) return Optional.empty();
        String[] fields = line.substring(close + 1).trim().split("\\s+", -1);
        if (fields.length < 20 || fields[0].isEmpty()) return Optional.empty();
        try {
            return Optional.of(new ProcessStat(
                    line.substring(open + 1, close),
                    fields[0].charAt(0),
                    (Long.parseLong(fields[6]) & KERNEL_THREAD) != 0,
                    Long.parseLong(fields[19])));
        } catch (NumberFormatException e) {
            return Optional.empty(); // not a line of the kernel's
        }
    }

    boolean runs() {
        return state != 'Z' && state != 'X';
    }

    /** To the second, since the kernel tells its own start only to the second. */
    Instant startedAt(Instant boot) {
        return boot.plusSeconds(startTicks / TICKS_PER_SECOND);
    }
}
