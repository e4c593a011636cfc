package walsafe.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The signals that take more than looking for a word: two facts compared, or a link followed. Linux only. */
final class Inspection {
    /** The first pid namespace of every kernel since 3.8: PROC_PID_INIT_INO in include/linux/proc_ns.h. */
    static final String FIRST_PID_NAMESPACE = "pid:[4026531836]";

    static final String BOOT_ID = "/proc/sys/kernel/random/boot_id";

    /** Block devices that containers are often given as their root: LXC on LVM, loop files, Ceph, Virtuozzo's ploop. */
    private static final List<String> LENT_DISKS =
            List.of("/dev/mapper/", "/dev/dm-", "/dev/loop", "/dev/rbd", "/dev/nbd", "/dev/zd", "/dev/ploop");

    private final Surroundings host;
    private final List<Sighting> seen = new ArrayList<>();

    private Inspection(Surroundings host) {
        this.host = host;
    }

    static List<Sighting> of(Surroundings host) {
        Inspection inspection = new Inspection(host);
        if (host.jvm().linux()) inspection.linux();
        if (host.jvm().macOs()) inspection.macOs();
        return inspection.seen;
    }

    private void linux() {
        rootOnDisk();
        namespaces();
        chroot();
        tracer();
        bootId();
        processor();
        translators();
    }

    /** Only the whole of a filesystem: LXC and nspawn run on a directory of the host's disk. */
    private void rootOnDisk() {
        Optional<String> root = host.mountAt("/");
        if (root.isEmpty() || !Surroundings.field(root.get(), 3).equals("/")) return;
        String filesystem = root.get().substring(root.get().indexOf(" - ") + 1);
        String source = Surroundings.field(filesystem, 2);
        if (source.startsWith("/dev/") && !isLent(source)) {
            String seenThere = "/ is " + Surroundings.field(filesystem, 1) + " on " + source;
            seen.add(Sighting.against(Environment.CONTAINER, 80, seenThere, "the mount at /"));
        }
    }

    private static boolean isLent(String source) {
        for (String lent : LENT_DISKS) {
            if (source.startsWith(lent)) return true;
        }
        return false;
    }

    /** One witness: {@code unshare} makes several namespaces at once, and none of them a container. */
    private void namespaces() {
        String pids = host.link("/proc/self/ns/pid").orElse("");
        if (pids.equals(FIRST_PID_NAMESPACE)) {
            String first = "this is the kernel's first pid namespace";
            seen.add(Sighting.against(Environment.CONTAINER, 50, first, "namespaces"));
        } else if (!pids.isEmpty()) {
            String later = "this is not the kernel's first pid namespace";
            seen.add(Sighting.of(Environment.CONTAINER, 60, later, "namespaces"));
        }
        Optional<String> users = host.line("/proc/self/uid_map");
        if (users.isPresent() && !isIdentity(users.get())) {
            seen.add(Sighting.of(Environment.CONTAINER, 60, "user ids are mapped (user namespace)", "namespaces"));
        }
    }

    /** The first user namespace maps all ids to themselves: {@code 0 0 4294967295} (user_namespaces(7)). */
    private static boolean isIdentity(String map) {
        return map.startsWith("0 ")
                && map.endsWith(" 4294967295")
                && map.substring(1).strip().startsWith("0 ");
    }

    /**
     * A root that is no mount cannot be anything else: mountinfo leaves out what lies above the root of its reader. A
     * root that is a mount is compared with process 1's, if both live in one mount namespace and we may look.
     */
    private void chroot() {
        if (!host.mounts().isEmpty() && host.mountAt("/").isEmpty()) {
            seen.add(Sighting.of(Environment.CHROOT, 95, "mountinfo has no mount at /", "the mount at /"));
        }
        Optional<String> ours = host.identity("/");
        Optional<String> theirs = host.identity("/proc/1/root/");
        if (ours.isPresent() && theirs.isPresent() && !ours.equals(theirs) && sharesMountsWithProcessOne()) {
            seen.add(Sighting.of(
                    Environment.CHROOT, 95, "/ is not the root of process 1 in the same mount namespace", "/proc/1"));
        }
    }

    private boolean sharesMountsWithProcessOne() {
        Optional<String> mounts = host.link("/proc/self/ns/mnt");
        return mounts.isPresent() && mounts.equals(host.link("/proc/1/ns/mnt"));
    }

    /** proot makes up paths by tracing system calls, so its name is the tracer's. */
    private void tracer() {
        String status = host.text("/proc/self/status");
        int label = status.indexOf("TracerPid:");
        if (label < 0) return;
        int end = status.indexOf('\n', label);
        String pid = status.substring(label + "TracerPid:".length(), end < 0 ? status.length() : end)
                .strip();
        if (isNumber(pid) && host.text("/proc/" + pid + "/comm").startsWith("proot")) {
            seen.add(Sighting.of(Environment.PROOT, 95, "this process is traced by proot", "the tracer"));
        }
    }

    /** The text becomes part of a path, so it is looked at. */
    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') return false;
        }
        return !text.isEmpty() && !text.equals("0");
    }

    private void bootId() {
        if (host.mountAt(BOOT_ID).isPresent())
            seen.add(Sighting.of(Environment.NSPAWN, 60, "a mount lies over the boot id", "the boot id"));
    }

    /** The kernel tells the real processor, Java the one that it was built for; qemu-user does not hide the first. */
    private void processor() {
        String built = familyOf(host.jvm().arch());
        String real = familyIn(host.processor());
        if (!built.isEmpty() && !real.isEmpty() && !built.equals(real)) {
            String seenThere = "Java was built for " + host.jvm().arch() + ", the processor is " + real;
            seen.add(Sighting.of(Environment.EMULATED_CPU, 95, seenThere, "/proc/cpuinfo"));
        }
    }

    private static String familyOf(String arch) {
        return switch (arch) {
            case "amd64", "x86_64", "x86", "i386" -> "x86";
            case "aarch64", "arm" -> "arm";
            case "riscv64" -> "riscv";
            case "s390x" -> "s390";
            default -> "";
        };
    }

    /** By labels that only one family has (show_cpuinfo in each arch directory of the kernel). */
    private static String familyIn(String cpuinfo) {
        if (cpuinfo.contains("CPU implementer")) return "arm";
        if (cpuinfo.contains("hart\t")) return "riscv";
        if (cpuinfo.contains("IBM/S390")) return "s390";
        return cpuinfo.contains("cpu family") ? "x86" : "";
    }

    /** Nobody registers a translator for the processor that the machine has (binfmt_misc). */
    private void translators() {
        boolean x86 = familyOf(host.jvm().arch()).equals("x86");
        String qemu =
                "/proc/sys/fs/binfmt_misc/qemu-" + (x86 ? "x86_64" : host.jvm().arch());
        if (x86 && host.exists("/proc/sys/fs/binfmt_misc/rosetta")) {
            seen.add(Sighting.of(Environment.EMULATED_CPU, 85, "Rosetta translates x86 programs here", "translators"));
        }
        if (host.exists(qemu)) {
            seen.add(Sighting.of(Environment.EMULATED_CPU, 85, qemu + " exists", "translators"));
        }
    }

    private void macOs() {
        if (host.sysctl("kern.hv_vmm_present").equals(Optional.of("1"))) {
            seen.add(Sighting.of(Environment.VM, 95, "kern.hv_vmm_present is 1", "sysctl"));
        }
        if (host.sysctl("sysctl.proc_translated").equals(Optional.of("1"))) {
            seen.add(Sighting.of(Environment.EMULATED_CPU, 95, "sysctl.proc_translated is 1", "sysctl"));
        }
    }
}
