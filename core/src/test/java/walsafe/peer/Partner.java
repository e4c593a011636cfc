package walsafe.peer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import walsafe.facts.Facts;
import walsafe.facts.Host;
import walsafe.probe.Budget;
import walsafe.probe.Encounters;

/** A program that plays one of two hosts on this machine, with a boot id of its own; for tests that need two kernels. */
public final class Partner {
    /** Short, so that a test is. */
    static final Budget QUICK = new Budget("two-hosts", Duration.ofSeconds(120), Duration.ofSeconds(20), 2, 3, 5);

    private Partner() {}

    /**
     * Takes part once, and prints a line for all that was shown.
     *
     * @param arguments directory, folder to remember in, boot id, then {@code names}, {@code listen PORT} or {@code connect
     *     PORT TOKEN}
     */
    public static void main(String[] arguments) throws InterruptedException {
        Report report = Encounter.with(
                Path.of(arguments[0]),
                way(arguments),
                Duration.ofSeconds(60),
                QUICK,
                Encounters.in(Path.of(arguments[1])),
                new Aloud(),
                facts -> ofBoot(facts, arguments[2]));
        tell(report);
    }

    private static Way way(String[] arguments) {
        return switch (arguments[3]) {
            case "listen" ->
                new Way.Listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[4])));
            case "connect" -> new Way.Connect("127.0.0.1", Integer.parseInt(arguments[4]), arguments[5]);
            default -> new Way.Names();
        };
    }

    /** Facts as a kernel of another boot would show them. */
    static Facts ofBoot(Facts facts, String bootId) {
        Host host = facts.host();
        Host other = new Host(
                host.os(),
                host.kernel(),
                host.arch(),
                host.littleEndian(),
                host.memoryPageBytes(),
                bootId.equals("none") ? Optional.empty() : Optional.of(bootId),
                host.bootIdReplaced(),
                host.pidNamespace(),
                host.allProcessesVisible(),
                host.name(),
                host.environments(),
                host.signals());
        return new Facts(
                facts.target(),
                facts.storage(),
                facts.domain(),
                other,
                facts.database(),
                facts.neighbours(),
                facts.sqlite(),
                facts.evidence(),
                facts.unseen());
    }

    private static void tell(Report report) {
        StringBuilder told = new StringBuilder();
        for (Report.Row row : report.rows()) {
            told.append("row %s %s %s %s %s%n"
                    .formatted(row.question(), row.here(), row.there(), row.across(), row.because()));
        }
        for (Report.Trial trial : report.trials()) {
            told.append("trial %s %s %s %s%n"
                    .formatted(
                            trial.experiment(),
                            trial.hereFirst() ? "here" : "there",
                            trial.verdict(),
                            trial.because()));
        }
        report.doubts().forEach(doubt -> told.append("doubt ").append(doubt).append('\n'));
        report.findings()
                .forEach(finding -> told.append("finding ").append(finding).append('\n'));
        report.leftovers().forEach(left -> told.append("left ").append(left).append('\n'));
        told.append("outcome ").append(report.outcome()).append(' ').append(report.verdict());
        told.append(" remembered ").append(report.remembered()).append('\n');
        told.append("headline ").append(report.headline()).append('\n');
        told.append("took ").append(report.tookMillis()).append('\n');
        System.out.print(told);
    }

    private static final class Aloud implements Listener {
        @Override
        public void listening(InetSocketAddress address, String token) {
            System.out.println("listening " + address.getPort() + ' ' + token);
        }

        @Override
        public void doing(String what) {
            System.out.println("doing " + what.replaceAll("\\R", " "));
        }
    }
}
