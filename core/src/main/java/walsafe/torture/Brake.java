package walsafe.torture;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Stops one process and lets it go on. A shell lets it go on, not we: whatever happens to this process, nobody stays stopped
 * for ever. It is started beforehand, so that the stop comes at once when it is wanted.
 */
final class Brake implements AutoCloseable {
    private static final Path SHELL = Path.of("/bin/sh");

    /** It ends if there is nobody to stop: who waits to be told of the stop would wait for ever. */
    private static final String SCRIPT =
            "read -r go || exit 0; kill -STOP \"$1\" || exit 0; echo; read -r rest || rest=0; sleep \"$rest\"; kill -CONT \"$1\"";

    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(1); // a thread that waits for a disk stops after it

    private final long pid;
    private final Process shell;
    private final Writer orders;

    private Brake(long pid, Process shell) {
        this.pid = pid;
        this.shell = shell;
        this.orders = new BufferedWriter(new OutputStreamWriter(shell.getOutputStream(), StandardCharsets.US_ASCII));
    }

    static boolean here() {
        return Files.isExecutable(SHELL);
    }

    static Brake on(long pid) throws IOException {
        return new Brake(
                pid,
                new ProcessBuilder(SHELL.toString(), "-c", SCRIPT, "sh", Long.toString(pid))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    /** Sends it the signal; false if it has ended. Its threads stand still soon, or once the disk has answered them. */
    boolean stop() throws IOException {
        tell("stop");
        return shell.getInputStream().read() == '\n';
    }

    /** True once all its threads stand still; false after a second, and where there is no /proc. */
    boolean standsStill() {
        long start = System.nanoTime();
        while (System.nanoTime() - start < STOP_NANOS) {
            if (allStopped()) return true;
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
        }
        return false;
    }

    /** Leaves it stopped for so long from now. Returns at once. */
    void rest(Duration time) throws IOException {
        tell(time.toMillis() / 1000 + "." + "%03d".formatted(time.toMillis() % 1000));
    }

    /** Lets it go on now, and returns when it does: another brake's stop must not be undone by this one. */
    void release() throws IOException {
        orders.close();
        try {
            shell.waitFor(STOP_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(String order) throws IOException {
        orders.write(order + "\n");
        orders.flush();
    }

    /** The state behind the name in brackets is T for each thread (proc_pid_stat(5)); false where there is no /proc. */
    private boolean allStopped() {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') return false;
            }
            return true;
        } catch (IOException e) {
            return false; // it, or a thread of it, has just ended
        }
    }

    /** It goes on now, unless it was told to rest. */
    @Override
    public void close() throws IOException {
        orders.close();
        shell.getInputStream().close();
    }
}
