package walsafe.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.facts.Facts;
import walsafe.guard.Guard;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;
import walsafe.sidecar.CleanEnd;
import walsafe.sidecar.Presence;
import walsafe.sidecar.Watch;

/**
 * What opening a known local database costs on top of bare sqlite-jdbc, in a warm JVM, and where it goes. Each round opens
 * and closes it once bare, with the same settings and one SELECT, once through walsafe, and once step by step, so that a
 * busy machine hurts all alike; medians. The processor's time, of all threads of this program and nothing else that runs,
 * says what opening would take at most on a quiet machine.
 *
 * <p>Run: {@code java -cp ... walsafe.benchmarks.Opening /a/directory}
 */
public final class Opening {
    private static final int ROUNDS = 41;
    private static final int WARM_UP = 20;

    private static final String CPU = " cpu";

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Opening() {}

    private interface Step {
        void run() throws Exception;
    }

    /** Prints medians in milliseconds. */
    public static void main(String[] arguments) throws Exception {
        Path database = Files.createTempDirectory(Path.of(arguments[0]), "opening")
                .toRealPath()
                .resolve("known.db");
        Plan.Open plan = prepare(database);
        Map<String, List<Double>> times = new LinkedHashMap<>();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            Map<String, List<Double>> into = round < 0 ? new LinkedHashMap<>() : times;
            time(into, "bare", () -> bare(database, plan));
            time(into, "walsafe", () -> Walsafe.open(database).close());
            steps(into, database);
        }
        System.out.printf(
                Locale.ROOT,
                "load %.1f on %d processors%n",
                PROCESS.getSystemLoadAverage(),
                PROCESS.getAvailableProcessors());
        times.forEach((name, all) -> {
            if (!name.endsWith(CPU)) tell(name, all, Objects.requireNonNull(times.get(name + CPU)));
        });
        List<Double> onTop = new ArrayList<>();
        List<Double> ours = Objects.requireNonNull(times.get("walsafe"));
        List<Double> bare = Objects.requireNonNull(times.get("bare"));
        for (int i = 0; i < ROUNDS; i++) onTop.add(ours.get(i) - bare.get(i));
        System.out.printf(
                Locale.ROOT, "on top of bare: %.2f ms, median of the differences in the same round%n", median(onTop));
    }

    /** The same as {@link Walsafe#open} does, one after another; the guard looks for strangers. Claiming is microseconds. */
    private static void steps(Map<String, List<Double>> into, Path database) throws Exception {
        Facts[] facts = new Facts[1];
        Plan.Open[] plan = new Plan.Open[1];
        Guard[] guard = new Guard[1];
        time(into, "  facts", () -> facts[0] = Facts.gather(database));
        time(into, "  plan", () -> plan[0] = plan(facts[0]));
        time(into, "  sign", () -> sign(database, facts[0]));
        time(into, "  check", () -> CleanEnd.proved(database, facts[0])); // of a clean end; a check costs what it reads
        time(into, "  guard", () -> guard[0] = Guard.open(database, plan[0], true));
        time(into, "  close", () -> guard[0].close());
        time(into, "  stamp", () -> stamp(database, facts[0]));
    }

    /** Left and taken away; only where another machine or mount can reach the file. */
    private static void sign(Path database, Facts facts) throws IOException {
        if (Presence.useful(facts)) Presence.show(database, facts).close();
        Watch.again(database, facts);
    }

    /** Of the clean end, when it is closed, and taken away when it is opened. */
    private static void stamp(Path database, Facts facts) throws IOException {
        CleanEnd.forget(database);
        CleanEnd.stamp(database, facts, true);
    }

    private static Plan.Open plan(Facts facts) {
        return (Plan.Open) Diagnosis.of(facts, Intent.DEFAULT).plan().orElseThrow();
    }

    private static Plan.Open prepare(Path database) throws SQLException {
        try (SafeDatabase fresh = Walsafe.open(database)) {
            fresh.write(connection -> execute(connection, "CREATE TABLE t(a)"));
            return fresh.plan();
        }
    }

    private static void bare(Path database, Plan.Open plan) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            for (Pragma pragma : plan.pragmas())
                execute(connection, "PRAGMA " + pragma.name() + " = " + pragma.value());
            execute(connection, "SELECT count(*) FROM t");
        }
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }

    private static void time(Map<String, List<Double>> into, String name, Step step) throws Exception {
        long cpu = PROCESS.getProcessCpuTime();
        long start = System.nanoTime();
        step.run();
        long end = System.nanoTime();
        into.computeIfAbsent(name, key -> new ArrayList<>()).add((end - start) / 1e6);
        into.computeIfAbsent(name + CPU, key -> new ArrayList<>()).add((PROCESS.getProcessCpuTime() - cpu) / 1e6);
    }

    private static void tell(String name, List<Double> all, List<Double> cpu) {
        System.out.printf(Locale.ROOT, "%-10s %8.2f ms, %8.2f ms of a processor%n", name, median(all), mean(cpu));
    }

    /** That clock goes in steps of up to 10 ms. */
    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
