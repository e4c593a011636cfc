package walsafe.facts;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at the machine, the kernel and the namespaces that this process runs in. Reads some twenty small files, each
 * once; never throws, never waits for the network; starts a process on macOS only.
 */
final class HostLook {
    /** The entry of the auxiliary vector that holds the size of a page of memory: AT_PAGESZ of getauxval(3). */
    private static final int AT_PAGESZ = 6;

    /** A UUID has 36 characters. A longer answer is no boot id. */
    private static final int LONGEST_BOOT_ID = 64;

    private HostLook() {}

    static Host here() {
        return at(Surroundings.here());
    }

    static Host at(Surroundings host) {
        List<Sighting> sightings = sightings(host);
        Set<Environment> environments = Jury.verdict(sightings);
        Surroundings.Jvm jvm = host.jvm();
        return new Host(
                jvm.os(),
                jvm.linux() ? host.release() : jvm.release(),
                jvm.arch(),
                jvm.order() == ByteOrder.LITTLE_ENDIAN,
                memoryPageBytes(host),
                bootId(host),
                jvm.linux() && host.mountAt(Inspection.BOOT_ID).isPresent(),
                jvm.linux() ? host.link("/proc/self/ns/pid") : Optional.empty(),
                allProcessesVisible(host, environments),
                name(host),
                environments,
                signals(sightings));
    }

    static List<Sighting> sightings(Surroundings host) {
        List<Sighting> sightings = new ArrayList<>(Telltale.seenIn(host));
        sightings.addAll(Inspection.of(host));
        return sightings;
    }

    private static int memoryPageBytes(Surroundings host) {
        if (host.jvm().linux()) return pageSizeIn(host.bytes("/proc/self/auxv", 4 << 10), host.jvm());
        return positive(host.sysctl("hw.pagesize").orElse("0"));
    }

    /** Pairs of native words, type and value, up to type 0 (proc_pid_auxv(5)). */
    private static int pageSizeIn(byte[] vector, Surroundings.Jvm jvm) {
        ByteBuffer words = ByteBuffer.wrap(vector).order(jvm.order());
        while (words.remaining() >= 2 * jvm.wordBytes()) {
            long type = word(words, jvm.wordBytes());
            long value = word(words, jvm.wordBytes());
            if (type == AT_PAGESZ) return value > 0 && value <= 1 << 30 ? (int) value : 0;
        }
        return 0;
    }

    private static long word(ByteBuffer words, int bytes) {
        return bytes == 4 ? words.getInt() : words.getLong();
    }

    private static int positive(String number) {
        try {
            return Math.max(0, Integer.parseInt(number));
        } catch (NumberFormatException noNumber) {
            return 0; // Unknown, as if it had not been told.
        }
    }

    private static Optional<String> bootId(Surroundings host) {
        Optional<String> told =
                host.jvm().linux() ? host.line(Inspection.BOOT_ID) : host.sysctl("kern.bootsessionuuid");
        return told.orElse("").length() <= LONGEST_BOOT_ID ? told : Optional.empty();
    }

    /**
     * In the kernel's first pid namespace every process has an entry in /proc, unless /proc hides some: any hidepid but
     * 0 counts as hiding, also for those whom it exempts (proc(5)). What a single process does not
     * let us see is counted where processes are listed. gVisor is no kernel that others share, whatever it calls its
     * namespaces.
     */
    private static boolean allProcessesVisible(Surroundings host, Set<Environment> environments) {
        return host.jvm().linux()
                && !environments.contains(Environment.GVISOR)
                && host.link("/proc/self/ns/pid").equals(Optional.of(Inspection.FIRST_PID_NAMESPACE))
                && hidesNothing(host.mountAt("/proc").orElse(""));
    }

    private static boolean hidesNothing(String proc) {
        boolean hidepid = proc.contains("hidepid=") && !proc.contains("hidepid=0") && !proc.contains("hidepid=off");
        return proc.contains(" - proc ") && !hidepid;
    }

    private static Optional<String> name(Surroundings host) {
        if (host.jvm().linux()) return host.line("/proc/sys/kernel/hostname");
        return host.jvm().macOs() ? host.sysctl("kern.hostname") : host.variable("COMPUTERNAME");
    }

    private static List<Signal> signals(List<Sighting> sightings) {
        List<Signal> signals = new ArrayList<>();
        for (Sighting sighting : sightings) signals.add(sighting.signal());
        return signals;
    }
}
