package walsafe.facts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static walsafe.facts.Environment.CHROOT;
import static walsafe.facts.Environment.CI;
import static walsafe.facts.Environment.CLOUD;
import static walsafe.facts.Environment.CONTAINER;
import static walsafe.facts.Environment.DOCKER;
import static walsafe.facts.Environment.DOCKER_DESKTOP;
import static walsafe.facts.Environment.EMULATED_CPU;
import static walsafe.facts.Environment.FIRECRACKER;
import static walsafe.facts.Environment.GVISOR;
import static walsafe.facts.Environment.KATA;
import static walsafe.facts.Environment.KUBERNETES;
import static walsafe.facts.Environment.LIMA;
import static walsafe.facts.Environment.LXC;
import static walsafe.facts.Environment.NSPAWN;
import static walsafe.facts.Environment.OPENVZ;
import static walsafe.facts.Environment.ORBSTACK;
import static walsafe.facts.Environment.PODMAN;
import static walsafe.facts.Environment.PODMAN_MACHINE;
import static walsafe.facts.Environment.PROOT;
import static walsafe.facts.Environment.UML;
import static walsafe.facts.Environment.VM;
import static walsafe.facts.Environment.WSL1;
import static walsafe.facts.Environment.WSL2;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Invented hosts: a tree of the files that a host of this sort shows, and what walsafe should make of it. Each says
 * whether its files were captured on a real one or built from documents; the second prove that we read the documents
 * right, not that the documents are.
 */
final class HostFixture {
    enum Origin {
        MEASURED,
        FROM_DOCUMENTS
    }

    private final String name;
    final Origin origin;
    Set<Environment> expected = Set.of();
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, String> links = new TreeMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private String mounts = "";
    private Surroundings.Jvm jvm = new Surroundings.Jvm("Linux", "6.1.0-21-amd64", "amd64", ByteOrder.LITTLE_ENDIAN, 8);
    private String sysctl = "";

    private HostFixture(String name, Origin origin) {
        this.name = name;
        this.origin = origin;
    }

    static List<HostFixture> all() {
        return List.of(
                bareMetal(),
                firecrackerWithStrayDockerenv(),
                freshPidNamespace(),
                plainChroot(),
                docker(),
                rootlessPodman(),
                kubernetesOnContainerd(),
                lxc(),
                nspawn(),
                openvz(),
                proot(),
                qemuGuest(),
                uml(),
                wsl1(),
                wsl2(),
                dockerDesktopMac(),
                orbstack(),
                colima(),
                podmanMachine(),
                gvisor(),
                kata(),
                rosettaInOrbstack(),
                qemuUser(),
                githubActions(),
                fargate(),
                lambda(),
                fly(),
                ec2(),
                macUnderRosetta(),
                windows());
    }

    /** A server with a disk of its own. */
    static HostFixture bareMetal() {
        return linux("bare metal", Origin.FROM_DOCUMENTS, CPU)
                .mount("/", "/", "ext4 /dev/nvme0n1p2 rw")
                .firstNamespaces();
    }

    /** Captured on Linux 6.18 in Firecracker and shortened; systemd-detect-virt 252 says "docker" there. */
    static HostFixture firecrackerWithStrayDockerenv() {
        return linux("Firecracker with a stray /.dockerenv", Origin.MEASURED, GUEST_CPU)
                .firstNamespaces()
                .file("/.dockerenv", "")
                .file("/proc/sys/kernel/osrelease", "6.18.44\n")
                .file(
                        "/proc/cmdline",
                        "console=ttyS0 quiet reboot=k panic=1 nomodule rdinit=/init -- --firecracker-init\n")
                .file("/sys/bus/acpi/devices/VMGENCTR:00/hid", "VMGENCTR\n")
                .file("/sys/bus/acpi/devices/AMZNC10C:00/hid", "AMZNC10C\n")
                .mount("/", "/", "ext4 /dev/vda rw,discard")
                .file("/proc/self/cgroup", "9:name=systemd:/\n8:pids:/\n0::/\n")
                .expect(VM, FIRECRACKER);
    }

    /** {@code unshare -pmf --mount-proc} on that machine: a namespace is no container. */
    static HostFixture freshPidNamespace() {
        return firecrackerWithStrayDockerenv()
                .renamed("a fresh pid namespace", Origin.MEASURED)
                .link("/proc/self/ns/pid", "pid:[4026532261]");
    }

    /** {@code chroot} into a plain directory: mountinfo shows only what is mounted below it. */
    static HostFixture plainChroot() {
        return linux("chroot", Origin.MEASURED, CPU).firstNamespaces().expect(CHROOT);
    }

    static HostFixture docker() {
        return linux("Docker", Origin.FROM_DOCUMENTS, CPU)
                .ownNamespaces()
                .file("/.dockerenv", "")
                .file("/sys/fs/cgroup/cgroup.events", "populated 1\n")
                .mount(
                        "/",
                        "/",
                        "overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/AB:/var/lib/docker/overlay2/l/CD,upperdir=/var/lib/docker/overlay2/12/diff")
                .mount("/var/lib/docker/containers/12ab/hosts", "/etc/hosts", "ext4 /dev/sda1 rw")
                .expect(CONTAINER, DOCKER);
    }

    static HostFixture rootlessPodman() {
        return linux("rootless Podman", Origin.FROM_DOCUMENTS, CPU)
                .ownNamespaces()
                .file("/proc/self/uid_map", "         0       1000          1\n         1     100000      65536\n")
                .file("/run/.containerenv", "")
                .variable("container", "podman")
                .mount(
                        "/",
                        "/",
                        "overlay overlay rw,lowerdir=/home/u/.local/share/containers/storage/overlay/l/AB,upperdir=/home/u/x")
                .mount(
                        "/containers/overlay-containers/12ab/userdata/hosts",
                        "/etc/hosts",
                        "tmpfs tmpfs rw,size=1608100k")
                .expect(CONTAINER, PODMAN);
    }

    static HostFixture kubernetesOnContainerd() {
        return linux("Kubernetes on containerd", Origin.FROM_DOCUMENTS, CPU)
                .ownNamespaces()
                .variable("KUBERNETES_SERVICE_HOST", "10.96.0.1")
                .file("/var/run/secrets/kubernetes.io/serviceaccount/namespace", "default")
                .file("/sys/fs/cgroup/cgroup.events", "populated 1\n")
                .mount(
                        "/",
                        "/",
                        "overlay overlay rw,lowerdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs")
                .mount("/var/lib/kubelet/pods/28478e30-384f/etc-hosts", "/etc/hosts", "ext4 /dev/sda1 rw")
                .expect(CONTAINER, KUBERNETES);
    }

    static HostFixture lxc() {
        return linux("LXC on LVM", Origin.FROM_DOCUMENTS, CPU)
                .ownNamespaces()
                .file("/proc/self/uid_map", "         0     100000      65536\n")
                .file("/run/systemd/container", "lxc")
                .file("/proc/1/environ", "container=lxc\0TERM=linux\0")
                .mount("/", "/", "ext4 /dev/mapper/pve-vm--101--disk--0 rw")
                .mount("/proc/meminfo", "/proc/meminfo", "fuse.lxcfs lxcfs rw,user_id=0,group_id=0,allow_other")
                .expect(CONTAINER, LXC);
    }

    static HostFixture nspawn() {
        return linux("systemd-nspawn", Origin.FROM_DOCUMENTS, CPU)
                .ownNamespaces()
                .file("/run/host/container-manager", "systemd-nspawn\n")
                .file("/run/systemd/container", "systemd-nspawn\n")
                .mount("/var/lib/machines/web", "/", "ext4 /dev/sda1 rw")
                .mount("/proc-sys-kernel-random-boot-id", "/proc/sys/kernel/random/boot_id", "tmpfs tmpfs rw")
                .expect(CONTAINER, NSPAWN);
    }

    static HostFixture openvz() {
        return linux("OpenVZ", Origin.FROM_DOCUMENTS, CPU)
                .file("/proc/sys/kernel/osrelease", "2.6.32-042stab145.3\n")
                .file("/proc/vz/vestat", "")
                .mount("/", "/", "simfs /dev/simfs rw")
                .expect(CONTAINER, OPENVZ);
    }

    static HostFixture proot() {
        return bareMetal()
                .renamed("proot", Origin.FROM_DOCUMENTS)
                .file("/proc/self/status", "Name:\tjava\nPid:\t77\nTracerPid:\t76\nUid:\t1000\n")
                .file("/proc/76/comm", "proot\n")
                .expect(PROOT);
    }

    /** The firmware's names and the root were seen in a QEMU guest with the Q35 machine; the rest is ordinary. */
    static HostFixture qemuGuest() {
        return linux("QEMU guest", Origin.MEASURED, GUEST_CPU)
                .firstNamespaces()
                .file("/sys/class/dmi/id/product_name", "Standard PC (Q35 + ICH9, 2009)\n")
                .file("/sys/class/dmi/id/sys_vendor", "QEMU\n")
                .mount("/", "/", "9p root rw,trans=virtio")
                .expect(VM);
    }

    static HostFixture uml() {
        return linux(
                        "User-Mode Linux",
                        Origin.FROM_DOCUMENTS,
                        "processor\t: 0\nvendor_id\t: User Mode Linux\nmodel name\t: UML\n")
                .firstNamespaces()
                .mount("/", "/", "hostfs none rw,/")
                .expect(VM, UML);
    }

    static HostFixture wsl1() {
        return linux("WSL 1", Origin.FROM_DOCUMENTS, CPU)
                .file("/proc/sys/kernel/osrelease", "4.4.0-19041-Microsoft\n")
                .variable("WSL_DISTRO_NAME", "Ubuntu")
                .file("/run/WSL/1_interop", "")
                .mount("/", "/", "wslfs rootfs rw,noatime")
                .mount("/", "/mnt/c", "drvfs C:\\134 rw,noatime,uid=1000,gid=1000")
                .expect(WSL1);
    }

    static HostFixture wsl2() {
        return linux("WSL 2", Origin.FROM_DOCUMENTS, GUEST_CPU)
                .ownNamespaces()
                .file("/proc/sys/kernel/osrelease", "5.15.153.1-microsoft-standard-WSL2\n")
                .variable("WSL_DISTRO_NAME", "Ubuntu")
                .file("/run/WSL/1_interop", "")
                .mount("/", "/", "ext4 /dev/sdc rw,discard")
                .mount("/", "/mnt/c", "9p C:\\134 rw,aname=drvfs;path=C:\\134;uid=1000,cache=5")
                .expect(VM, WSL2);
    }

    static HostFixture dockerDesktopMac() {
        return docker().renamed("Docker Desktop on a Mac", Origin.FROM_DOCUMENTS)
                .file("/proc/sys/kernel/osrelease", "6.6.31-linuxkit\n")
                .mount("/Users/u/shop", "/data", "fakeowner /run/host_mark/Users rw,fakeowner")
                .expect(CONTAINER, DOCKER, VM, DOCKER_DESKTOP);
    }

    static HostFixture orbstack() {
        return docker().renamed("OrbStack", Origin.FROM_DOCUMENTS)
                .file("/proc/sys/kernel/osrelease", "7.0.11-orbstack-00360-gc9bc4d96ac70\n")
                .mount("/Users/u/shop", "/data", "virtiofs mac rw")
                .expect(CONTAINER, DOCKER, VM, ORBSTACK);
    }

    static HostFixture colima() {
        return linux("Colima", Origin.FROM_DOCUMENTS, GUEST_CPU)
                .firstNamespaces()
                .mount("/", "/", "ext4 /dev/vda1 rw,discard")
                .mount("/", "/mnt/lima-cidata", "iso9660 /dev/vdb ro")
                .mount("/", "/Users/u", "virtiofs mount0 rw")
                .expect(VM, LIMA);
    }

    static HostFixture podmanMachine() {
        return linux("Podman machine", Origin.FROM_DOCUMENTS, GUEST_CPU)
                .firstNamespaces()
                .file("/etc/containers/podman-machine", "applehv\n")
                .file("/proc/cmdline", "BOOT_IMAGE=/vmlinuz ignition.platform.id=applehv console=hvc0\n")
                .mount("/", "/", "xfs /dev/vda4 rw")
                .mount("/", "/Users", "virtiofs a2a0ee2c717462feb1de2f5afd59de5fd2d8 rw")
                .expect(VM, PODMAN_MACHINE);
    }

    static HostFixture gvisor() {
        return linux("gVisor", Origin.FROM_DOCUMENTS, CPU)
                .link("/proc/self/ns/pid", "pid:[4026531836]")
                .file("/.dockerenv", "")
                .file("/proc/sys/kernel/osrelease", "4.4.0\n")
                .file("/proc/version", "Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016\n")
                .mount("/", "/", "9p none rw,trans=fd,rfdno=3,wfdno=3,aname=/,dcache=1000,cache=fscache,directfs")
                .expect(GVISOR);
    }

    static HostFixture kata() {
        return linux("Kata Containers", Origin.FROM_DOCUMENTS, GUEST_CPU)
                .ownNamespaces()
                .file("/proc/cmdline", "reboot=k panic=1 systemd.unit=kata-containers.target agent.log=debug\n")
                .mount("/cid/rootfs", "/", "virtiofs kataShared rw")
                .expect(VM, KATA);
    }

    /** The lines of cpuinfo are from a capture that a user of OrbStack published. */
    static HostFixture rosettaInOrbstack() {
        return orbstack()
                .renamed("Rosetta in OrbStack", Origin.FROM_DOCUMENTS)
                .file(
                        "/proc/cpuinfo",
                        "processor    : 0\nvendor_id    : VirtualApple\ncpu family   : 6\nmodel name   : VirtualApple @ 2.50GHz\nflags        : fpu tsc\n")
                .expect(CONTAINER, DOCKER, VM, ORBSTACK, EMULATED_CPU);
    }

    static HostFixture qemuUser() {
        return bareMetal()
                .renamed("qemu-user", Origin.FROM_DOCUMENTS)
                .file(
                        "/proc/cpuinfo",
                        "processor\t: 0\nBogoMIPS\t: 48.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x61\n")
                .expect(EMULATED_CPU);
    }

    static HostFixture githubActions() {
        return linux("GitHub Actions", Origin.FROM_DOCUMENTS, GUEST_CPU)
                .firstNamespaces()
                .variable("GITHUB_ACTIONS", "true")
                .variable("CI", "true")
                .file("/sys/class/dmi/id/product_name", "Virtual Machine\n")
                .mount("/", "/", "ext4 /dev/sda1 rw")
                .expect(VM, CI);
    }

    static HostFixture fargate() {
        return linux("Fargate", Origin.FROM_DOCUMENTS, GUEST_CPU)
                .ownNamespaces()
                .variable("ECS_CONTAINER_METADATA_URI_V4", "http://169.254.170.2/v4/12ab")
                .mount("/", "/", "overlay overlay rw,lowerdir=/var/lib/containerd/1/fs")
                .expect(CONTAINER, CLOUD);
    }

    static HostFixture lambda() {
        return linux("Lambda", Origin.FROM_DOCUMENTS, GUEST_CPU)
                .ownNamespaces()
                .variable("AWS_LAMBDA_FUNCTION_NAME", "orders")
                .file("/var/runtime/bootstrap", "#!/bin/bash\n")
                .mount("/", "/", "overlay overlay ro,lowerdir=/tmp/es/a")
                .expect(CONTAINER, CLOUD);
    }

    static HostFixture fly() {
        return linux("Fly", Origin.FROM_DOCUMENTS, GUEST_CPU)
                .firstNamespaces()
                .variable("FLY_MACHINE_ID", "9080e6f3a12345")
                .file("/.fly/api", "")
                .mount("/", "/", "ext4 /dev/vdb rw")
                .expect(VM, CLOUD);
    }

    static HostFixture ec2() {
        return linux("Amazon EC2", Origin.FROM_DOCUMENTS, GUEST_CPU)
                .firstNamespaces()
                .file("/sys/class/dmi/id/product_name", "m7i.large\n")
                .file("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n")
                .mount("/", "/", "xfs /dev/nvme0n1p1 rw")
                .expect(VM, CLOUD);
    }

    static HostFixture macUnderRosetta() {
        HostFixture mac = new HostFixture("a Mac under Rosetta", Origin.FROM_DOCUMENTS).expect(EMULATED_CPU);
        mac.jvm = new Surroundings.Jvm("Mac OS X", "14.5", "x86_64", ByteOrder.LITTLE_ENDIAN, 8);
        mac.sysctl = """
                kern.bootsessionuuid: 4B0F2C1E-7C2B-4B8E-9C5D-0A1B2C3D4E5F
                kern.hostname: studio.local
                hw.pagesize: 4096
                kern.hv_vmm_present: 0
                sysctl.proc_translated: 1
                """;
        return mac;
    }

    static HostFixture windows() {
        HostFixture windows = new HostFixture("Windows", Origin.FROM_DOCUMENTS).expect(CI);
        windows.jvm = new Surroundings.Jvm("Windows 11", "10.0", "amd64", ByteOrder.LITTLE_ENDIAN, 8);
        return windows.variable("GITHUB_ACTIONS", "true").variable("COMPUTERNAME", "DESK");
    }

    private static final String CPU =
            "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nflags\t\t: fpu vme aes avx2\n";
    private static final String GUEST_CPU =
            "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nflags\t\t: fpu vme hypervisor aes\n";
    static final String BOOT_ID = "6a4c6d78-baa0-4607-bcce-14e58b138bcf";

    private static HostFixture linux(String name, Origin origin, String cpuinfo) {
        return new HostFixture(name, origin)
                .file("/proc/cpuinfo", cpuinfo)
                .file("/proc/cmdline", "BOOT_IMAGE=/vmlinuz root=UUID=1 ro quiet\n")
                .file("/proc/version", "Linux version 6.1.0-21-amd64 (debian-kernel@lists.debian.org)\n")
                .file("/proc/sys/kernel/osrelease", "6.1.0-21-amd64\n")
                .file("/proc/sys/kernel/hostname", "shop\n")
                .file("/proc/sys/kernel/random/boot_id", BOOT_ID + "\n")
                .file("/proc/self/status", "Name:\tjava\nTracerPid:\t0\n")
                .file("/proc/self/cgroup", "0::/\n")
                .file("/proc/self/uid_map", "         0          0 4294967295\n")
                .bytes("/proc/self/auxv", auxiliaryVector(4096, ByteOrder.LITTLE_ENDIAN, 8))
                .mount("/", "/proc", "proc proc rw");
    }

    static byte[] auxiliaryVector(long pageBytes, ByteOrder order, int wordBytes) {
        ByteBuffer words = ByteBuffer.allocate(6 * wordBytes).order(order);
        for (long word : new long[] {16, 0x178bfbff, 6, pageBytes, 0, 0}) {
            if (wordBytes == 8) words.putLong(word);
            else words.putInt((int) word);
        }
        return words.array();
    }

    HostFixture renamed(String other, Origin otherOrigin) {
        HostFixture copy = new HostFixture(other, otherOrigin);
        copy.files.putAll(files);
        copy.links.putAll(links);
        copy.variables.putAll(variables);
        copy.mounts = mounts;
        copy.jvm = jvm;
        copy.sysctl = sysctl;
        copy.expected = expected;
        return copy;
    }

    HostFixture expect(Environment... environments) {
        expected = Set.of(environments);
        return this;
    }

    HostFixture firstNamespaces() {
        return link("/proc/self/ns/pid", Inspection.FIRST_PID_NAMESPACE).link("/proc/self/ns/mnt", "mnt:[4026531841]");
    }

    HostFixture ownNamespaces() {
        return link("/proc/self/ns/pid", "pid:[4026532601]").link("/proc/self/ns/mnt", "mnt:[4026532598]");
    }

    HostFixture file(String path, String text) {
        return bytes(path, text.getBytes(ISO_8859_1));
    }

    HostFixture bytes(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    HostFixture link(String path, String target) {
        links.put(path, target);
        return this;
    }

    HostFixture variable(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    /** A line of mountinfo; the filesystem is {@code type source super-options}. */
    HostFixture mount(String root, String point, String filesystem) {
        mounts += "27 1 8:1 " + root + " " + point + " rw,relatime - " + filesystem + "\n";
        return file("/proc/self/mountinfo", mounts);
    }

    HostFixture withoutMounts() {
        mounts = "";
        files.remove("/proc/self/mountinfo");
        return this;
    }

    HostFixture jvm(Surroundings.Jvm other) {
        jvm = other;
        return this;
    }

    /** Writes the tree below a directory that is empty or missing. */
    Surroundings builtIn(Path directory) {
        try {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Files.write(parentsOf(directory, file.getKey()), file.getValue());
            }
            for (Map.Entry<String, String> link : links.entrySet()) {
                Files.createSymbolicLink(parentsOf(directory, link.getKey()), Path.of(link.getValue()));
            }
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
        return new Surroundings(directory, variables, jvm, sysctl);
    }

    private static Path parentsOf(Path directory, String path) throws IOException {
        Path file = directory.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        return file;
    }

    @Override
    public String toString() {
        return name + " (" + origin + ")";
    }
}
