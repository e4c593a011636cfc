package walsafe.facts;

import java.util.List;

/** macOS's own listing of kernel values, sysctl(8); what it tells is in no file there. */
final class Sysctl {
    /** Names that a kernel does not know are left out of the answer: {@code proc_translated} on an Intel Mac. */
    private static final List<String> COMMAND = List.of(
            "/usr/sbin/sysctl",
            "kern.bootsessionuuid",
            "kern.hostname",
            "hw.pagesize",
            "kern.hv_vmm_present",
            "sysctl.proc_translated");

    private Sysctl() {}

    /** Lines {@code name: value}; empty if the command is missing, denied, or silent for two seconds. */
    static String listing() {
        return SystemListing.partOf(COMMAND).orElse("");
    }
}
