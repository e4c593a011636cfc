package walsafe.lab;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What the scenarios share: a lab or a loud word why there is none, and this build's classes in the guests. */
@Timeout(value = 600)
abstract class Scenario {
    /** The command line of walsafe. */
    static final String MAIN = "walsafe.cli.Main";

    @BeforeEach
    void thereCanBeALab() {
        Optional<String> whyNot = Lab.whyNot();
        assumeTrue(whyNot.isEmpty(), () -> "NO LAB: " + whyNot.orElseThrow());
    }

    /** The command that runs a main class of this build in a guest. */
    static String java(Class<?> main, String... arguments) {
        return java(main.getName(), arguments);
    }

    static String java(String main, String... arguments) {
        // As in the launcher: short programs on a uniprocessor.
        return "exec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx160m -Djava.io.tmpdir=/run/tmp -cp '" + classPath()
                + "' "
                + main + " " + String.join(" ", arguments);
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .filter(entry -> !entry.contains("junit"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Shows something to people: in target/lab.txt, which .ci/run and lab/run print. */
    static void tell(String words) throws IOException {
        Path told = Files.createDirectories(Lab.home().resolve("target")).resolve("lab.txt");
        Files.writeString(told, words + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        System.out.println(words);
    }
}
