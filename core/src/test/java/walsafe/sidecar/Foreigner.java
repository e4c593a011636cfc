package walsafe.sidecar;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import walsafe.facts.Facts;
import walsafe.facts.Host;

/** A program that shows itself beside a database as if it ran under another kernel, until its standard input ends. */
public final class Foreigner {
    private Foreigner() {}

    /**
     * Shows itself, says so, and waits.
     *
     * @param arguments the database, the boot id, and the heartbeat in milliseconds
     */
    public static void main(String[] arguments) throws Exception {
        Path database = Path.of(arguments[0]);
        Facts facts = Facts.gather(database);
        Facts there = new Facts(
                facts.target(),
                facts.storage(),
                facts.domain(),
                underBoot(facts.host(), arguments[1]),
                facts.database(),
                facts.neighbours(),
                facts.sqlite(),
                facts.evidence(),
                facts.unseen());
        try (Presence presence = Presence.show(database, there, Duration.ofMillis(Long.parseLong(arguments[2])))) {
            System.out.println(presence.name());
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    private static Host underBoot(Host host, String bootId) {
        return new Host(
                host.os(),
                host.kernel(),
                host.arch(),
                host.littleEndian(),
                host.memoryPageBytes(),
                Optional.of(bootId),
                host.bootIdReplaced(),
                host.pidNamespace(),
                host.allProcessesVisible(),
                host.name(),
                host.environments(),
                host.signals());
    }
}
