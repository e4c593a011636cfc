package walsafe.facts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An sshd of our own, with keys and a configuration of its own, on a free port of the loopback interface. It lets in
 * root, and whoever else may read the key; the system's sshd and its users are not touched.
 */
final class LoopbackSshd implements AutoCloseable {
    /** sshd refuses to start without it; made if it is missing, and removed again. */
    private static final Path SEPARATION = Path.of("/run/sshd");

    private final Path directory;
    private final boolean separationMade;
    private final int port;
    private final Process server;

    LoopbackSshd() throws IOException, InterruptedException {
        // ssh splits the names of files in options at spaces, so there are none.
        directory = Files.createTempDirectory("walsafe-sshd-");
        separationMade = !Files.exists(SEPARATION);
        if (separationMade) Files.createDirectory(SEPARATION);
        Command.must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", hostKey());
        Command.must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", identity());
        port = freePort();
        Path config = Files.writeString(directory.resolve("sshd_config"), configuration());
        server = new ProcessBuilder(Command.find("sshd").orElseThrow().toString(), "-D", "-e", "-f", config.toString())
                .redirectErrorStream(true)
                .start();
        awaitListening();
    }

    /** What sshfs needs behind its {@code -o}. */
    String clientOptions() {
        return "port=" + port + ",IdentityFile=" + identity()
                + ",StrictHostKeyChecking=no,UserKnownHostsFile=/dev/null";
    }

    private String configuration() {
        return String.join(
                "\n",
                "ListenAddress 127.0.0.1:" + port,
                "HostKey " + hostKey(),
                "AuthorizedKeysFile " + identity() + ".pub",
                "PidFile none",
                "UsePAM no",
                "StrictModes no",
                "PermitRootLogin yes",
                "Subsystem sftp internal-sftp",
                "");
    }

    private String hostKey() {
        return directory.resolve("hostkey").toString();
    }

    private String identity() {
        return directory.resolve("identity").toString();
    }

    private void awaitListening() throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append('\n');
            if (line.startsWith("Server listening")) return;
        }
        throw new IOException("sshd does not listen: " + said);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        server.destroy();
        if (separationMade) Files.deleteIfExists(SEPARATION);
        for (String file : new String[] {"hostkey", "hostkey.pub", "identity", "identity.pub", "sshd_config"}) {
            Files.deleteIfExists(directory.resolve(file));
        }
        Files.delete(directory);
    }
}
