package walsafe.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real processes; the parent that is killed is a real one too. */
@Timeout(120)
class ChildTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Says back what it hears, until it hears "enough". */
    static final class Echo implements Task {
        @Override
        public void run(List<String> arguments, Parent parent) throws Exception {
            System.out.println("this is not an answer");
            parent.tell("arguments " + arguments);
            for (String line = parent.next(); !line.equals("enough"); line = parent.next())
                parent.tell("heard " + line);
        }
    }

    static final class Stumble implements Task {
        @Override
        public void run(List<String> arguments, Parent parent) throws IOException {
            throw new IOException("the first\nand the second line");
        }
    }

    /** Cannot be asked to end: it hears nothing. */
    static final class Deaf implements Task {
        @Override
        public void run(List<String> arguments, Parent parent) {
            parent.tell("busy");
            while (true) Thread.onSpinWait();
        }
    }

    /** A parent with a child of its own, to be killed. */
    static final class Doomed {
        public static void main(String[] arguments) throws Exception {
            try (Child child = Child.start(Deaf.class)) {
                System.out.println(child.pid());
                child.hear(Duration.ofDays(1));
                child.hear(Duration.ofDays(1));
            }
        }
    }

    @Test
    void itAnswersWhatItIsAsked() throws IOException {
        try (Child child = Child.start(Echo.class, "grüße", "two words", "")) {
            assertThat(child.hear(PATIENCE)).isEqualTo("arguments [grüße, two words, ]");
            assertThat(child.ask("ein schöner Tag", PATIENCE)).isEqualTo("heard ein schöner Tag");
            assertThat(child.ask("", PATIENCE)).isEqualTo("heard ");
        }
    }

    @Test
    void itsFailureIsThrownHere() throws IOException {
        try (Child child = Child.start(Stumble.class)) {
            assertThatIOException()
                    .isThrownBy(() -> child.hear(PATIENCE))
                    .withMessage("IOException: the first and the second line");
        }
    }

    @Test
    void whoAsksOneThatHasEndedIsTold() throws IOException {
        try (Child child = Child.start(Echo.class)) {
            child.hear(PATIENCE);
            child.tell("enough");

            assertThatIOException().isThrownBy(() -> child.hear(PATIENCE)).withMessageContaining("Echo ended");
            assertThatIOException().isThrownBy(() -> child.hear(PATIENCE)).withMessageContaining("Echo ended");
        }
    }

    @Test
    void nobodyWaitsWithoutALimit() throws IOException {
        try (Child child = Child.start(Echo.class)) {
            child.hear(PATIENCE);

            assertThatIOException()
                    .isThrownBy(() -> child.hear(Duration.ofMillis(1)))
                    .withMessage("Echo gave no answer in 1 ms");
        }
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() throws IOException {
        try (Child child = Child.start(Echo.class)) {
            child.hear(PATIENCE);
            Thread.currentThread().interrupt();

            assertThatIOException().isThrownBy(() -> child.hear(PATIENCE)).withMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aLineIsOneLine() throws IOException {
        try (Child child = Child.start(Echo.class)) {
            assertThatIllegalArgumentException().isThrownBy(() -> child.tell("two\nlines"));
        }
    }

    @Test
    void oneThatDoesNotListenIsEndedToo() throws Exception {
        Child child = Child.start(Deaf.class);
        ProcessHandle handle = ProcessHandle.of(child.pid()).orElseThrow();
        child.hear(PATIENCE);

        child.close();

        handle.onExit().get(1, TimeUnit.MINUTES);
    }

    @Test
    void itEndsWhenItsParentIsKilled() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Doomed.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var lines = new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(lines.readLine())).orElseThrow();

            parent.toHandle().destroyForcibly();

            child.onExit().get(1, TimeUnit.MINUTES);
        } finally {
            parent.destroyForcibly();
        }
    }
}
