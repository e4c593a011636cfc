package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A lab whose JVM is killed leaves no kernel, no daemon, no mount and no file behind. */
class NothingSurvivesScenario extends Scenario {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Sets up a lab and waits to be killed. */
    static final class Victim {
        public static void main(String[] arguments) throws Exception {
            try (Lab lab = Lab.setUp()) {
                Guest host = lab.hosts(1, Share.EXT4).get(0);
                System.out.println(lab.folder());
                host.run(Duration.ofMinutes(5), "sleep 300");
            }
        }
    }

    @Test
    void aLabWhoseJvmIsKilledLeavesNothingBehind() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dlab.home=" + Lab.home(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = jvm.inputReader()) {
            Path folder = Path.of(said.readLine());
            assertThat(folder).isDirectory();
            List<ProcessHandle> kernels = jvm.descendants().toList();
            assertThat(kernels).hasSizeGreaterThan(2);

            jvm.destroyForcibly();

            kernels.forEach(kernel -> kernel.onExit()
                    .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                    .join());
            assertThat(folder).doesNotExist();
            assertThat(processesOf(folder)).isEmpty();
        } finally {
            jvm.destroyForcibly();
        }
    }

    /** Also those that were not children of it any more. */
    private static Map<Long, String> processesOf(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process.pid()).contains(folder.toString()))
                .collect(Collectors.toMap(ProcessHandle::pid, process -> commandLine(process.pid())));
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }
}
