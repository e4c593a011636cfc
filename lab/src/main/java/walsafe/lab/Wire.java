package walsafe.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A network, a process table and a mount table of the lab's own. The guests' cable is multicast on this network's
 * loopback, so nothing of theirs can reach a real interface and nobody else's lab can reach them.
 *
 * <p>The first process in there reads what nobody writes. When this JVM ends, however it ends, that process reads the end
 * of its input, kills every other one, removes the lab's folder and ends too; the mounts go with it.
 */
final class Wire implements AutoCloseable {
    private static final String FIRST_PROCESS = "ip link set lo up && ip link set lo multicast on"
            + " && ip route add 239.0.0.0/8 dev lo && echo up && while read -r line; do :; done;"
            + " kill -KILL -1; rm -rf \"$1\"";

    private static final Duration END = Duration.ofSeconds(20);

    private final Process unshare;
    private final long first;

    private Wire(Process unshare, long first) {
        this.unshare = unshare;
        this.first = first;
    }

    /** @param folder is removed in the end */
    static Wire lay(Path folder) throws IOException {
        Process unshare = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "--pid",
                        "--mount",
                        "--fork",
                        "--kill-child=KILL",
                        "--mount-proc",
                        "sh",
                        "-c",
                        FIRST_PROCESS,
                        "wire",
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader said = unshare.inputReader();
        String line = said.readLine();
        if (!"up".equals(line)) {
            unshare.destroyForcibly();
            Files.deleteIfExists(folder);
            throw new IOException("no network of the lab's own: " + line);
        }
        long first = unshare.children().findFirst().orElseThrow().pid();
        return new Wire(unshare, first);
    }

    /** Starts a command in there. */
    Process start(List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(
                List.of("nsenter", "--target", Long.toString(first), "--net", "--pid", "--mount", "--"));
        whole.addAll(command);
        return new ProcessBuilder(whole).redirectErrorStream(true).start();
    }

    /** Ends everything in there, and waits until it has ended and the folder is gone. */
    @Override
    public void close() throws IOException {
        unshare.getOutputStream().close();
        if (!ended(unshare)) throw new IOException("what runs in the lab's namespace could not be ended");
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(END.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            process.destroyForcibly();
        }
    }
}
