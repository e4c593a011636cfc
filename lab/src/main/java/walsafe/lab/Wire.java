package walsafe.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network, a process table and a mount table of the lab's own. The guests' cable is multicast on this network's
 * loopback, so nothing of theirs can reach a real interface and nobody else's lab can reach them.
 *
 * <p>The first process in there reads what nobody writes. When this JVM ends, however it ends, that process reads the end
 * of its input and ends too, and then the kernel kills every process of its table and drops every mount.
 */
final class Wire implements AutoCloseable {
    private static final String FIRST_PROCESS = "ip link set lo up && ip link set lo multicast on"
            + " && ip route add 239.0.0.0/8 dev lo && echo up && while read -r line; do :; done";

    private final Process unshare;
    private final long first;
    private final List<Process> started = new ArrayList<>();

    private Wire(Process unshare, long first) {
        this.unshare = unshare;
        this.first = first;
    }

    static Wire lay() throws IOException {
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
                        FIRST_PROCESS)
                .redirectErrorStream(true)
                .start();
        BufferedReader said = unshare.inputReader();
        String line = said.readLine();
        if (!"up".equals(line)) {
            unshare.destroyForcibly();
            throw new IOException("no network of the lab's own: " + line);
        }
        long first = unshare.children().findFirst().orElseThrow().pid();
        return new Wire(unshare, first);
    }

    /** Starts a command in there. */
    synchronized Process start(List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(
                List.of("nsenter", "--target", Long.toString(first), "--net", "--pid", "--mount", "--"));
        whole.addAll(command);
        Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    /** Ends everything in there and waits until it has ended. */
    @Override
    public synchronized void close() {
        unshare.destroyForcibly();
        unshare.onExit().join();
        started.forEach(process -> process.onExit().join());
    }
}
