package walsafe.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Times whole runs of {@code ./walsafe}, from the start of the process to its end, against a Java program that only says
 * hello, and prints a table for {@code docs/benchmarks.md}.
 *
 * <p>Every round runs each program once, so that what the machine does meanwhile befalls all of them alike; the median of
 * the rounds is told, and the median of the ratios to the empty program <em>of the same round</em>.
 */
public final class Startup {
    private static final int ROUNDS = 41;

    private Startup() {}

    /** Arguments: the launcher, a database, and optionally the number of rounds. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 2) throw new IllegalArgumentException("Startup LAUNCHER DATABASE [ROUNDS]");
        Path launcher = Path.of(arguments[0]).toAbsolutePath();
        String database = arguments[1];
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : ROUNDS;
        Map<String, List<String>> programs = programs(launcher.toString(), database);

        for (List<String> program : programs.values()) time(program); // archives and disk caches are warm from here on
        Map<String, List<Duration>> times = measure(programs, rounds);

        print(times, rounds);
    }

    private static Map<String, List<String>> programs(String launcher, String database) throws IOException {
        Map<String, List<String>> programs = new LinkedHashMap<>();
        programs.put("empty program", List.of(java(), "-cp", hello().toString(), "Hello"));
        programs.put("--version", List.of(launcher, "--version"));
        programs.put("explain WS301", List.of(launcher, "explain", "WS301"));
        programs.put("who", List.of(launcher, "who", database));
        programs.put("doctor", List.of(launcher, "doctor", database));
        programs.put("doctor --format json", List.of(launcher, "doctor", "--format", "json", database));
        return programs;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Path hello() throws IOException {
        Path folder = Files.createTempDirectory("hello");
        Path source = Files.writeString(
                folder.resolve("Hello.java"),
                "public class Hello { public static void main(String[] a) { System.out.println(\"hello\"); } }");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler.run(null, null, null, "-d", folder.toString(), source.toString()) != 0) {
            throw new IllegalStateException("Hello.java does not compile");
        }
        return folder;
    }

    private static Map<String, List<Duration>> measure(Map<String, List<String>> programs, int rounds)
            throws IOException, InterruptedException {
        Map<String, List<Duration>> times = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, List<String>> program : programs.entrySet()) {
                times.computeIfAbsent(program.getKey(), name -> new ArrayList<>())
                        .add(time(program.getValue()));
            }
        }
        return times;
    }

    /** The launcher gets this JVM's own Java, so that both sides of a ratio run on the same one. */
    private static Duration time(List<String> program) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        long start = System.nanoTime();
        int code = builder.start().waitFor();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (code == 1 || code == 2) throw new IllegalStateException(program + " ended with " + code);
        return took;
    }

    private static void print(Map<String, List<Duration>> times, int rounds) {
        System.out.printf(
                "%s, %d processors, %s %s, Java %s, %s, %d rounds%n%n",
                processor(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.version(),
                LocalDate.now(ZoneOffset.UTC),
                rounds);
        System.out.println("| program | median ms | times the empty program |");
        System.out.println("|---|---:|---:|");
        List<Duration> empty = times.values().iterator().next();
        times.forEach((name, all) -> System.out.printf(
                Locale.ROOT, "| `%s` | %.0f | %.2f |%n", name, median(milliseconds(all)), median(ratios(all, empty))));
    }

    private static List<Double> milliseconds(List<Duration> times) {
        return times.stream().map(time -> time.toNanos() / 1e6).toList();
    }

    private static List<Double> ratios(List<Duration> times, List<Duration> empty) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            ratios.add((double) times.get(i).toNanos() / empty.get(i).toNanos());
        }
        return ratios;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String processor() {
        Path cpus = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(cpus)) return System.getProperty("os.arch");
        try (Stream<String> lines = Files.lines(cpus)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceFirst(".*:\\s*", ""))
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
