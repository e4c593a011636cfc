package walsafe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program with a module of its own can use walsafe; all other tests run it from the class path. */
class ModulePathTest {
    private static final String SHOP = """
            package shop;

            import java.nio.file.Path;
            import walsafe.facts.Facts;
            import walsafe.finding.Explain;
            import walsafe.policy.Diagnosis;
            import walsafe.policy.Intent;

            public final class Shop {
                public static void main(String[] arguments) {
                    Facts facts = Facts.gather(Path.of(arguments[0]));
                    System.out.println(facts.target().state());
                    System.out.println(facts.sqlite().isPresent());
                    System.out.println(facts.storage().kind());
                    System.out.println(Diagnosis.of(facts, Intent.DEFAULT).plan().isPresent());
                    System.out.println(Explain.of("WS301").isPresent());
                }
            }
            """;

    @TempDir
    Path directory;

    private final Path walsafe = Path.of("target/classes").toAbsolutePath();

    @Test
    void aProgramThatNamesOnlyWalsafeFindsEverythingItNeeds() throws Exception {
        Path modules = compiled("module shop { requires walsafe; }", SHOP);

        List<String> told = run(modules, directory.resolve("shop.db"));

        assertThat(told).hasSize(5).startsWith("MISSING", "true").endsWith("true", "true");
        assertThat(told.get(2)).as("the tables are found").isNotEqualTo("UNKNOWN");
    }

    /** Its children find SQLite too. */
    @Test
    void aProgramWithAModuleOfItsOwnCanProbe() throws Exception {
        Path modules = compiled("module shop { requires walsafe; }", """
                package shop;

                import java.nio.file.Path;
                import java.time.Duration;
                import walsafe.probe.Budget;
                import walsafe.probe.Probe;

                public final class Shop {
                    public static void main(String[] arguments) {
                        Duration patience = Duration.ofSeconds(60);
                        Budget calm = new Budget("calm", patience, patience, 2, 5, 5);
                        Probe.ask(Path.of(arguments[0]), calm).evidence().forEach(shown ->
                                System.out.println(shown.answer().source() + " " + shown.answer().verdict()));
                    }
                }
                """);

        List<String> told = run(modules, Files.createDirectory(directory.resolve("place")));

        assertThat(told).contains("probe commit-alone YES", "probe wal YES");
    }

    @Test
    void whatIsOursAloneCannotBeUsed() throws Exception {
        Path source =
                source("module shop { requires walsafe; }", "package shop; class Shop { walsafe.words.Shell it; }");

        assertThat(compile(source)).contains("package walsafe.words is not visible");
    }

    private Path compiled(String module, String program) throws IOException {
        assertThat(compile(source(module, program))).isEmpty();
        return directory.resolve("shop");
    }

    private Path source(String module, String program) throws IOException {
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.writeString(source.resolve("module-info.java"), module);
        Files.writeString(source.resolve("Shop.java"), program);
        return source;
    }

    /** What javac complains about; nothing if all is well. */
    private String compile(Path source) throws IOException {
        StringWriter complaints = new StringWriter();
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        try (Stream<Path> files = Files.list(source)) {
            Stream<String> options = Stream.of(
                    "--module-path",
                    walsafe.toString(),
                    "-d",
                    directory.resolve("shop").toString());
            javac.run(
                    new PrintWriter(complaints),
                    new PrintWriter(complaints),
                    Stream.concat(options, files.map(Path::toString)).toArray(String[]::new));
        }
        return complaints.toString();
    }

    private List<String> run(Path shop, Path database) throws Exception {
        String path = String.join(File.pathSeparator, shop.toString(), walsafe.toString(), sqliteJdbc());
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--module-path",
                        path,
                        "--module",
                        "shop/shop.Shop",
                        database.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String told = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor()).isZero();
        return told.lines().toList();
    }

    private static String sqliteJdbc() throws URISyntaxException {
        URI jar = org.sqlite
                .JDBC
                .class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        return Path.of(jar).toString();
    }
}
