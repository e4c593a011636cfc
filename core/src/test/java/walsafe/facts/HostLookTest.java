package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostLookTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("walsafe.facts.HostFixture#all")
    void everyHostIsToldForWhatItIs(HostFixture host) {
        assertThat(look(host).environments()).isEqualTo(host.expected);
    }

    @Test
    void everyEnvironmentIsToldOnSomeHost() {
        Set<Environment> told = EnumSet.noneOf(Environment.class);
        HostFixture.all().forEach(host -> told.addAll(host.expected));

        assertThat(told).containsExactlyInAnyOrder(Environment.values());
    }

    @Test
    void aStrayDockerenvIsSeenAndNotBelieved() {
        // systemd-detect-virt and virt-what call this machine "docker": an empty file was left in its image.
        Host host = look(HostFixture.firecrackerWithStrayDockerenv());

        assertThat(host.signals()).anySatisfy(signal -> {
            assertThat(signal.environment()).isEqualTo(Environment.DOCKER);
            assertThat(signal.seen()).contains("/.dockerenv");
        });
        assertThat(host.signals())
                .anySatisfy(signal -> assertThat(signal.seen()).isEqualTo("/ is ext4 on /dev/vda"));
        assertThat(host.in(Environment.CONTAINER)).isFalse();
    }

    @Test
    void theKernelIdentifiesItself() {
        Host host = look(HostFixture.wsl2());

        assertThat(host.kernel()).isEqualTo("5.15.153.1-microsoft-standard-WSL2");
        assertThat(host.bootId()).contains(HostFixture.BOOT_ID);
        assertThat(host.bootIdReplaced()).isFalse();
        assertThat(host.pidNamespace()).contains("pid:[4026532601]");
        assertThat(host.name()).contains("shop");
        assertThat(host.littleEndian()).isTrue();
    }

    @Test
    void nspawn_replacesTheBootId() {
        assertThat(look(HostFixture.nspawn()).bootIdReplaced()).isTrue();
    }

    @Test
    void pagesOf64KiBAreRead() {
        HostFixture host = HostFixture.bareMetal()
                .bytes("/proc/self/auxv", HostFixture.auxiliaryVector(65536, ByteOrder.LITTLE_ENDIAN, 8));

        assertThat(look(host).memoryPageBytes()).isEqualTo(65536);
    }

    @Test
    void aBigEndianMachineIsReadInItsOwnOrder() {
        HostFixture host = HostFixture.bareMetal()
                .file("/proc/cpuinfo", "vendor_id       : IBM/S390\n")
                .jvm(new Surroundings.Jvm("Linux", "6.1.0", "s390x", ByteOrder.BIG_ENDIAN, 8))
                .bytes("/proc/self/auxv", HostFixture.auxiliaryVector(4096, ByteOrder.BIG_ENDIAN, 8));

        Host seen = look(host);

        assertThat(seen.memoryPageBytes()).isEqualTo(4096);
        assertThat(seen.littleEndian()).isFalse();
        assertThat(seen.environments()).isEmpty();
    }

    @Test
    void aJvmOf32BitsIsReadInItsOwnWords() {
        HostFixture host = HostFixture.bareMetal()
                .file("/proc/cpuinfo", "CPU implementer\t: 0x41\n")
                .jvm(new Surroundings.Jvm("Linux", "6.1.0", "arm", ByteOrder.LITTLE_ENDIAN, 4))
                .bytes("/proc/self/auxv", HostFixture.auxiliaryVector(16384, ByteOrder.LITTLE_ENDIAN, 4));

        Host seen = look(host);

        assertThat(seen.memoryPageBytes()).isEqualTo(16384);
        assertThat(seen.in(Environment.EMULATED_CPU)).isFalse();
    }

    @Test
    void aPageSizeThatNoMachineHasIsUnknown() {
        HostFixture host = HostFixture.bareMetal()
                .bytes("/proc/self/auxv", HostFixture.auxiliaryVector(1L << 40, ByteOrder.LITTLE_ENDIAN, 8));

        assertThat(look(host).memoryPageBytes()).isZero();
    }

    @Test
    void inTheFirstPidNamespaceAllProcessesAreVisible() {
        assertThat(look(HostFixture.bareMetal()).allProcessesVisible()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hidepid=1", "hidepid=2,gid=27", "hidepid=invisible", "hidepid=ptraceable"})
    void aProcThatHidesProcessesIsTold(String option) {
        HostFixture host = HostFixture.bareMetal().mount("/", "/proc", "proc proc rw," + option);

        assertThat(look(host).allProcessesVisible()).isFalse();
    }

    @Test
    void hidepid0HidesNothing() {
        HostFixture host = HostFixture.bareMetal().mount("/", "/proc", "proc proc rw,hidepid=0");

        assertThat(look(host).allProcessesVisible()).isTrue();
    }

    @Test
    void inAContainerNotAllProcessesAreVisible() {
        assertThat(look(HostFixture.docker()).allProcessesVisible()).isFalse();
    }

    @Test
    void gvisor_isNeverTrustedToShowAllProcesses() {
        assertThat(look(HostFixture.gvisor()).allProcessesVisible()).isFalse();
    }

    @Test
    void aChrootOntoAMountIsFoundByProcessOne() throws IOException {
        HostFixture host = HostFixture.bareMetal().link("/proc/1/ns/mnt", "mnt:[4026531841]");
        Files.createDirectories(directory.resolve("proc/1/root"));
        assumeTrue(unixAttributesAreThere(), "this JVM has no unix: attributes");

        assertThat(look(host).environments()).containsExactly(Environment.CHROOT);
    }

    @Test
    void anotherRootInAnotherMountNamespaceIsNoChroot() throws IOException {
        HostFixture host = HostFixture.bareMetal().link("/proc/1/ns/mnt", "mnt:[4026532999]");
        Files.createDirectories(directory.resolve("proc/1/root"));

        assertThat(look(host).environments()).isEmpty();
    }

    @Test
    void registeredTranslatorsAloneAreNoEmulation() {
        // An ARM Mac's machine registers Rosetta for everyone; native programs run there untranslated.
        HostFixture host = HostFixture.bareMetal().file("/proc/sys/fs/binfmt_misc/rosetta", "enabled\n");

        Host seen = look(host);

        assertThat(seen.signals()).extracting(Signal::environment).contains(Environment.EMULATED_CPU);
        assertThat(seen.in(Environment.EMULATED_CPU)).isFalse();
    }

    @Test
    void aMacTellsWhatSysctlTells() {
        Host host = look(HostFixture.macUnderRosetta());

        assertThat(host.bootId()).contains("4B0F2C1E-7C2B-4B8E-9C5D-0A1B2C3D4E5F");
        assertThat(host.memoryPageBytes()).isEqualTo(4096);
        assertThat(host.name()).contains("studio.local");
        assertThat(host.kernel()).isEqualTo("14.5");
        assertThat(host.allProcessesVisible()).isFalse();
    }

    @Test
    void windowsHasNoBootId() {
        Host host = look(HostFixture.windows());

        assertThat(host.bootId()).isEmpty();
        assertThat(host.name()).contains("DESK");
        assertThat(host.memoryPageBytes()).isZero();
    }

    @Test
    void aHostThatShowsNothingGivesNoSignal() {
        Surroundings.Jvm jvm = new Surroundings.Jvm("Linux", "6.1.0", "amd64", ByteOrder.LITTLE_ENDIAN, 8);

        Host host = HostLook.at(new Surroundings(directory, Map.of(), jvm, ""));

        assertThat(host.signals()).isEmpty();
        assertThat(host.environments()).isEmpty();
        assertThat(host.kernel()).isEqualTo("6.1.0");
        assertThat(host.bootId()).isEmpty();
        assertThat(host.memoryPageBytes()).isZero();
        assertThat(host.allProcessesVisible()).isFalse();
    }

    @Test
    void directoriesInThePlaceOfFilesGiveNoSignal() throws IOException {
        for (String name : new String[] {"proc/self/mountinfo", "proc/cpuinfo", "proc/cmdline", "proc/self/auxv"}) {
            Files.createDirectories(directory.resolve(name));
        }
        Surroundings.Jvm jvm = new Surroundings.Jvm("Linux", "6.1.0", "amd64", ByteOrder.LITTLE_ENDIAN, 8);

        assertThat(HostLook.at(new Surroundings(directory, Map.of(), jvm, "")).signals())
                .isEmpty();
    }

    @Test
    void aNamedPipeIsNotWaitedFor() throws IOException, InterruptedException {
        Path pipe = Files.createDirectories(directory.resolve("run/systemd")).resolve("container");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo here");
        assertThat(new ProcessBuilder("/usr/bin/mkfifo", pipe.toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(look(HostFixture.bareMetal()).environments()).isEmpty();
    }

    @Test
    void aHugeFileIsReadInPart() {
        byte[] endless = new byte[Surroundings.LARGEST_READ + 1];
        Arrays.fill(endless, (byte) 'x');
        HostFixture host = HostFixture.bareMetal().bytes("/proc/version", endless);

        Surroundings seen = host.builtIn(directory);

        assertThat(seen.text("/proc/version")).hasSize(Surroundings.LARGEST_READ);
        assertThat(HostLook.at(seen).environments()).isEmpty();
    }

    @Test
    void bytesThatAreNoTextGiveNoSignal() {
        byte[] noise = new byte[4096];
        for (int i = 0; i < noise.length; i++) noise[i] = (byte) (i * 31);
        HostFixture host = HostFixture.bareMetal()
                .withoutMounts()
                .bytes("/proc/self/mountinfo", noise)
                .bytes("/proc/self/auxv", noise)
                .bytes("/proc/self/status", noise)
                .bytes("/proc/sys/kernel/random/boot_id", noise)
                .bytes("/proc/cpuinfo", noise);

        Host seen = look(host);

        assertThat(seen.bootId()).isEmpty();
        assertThat(seen.environments()).isSubsetOf(Environment.CHROOT);
    }

    @Test
    void whatWasSeenNamesNoValueOfTheHost() {
        Host host = look(HostFixture.kubernetesOnContainerd());

        assertThat(host.signals())
                .extracting(Signal::seen)
                .noneMatch(seen -> seen.contains("10.96.0.1") || seen.contains("28478e30"));
    }

    private boolean unixAttributesAreThere() {
        return directory.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    private Host look(HostFixture host) {
        return HostLook.at(host.builtIn(directory));
    }
}
