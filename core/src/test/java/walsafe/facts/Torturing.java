package walsafe.facts;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import walsafe.policy.Sharing;
import walsafe.torture.Ordeal;
import walsafe.torture.Progress;
import walsafe.torture.Report;
import walsafe.torture.Torture;
import walsafe.torture.Way;

/** A program that tortures a directory, as whatever user it is run. */
public final class Torturing {
    private Torturing() {}

    public static void main(String[] arguments) throws InterruptedException {
        Ordeal ordeal = new Ordeal(
                Path.of(arguments[0]),
                List.of(),
                Way.WAL,
                Sharing.ONE_HOST,
                Duration.ofSeconds(6),
                3,
                System.nanoTime() % 1_000_000,
                Ordeal.LEAST_BYTES);
        Report report = Torture.run(ordeal, Progress.NONE);
        System.out.println(report.outcome() + " " + report.doubts());
        System.exit(0);
    }
}
