package walsafe.facts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The real host, and a second JVM in namespaces, a chroot and a sandbox of the real kernel. */
@EnabledOnOs(OS.LINUX)
class HostLookHereTest {
    @TempDir
    private Path directory;

    @Test
    void theHostOfThisTestIsTold() throws IOException {
        Host host = HostLook.here();

        assertThat(host.linux()).isTrue();
        assertThat(host.bootId())
                .contains(Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip());
        assertThat(host.kernel()).isEqualTo(System.getProperty("os.version"));
        assertThat(host.littleEndian()).isEqualTo(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void thePageSizeIsTheOneThatTheSystemUses() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/getconf")), "no getconf here");

        String told = String.join("", answer(List.of("/usr/bin/getconf", "PAGESIZE")));

        assertThat(HostLook.here().memoryPageBytes()).isEqualTo(Integer.parseInt(told));
    }

    @Test
    void aStrayDockerenvDoesNotMakeAMachineAContainer() throws IOException {
        // Other tools call such a machine "docker": an empty file was left in its image.
        String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
        assumeTrue(Files.exists(Path.of("/.dockerenv")), "no stray /.dockerenv here");
        assumeTrue(mounts.contains(" / / rw") && mounts.contains(" /dev/vd"), "/ is not on a virtio disk here");

        Host host = HostLook.here();

        assertThat(host.environments())
                .contains(Environment.VM)
                .doesNotContain(Environment.CONTAINER, Environment.DOCKER);
        if (Files.readString(Path.of("/proc/cmdline")).contains("firecracker")) {
            assertThat(host.in(Environment.FIRECRACKER)).isTrue();
        }
    }

    @Test
    void inAFreshPidNamespaceTheKernelIsTheSameAndProcessesAreHidden() throws IOException, InterruptedException {
        assumeNamespaces();

        List<String> told = script("exec unshare -pmf --mount-proc " + teller());

        assertThat(told).contains("visible false", "boot " + bootId(), "replaced false");
    }

    @Test
    void aFileMountedOverTheBootIdIsTold() throws IOException, InterruptedException {
        assumeNamespaces();
        Path other = Files.writeString(directory.resolve("boot"), "11111111-2222-3333-4444-555555555555\n");

        List<String> told = script("""
                mount --bind %s /proc/sys/kernel/random/boot_id
                exec %s""".formatted(other, teller()));

        assertThat(told).contains("boot 11111111-2222-3333-4444-555555555555", "replaced true");
    }

    @Test
    void aChrootIntoAPlainDirectoryIsTold() throws IOException, InterruptedException {
        assumeNamespaces();

        List<String> told = script(rootBelow(directory) + "exec chroot " + directory + " " + teller());

        assertThat(told).contains("in CHROOT", "boot " + bootId());
    }

    @Test
    void aChrootOntoAMountIsToldIfProcessOneMayBeLookedAt() throws IOException, InterruptedException {
        assumeNamespaces();

        // In a fresh pid namespace process 1 is the shell, in the same mount namespace and with the whole root.
        List<String> told = script("mount -t tmpfs tmpfs " + directory + "\n" + rootBelow(directory)
                + "exec unshare -pf --mount-proc=" + directory + "/proc sh -c 'chroot " + directory + " " + teller()
                + "; exit $?'");

        assertThat(told).contains("in CHROOT");
    }

    @Test
    void aBubblewrapSandboxIsAContainer() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "no bwrap here");
        List<String> command = new ArrayList<>(List.of("/usr/bin/bwrap", "--unshare-pid", "--unshare-user"));
        command.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
        for (String shown : shownInside()) command.addAll(List.of("--ro-bind", shown, shown));
        assumeTrue(worksWith(command), "bwrap may not make namespaces here");
        command.addAll(List.of(teller().split(" ", -1)));

        List<String> told = answer(command);

        assertThat(told).contains("in CONTAINER", "visible false").doesNotContain("in DOCKER");
    }

    private static void assumeNamespaces() throws IOException, InterruptedException {
        assumeTrue(worksWith(List.of("unshare", "-pmf", "--mount-proc")), "making namespaces needs root");
    }

    private static boolean worksWith(List<String> prefix) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.add("/usr/bin/true");
        try {
            return started(command).waitFor() == 0;
        } catch (IOException missing) {
            return false; // The tool is not installed: the test is skipped with its reason.
        }
    }

    /** Everything that a JVM needs, mounted below a directory; undone when the script's mount namespace ends. */
    private static String rootBelow(Path root) {
        StringBuilder script = new StringBuilder();
        for (String shown : shownInside()) {
            script.append("mkdir -p %s%s; mount --bind %s %s%s\n".formatted(root, shown, shown, root, shown));
        }
        return script + "mkdir -p %s/proc; mount -t proc proc %s/proc\n".formatted(root, root);
    }

    private static List<String> shownInside() {
        List<String> shown = new ArrayList<>();
        for (String path : List.of("/usr", "/lib", "/lib64", "/etc")) {
            if (Files.isDirectory(Path.of(path))) shown.add(path);
        }
        if (!javaHome().startsWith("/usr")) shown.add(javaHome().toString());
        shown.addAll(classPath());
        return shown;
    }

    private static String teller() {
        return javaHome() + "/bin/java -XX:TieredStopAtLevel=1 -cp " + String.join(":", classPath()) + " "
                + HostTeller.class.getName();
    }

    private static Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }

    private static List<String> classPath() {
        return List.of(directoryOf("classes"), directoryOf("test-classes"));
    }

    private static String directoryOf(String name) {
        return Path.of("target", name).toAbsolutePath().toString();
    }

    private static String bootId() {
        return HostLook.here().bootId().orElseThrow();
    }

    /** Runs a script in a mount namespace of its own, so that nothing of it remains. */
    private static List<String> script(String script) throws IOException, InterruptedException {
        return answer(List.of("unshare", "-m", "sh", "-ec", script));
    }

    private static List<String> answer(List<String> command) throws IOException, InterruptedException {
        Process process = started(command);
        String told = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(told).isTrue();
        assertThat(process.exitValue()).as(told).isZero();
        return told.lines().toList();
    }

    private static Process started(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
