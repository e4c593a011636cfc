package walsafe.facts;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The machine, kernel and namespace that this process runs in.
 *
 * @param os {@code Linux}, {@code Mac OS X}, {@code Windows …}: Java's {@code os.name}
 * @param kernel the kernel's release
 * @param arch Java's {@code os.arch}
 * @param littleEndian the byte order of the machine; the wal-index is in native order
 * @param memoryPageBytes size of a page of memory; 0 if unknown
 * @param bootId identity of this boot of this kernel; empty if the platform has none
 * @param bootIdReplaced a mount lies over the boot id (systemd-nspawn, clone fix-ups), so "different" may be false
 * @param pidNamespace identity of the pid namespace; empty if unknown
 * @param allProcessesVisible processes outside this pid namespace are invisible, so "nobody seen" is not "nobody"; true
 *     only if this is the machine's first pid namespace and /proc hides nothing
 * @param name the host's name, a label only; removed by redaction
 * @param environments what two independent signals agree on
 * @param signals everything that was seen, for and against
 */
public record Host(
        String os,
        String kernel,
        String arch,
        boolean littleEndian,
        int memoryPageBytes,
        Optional<String> bootId,
        boolean bootIdReplaced,
        Optional<String> pidNamespace,
        boolean allProcessesVisible,
        Optional<String> name,
        Set<Environment> environments,
        List<Signal> signals) {
    public Host {
        environments = inOrder(environments);
        signals = List.copyOf(signals);
    }

    /** Always in the same order, so that equal facts print alike. */
    private static Set<Environment> inOrder(Set<Environment> environments) {
        Set<Environment> ordered = EnumSet.noneOf(Environment.class);
        ordered.addAll(environments);
        return Collections.unmodifiableSet(ordered);
    }

    public boolean in(Environment environment) {
        return environments.contains(environment);
    }

    public boolean linux() {
        return os.equals("Linux");
    }

    public boolean macOs() {
        return os.startsWith("Mac");
    }

    public boolean windows() {
        return os.startsWith("Windows");
    }
}
