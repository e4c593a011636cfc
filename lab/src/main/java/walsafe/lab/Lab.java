package walsafe.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A laboratory for one scenario: a folder of its own, a wire, a server of storage named "s" and hosts that mount it. Use
 * it in try-with-resources. Takes about ten seconds and half a gibibyte for each kernel.
 */
final class Lab implements AutoCloseable {
    private static final Duration MOUNT = Duration.ofMinutes(2);
    private static final int SERVER_MEBIBYTES = 320;
    private static final int HOST_MEBIBYTES = 640; // room for a JVM or two

    private final Path folder;
    private final Wire wire;
    private final List<Guest> guests = new ArrayList<>();

    private Lab(Path folder, Wire wire) {
        this.folder = folder;
        this.wire = wire;
    }

    static Lab setUp() throws IOException {
        Path folder = Files.createTempDirectory("walsafe-lab");
        Lab lab = new Lab(folder, Wire.lay(folder));
        try {
            if (wideRegisters()) lab.compile("xstate.c", lab.preload());
            return lab;
        } catch (IOException none) {
            lab.close();
            throw none;
        }
    }

    /** Has this CPU more registers than User-Mode Linux has room for? */
    private static boolean wideRegisters() throws IOException {
        return Files.readString(Path.of("/proc/cpuinfo")).contains(" amx_tile");
    }

    private void compile(String source, Path library) throws IOException {
        Path code = tools().resolve(source);
        command("cc", "-O2", "-shared", "-fPIC", "-o", library.toString(), code.toString());
    }

    /** A library that goes before the kernels' own, if there is such a file. */
    private Path preload() {
        return folder.resolve("xstate.so");
    }

    /** The command that boots a kernel here. */
    List<String> kernel() {
        return Files.exists(preload()) ? List.of("env", "LD_PRELOAD=" + preload(), "linux.uml") : List.of("linux.uml");
    }

    /** Why there can be no lab here; empty if there can. */
    static Optional<String> whyNot() {
        if (!System.getProperty("os.name").equals("Linux")) return Optional.of("this is not Linux");
        String missing = Stream.of(
                        "linux.uml",
                        "unshare",
                        "nsenter",
                        "ip",
                        "modprobe",
                        "busybox",
                        "mkfs.ext4",
                        "mount.nfs",
                        "rpc.nfsd")
                .filter(tool -> find(tool).isEmpty())
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty())
            return Optional.of("not installed: " + missing + " (lab/run installs them, as root, on Debian)");
        try {
            if (wideRegisters() && find("cc").isEmpty())
                return Optional.of("not installed: gcc and libc6-dev, which this CPU asks for");
            Wire.lay(Files.createTempDirectory("walsafe-lab")).close();
            return Optional.empty();
        } catch (IOException refused) {
            return Optional.of("this user may not make namespaces: " + refused.getMessage());
        }
    }

    static Optional<Path> find(String tool) {
        return Stream.of("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/lib/qemu", "/usr/libexec")
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Path folder() {
        return folder;
    }

    Wire wire() {
        return wire;
    }

    /** The version of the guests' kernel. */
    static String guestVersion() throws IOException {
        return "User-Mode Linux " + command("linux.uml", "--version").strip();
    }

    /** The model of this machine's processor, for notes; not every kind shows one. */
    static Optional<String> processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip());
    }

    /** The module's folder: its scripts, and under target what was fetched for it. */
    static Path home() {
        return Path.of(System.getProperty("lab.home", "lab")).toAbsolutePath();
    }

    /** The scripts that run in the guests. */
    static Path scripts() {
        return home().resolve("guest");
    }

    /** What runs outside of them. */
    static Path tools() {
        return home().resolve("host");
    }

    /** Boots the server with a disk at /mnt/exp, which serves the given shares. */
    Guest server(Share... shares) throws IOException {
        Path disk = disk("s");
        Guest server = started(Guest.boot(this, "s", "10.9.0.1", SERVER_MEBIBYTES, List.of("ubd0=" + disk)));
        if (Stream.of(shares).anyMatch(share -> share.server() == Share.Server.SFTP)) makeKey();
        server.awaitReady();
        StringBuilder script = new StringBuilder("set -e\nmkdir -p /mnt/exp\nmount -t ext4 /dev/ubda /mnt/exp\n");
        for (Share share : shares)
            script.append("mkdir -p /mnt/exp/").append(share.label()).append('\n');
        Stream.of(shares).map(Share::server).distinct().forEach(service -> script.append(service.script()));
        server.run(MOUNT, script.toString()).orFail("serving " + List.of(shares));
        return server;
    }

    /** Boots hosts named a, b, … with the shares mounted at /mnt/LABEL. */
    List<Guest> hosts(int count, Share... shares) throws IOException {
        List<Guest> hosts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = String.valueOf((char) ('a' + i));
            List<String> words = new ArrayList<>(List.of("ubd0=" + disk(name)));
            for (Share share : shares) words.addAll(share.device(this, name));
            hosts.add(started(Guest.boot(this, name, "10.9.0.1" + (i + 1), HOST_MEBIBYTES, words)));
        }
        hosts.forEach(Guest::awaitReady);
        for (Guest host : hosts) {
            host.run(MOUNT, "mkdir -p /mnt/disk && mount -t ext4 /dev/ubda /mnt/disk")
                    .orFail("mounting a disk");
        }
        List<Guest.Job> mounting = new ArrayList<>();
        for (Guest host : hosts) mounting.add(host.start(mounts(shares)));
        for (Guest.Job job : mounting) job.await(MOUNT).orFail("mounting");
        return hosts;
    }

    /** Boots a host with these words for its kernel, which name its disks; nothing is mounted. */
    Guest host(String name, int mebibytes, List<String> words) throws IOException {
        return started(Guest.boot(this, name, "10.9.0.11", mebibytes, words));
    }

    /** Starts a daemon outside of the guests, which ends with the lab. */
    void quietly(List<String> command) throws IOException {
        Process daemon = wire.start(command);
        Thread reader = new Thread(() -> drain(daemon), "output of " + command.get(0));
        reader.setDaemon(true);
        reader.start();
    }

    private static void drain(Process daemon) {
        try (InputStream said = daemon.getInputStream()) {
            said.transferTo(OutputStream.nullOutputStream());
        } catch (IOException ended) {
            // It has ended; who needs it will tell.
        }
    }

    void awaitFile(Path file, Duration limit) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        while (!Files.exists(file)) {
            if (System.nanoTime() > end)
                throw new IOException("nothing made " + file + " within " + limit.toSeconds() + " s");
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private String mounts(Share... shares) {
        StringBuilder script = new StringBuilder("set -e\n");
        for (Share share : shares) {
            script.append("mkdir -p ")
                    .append(share.place())
                    .append('\n')
                    .append(share.mount())
                    .append('\n');
        }
        return script.toString();
    }

    private Guest started(Guest guest) {
        guests.add(guest);
        return guest;
    }

    Path disk(String name) throws IOException {
        return disk(name, "ext4", "mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0");
    }

    /** A disk image with a filesystem on it, of a guest's own. */
    Path disk(String name, String filesystem, String... makeIt) throws IOException {
        Path disk = folder.resolve(name + "." + filesystem);
        command("truncate", "-s", "512M", disk.toString());
        command(Stream.concat(Stream.of(makeIt), Stream.of(disk.toString())).toArray(String[]::new));
        return disk;
    }

    /** For sftp between the guests of this lab; never leaves its folder. */
    private void makeKey() throws IOException {
        Path key = folder.resolve("key");
        if (!Files.exists(key)) command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
    }

    static String command(String... words) throws IOException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) throw new IOException(List.of(words) + " does not end");
            if (process.exitValue() != 0) throw new IOException(List.of(words) + ": " + said);
            return said;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
