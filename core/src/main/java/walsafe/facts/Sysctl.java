package walsafe.facts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

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

    private static final int LARGEST_ANSWER = 4 << 10;

    private Sysctl() {}

    /** Lines {@code name: value}; empty if the command is missing, denied, or silent for two seconds. */
    static String listing() {
        try {
            return answerOf(new ProcessBuilder(COMMAND)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException missing) {
            return ""; // A host that does not tell gives no signal.
        }
    }

    private static String answerOf(Process process) throws IOException {
        try {
            process.getOutputStream().close();
            // Six short lines fit into the pipe, so waiting before reading cannot block the command.
            if (!process.waitFor(2, TimeUnit.SECONDS)) return "";
            return new String(process.getInputStream().readNBytes(LARGEST_ANSWER), ISO_8859_1);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "";
        } finally {
            process.destroyForcibly();
        }
    }
}
