package walsafe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The picture in {@code docs/ARCHITECTURE.md} is the rule: every import goes down. It is compared with what the JDK's own
 * jdeps reads from the classes, so that picture and code cannot drift apart.
 */
class StackTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path CLASSES = Path.of("target/classes").toAbsolutePath();

    /** A line of jdeps: {@code walsafe.policy -> walsafe.facts classes}. */
    private static final Pattern EDGE = Pattern.compile("\\s*(walsafe[.\\w]*)\\s+->\\s+(walsafe[.\\w]*)\\s.*");

    private record Edge(String from, String to) {}

    @Test
    void everyImportGoesDown() throws IOException {
        Map<String, Integer> rows = rows();

        Set<Edge> edges = edges();

        assertThat(edges).isNotEmpty();
        assertThat(edges)
                .allSatisfy(edge -> assertThat(rows.get(edge.to()))
                        .as("row of %s, which %s imports", edge.to(), edge.from())
                        .isGreaterThan(rows.get(edge.from())));
    }

    @Test
    void thePictureShowsExactlyThePackagesThereAre() throws IOException {
        assertThat(rows().keySet()).containsExactlyInAnyOrderElementsOf(packages());
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        for (String name : packages()) {
            Path page = Path.of("src/main/java/walsafe").resolve(name.equals("walsafe") ? "" : name);
            assertThat(page.resolve("package-info.java")).content().contains("<b>Invariants.</b>");
        }
    }

    private static Map<String, Integer> rows() throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve("docs/ARCHITECTURE.md"));
        Map<String, Integer> rows = new LinkedHashMap<>();
        for (int i = lines.indexOf("```stack") + 1; !lines.get(i).equals("```"); i++) {
            String names = lines.get(i).replaceFirst("#.*", "").strip();
            for (String name : names.split("\\s+", -1)) rows.put(name, i);
        }
        return rows;
    }

    private static Set<String> packages() throws IOException {
        Path root = CLASSES.resolve("walsafe");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> root.relativize(file.getParent()).toString())
                    .map(name -> name.isEmpty() ? "walsafe" : name.replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<Edge> edges() {
        StringWriter out = new StringWriter();
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
        int code = jdeps.run(
                new PrintWriter(out),
                new PrintWriter(out),
                "--ignore-missing-deps",
                "--multi-release",
                "17",
                "--module-path",
                driver(),
                "-verbose:package",
                "-filter:none",
                CLASSES.toString());
        assertThat(code).as(out.toString()).isZero();
        return out.toString()
                .lines()
                .map(EDGE::matcher)
                .filter(Matcher::matches)
                .map(line -> new Edge(shorten(line.group(1)), shorten(line.group(2))))
                .filter(edge -> !edge.from().equals(edge.to()))
                .collect(Collectors.toSet());
    }

    /** The one library that the module needs. */
    private static String driver() {
        return Path.of(URI.create(org.sqlite
                        .JDBC
                        .class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toString();
    }

    private static String shorten(String name) {
        return name.equals("walsafe") ? name : name.substring("walsafe.".length());
    }
}
