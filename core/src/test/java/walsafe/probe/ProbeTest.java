package walsafe.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Evidence;
import walsafe.facts.Question;

/** Real processes on the disk that the tests run on, in a directory with a space and letters beyond ASCII in its name. */
@Timeout(180)
final class ProbeTest {
    /** The glance without its hurry: what is asserted here is what it sees, and the machine may be busy. */
    private static final Budget CALM_GLANCE = patient(Budget.GLANCE);

    private static final Budget CALM_TORTURE = patient(Budget.TORTURE);

    @TempDir
    Path folder;

    private static Budget patient(Budget budget) {
        Duration patience = Duration.ofSeconds(60);
        return new Budget(budget.name(), patience, patience, budget.children(), budget.rounds(), budget.commits());
    }

    @Test
    void aGlanceAnswersAllThatOneChildCanTell() throws IOException {
        Path place = Files.createDirectory(folder.resolve("my dätabases?%20#"));

        Probe.Outcome outcome = Probe.ask(place, CALM_GLANCE);

        assertThat(outcome.complete()).as(outcome.toString()).isTrue();
        assertThat(yes(outcome))
                .containsExactlyInAnyOrder(
                        Question.LOCKS_EXCLUDE,
                        Question.LOCKS_UPGRADE,
                        Question.LOCKS_DIE_WITH_OWNER,
                        Question.READS_ARE_FRESH,
                        Question.NAMES_ARE_FRESH,
                        Question.ONE_PAGE_CACHE);
        assertThat(answers(outcome, Question.MEMORY_IS_SHARED)).containsOnly(Verdict.UNKNOWN);
        assertThat(outcome.leftovers()).isEmpty();
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void tortureAnswersAllButWhetherSyncIsKept() throws IOException {
        Probe.Outcome outcome = Probe.ask(folder, CALM_TORTURE);

        assertThat(outcome.complete()).as(outcome.toString()).isTrue();
        Set<Question> yes = yes(outcome);
        assertThat(Stream.of(Question.values()).filter(question -> !yes.contains(question)))
                .containsExactly(Question.SYNC_IS_KEPT);
        assertThat(outcome.evidence())
                .extracting(shown -> shown.answer().because())
                .filteredOn(because -> because.equals("200 of 200 acknowledged commits are there"))
                .hasSize(2);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void noExperimentSaysThatSyncIsKeptOrSpeaksForOtherHosts() {
        Probe.Outcome outcome = Probe.ask(folder, CALM_GLANCE);

        assertThat(outcome.evidence()).allMatch(shown -> shown.scope() == Evidence.Scope.WITHIN);
        assertThat(answers(outcome, Question.SYNC_IS_KEPT))
                .doesNotContain(Verdict.YES)
                .isNotEmpty();
    }

    @Test
    void aDatabaseBesideItKeepsItsBytesAndItsLocks() throws Exception {
        Path database = folder.resolve("shop.db");
        try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t(a)");
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("INSERT INTO t VALUES (1)");
            List<String> before = ownLocks();

            Probe.ask(folder, CALM_GLANCE);

            assertThat(before).isNotEmpty();
            assertThat(ownLocks()).isEqualTo(before);
            statement.execute("COMMIT");
        }
        assertThat(folder).isDirectoryContaining(path -> path.equals(database));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(database);
        }
    }

    private static List<String> ownLocks() throws IOException {
        String pid = " " + ProcessHandle.current().pid() + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream()
                .filter(line -> line.contains(pid))
                .map(line -> line.replaceFirst("^\\d+: ", ""))
                .sorted()
                .toList();
    }

    @Test
    void whereNothingCanBeMadeAllIsUnknown() {
        for (Path nowhere : List.of(folder.resolve("no such directory"), Path.of("/proc"))) {
            Probe.Outcome outcome = Probe.ask(nowhere, CALM_GLANCE);

            assertThat(outcome.complete()).isFalse();
            assertThat(outcome.evidence())
                    .hasSameSizeAs(Experiment.of(CALM_GLANCE))
                    .allMatch(shown -> shown.answer().verdict() == Verdict.UNKNOWN)
                    .allMatch(shown -> shown.answer().because().startsWith("nothing can be made in " + nowhere));
        }
    }

    @Test
    void twoAtOnceDoNotMeet() throws Exception {
        var one = CompletableFuture.supplyAsync(() -> Probe.ask(folder, CALM_GLANCE));
        var two = CompletableFuture.supplyAsync(() -> Probe.ask(folder, CALM_GLANCE));

        assertThat(one.get().complete()).as(one.get().toString()).isTrue();
        assertThat(two.get().complete()).as(two.get().toString()).isTrue();
        assertThat(folder).isEmptyDirectory();
    }

    /** A child that is stopped answers nothing, closes nothing and cannot be asked to end. */
    @Test
    void aChildThatHangsDoesNotKeepAnybodyWaiting() throws Exception {
        Budget budget = new Budget("hasty", Duration.ofSeconds(8), Duration.ofSeconds(60), 1, 1_000_000, 5);
        var asking = CompletableFuture.supplyAsync(() -> Probe.ask(folder, budget));
        await("a file that the child has made", () -> holds(folder, "turns"));
        ProcessHandle child = children().findFirst().orElseThrow();

        signal("STOP", child.pid());

        Probe.Outcome outcome = asking.get(1, TimeUnit.MINUTES);
        assertThat(outcome.complete()).isFalse();
        assertThat(outcome.leftovers()).isEmpty();
        assertThat(outcome.evidence()).hasSameSizeAs(Experiment.of(budget));
        assertThat(answers(outcome, Question.READS_ARE_FRESH)).containsOnly(Verdict.UNKNOWN);
        assertThat(answers(outcome, Question.LOCKS_UPGRADE)).containsOnly(Verdict.UNKNOWN);
        child.onExit().get(1, TimeUnit.MINUTES);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aChildThatHangsBeforeItListensDoesNotEither() throws Exception {
        Budget budget = new Budget("hasty", Duration.ofSeconds(3), Duration.ofSeconds(60), 1, 1, 1);
        var asking = CompletableFuture.supplyAsync(() -> Probe.ask(folder, budget));
        await("a child", () -> children().findFirst().isPresent());
        ProcessHandle child = children().findFirst().orElseThrow();

        signal("STOP", child.pid());

        assertThat(asking.get(1, TimeUnit.MINUTES).complete()).isFalse();
        child.onExit().get(1, TimeUnit.MINUTES);
        await("an empty directory", () -> names(folder).isEmpty());
    }

    @Test
    void anInterruptEndsItAndIsKept() {
        Thread.currentThread().interrupt();

        Probe.Outcome outcome = Probe.ask(folder, CALM_TORTURE);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcome.complete()).isFalse();
        assertThat(folder).isEmptyDirectory();
    }

    /** Nobody is left to tidy up but the children, and they do. */
    @Test
    void ifItsProgramIsKilledNoProcessAndNoFileIsLeft() throws Exception {
        Path place = Files.createDirectory(folder.resolve("place"));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Process program = program(temporary, "torture", place.toString());
        try {
            await("a scratch database", () -> holds(place, "alone.db"));
            List<ProcessHandle> children = program.toHandle().children().toList();
            assertThat(children).hasSize(2);

            program.toHandle().destroyForcibly();

            for (ProcessHandle child : children) child.onExit().get(1, TimeUnit.MINUTES);
            await("an empty directory", () -> names(place).isEmpty());
            await("no libraries", () -> names(temporary).isEmpty());
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void nothingIsLeftInTheTemporaryDirectory() throws Exception {
        Path place = Files.createDirectory(folder.resolve("place"));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Process program = program(temporary, "torture", place.toString());
        String told = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(program.waitFor()).as(told).isZero();
        assertThat(told).contains("probe wal MEMORY_IS_SHARED YES");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void budgetsThatMakeNoSenseAreRefused() {
        for (int children : List.of(0, 3)) {
            org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Budget("x", Duration.ofSeconds(1), Duration.ofSeconds(1), children, 1, 1))
                    .withMessage("children must be 1 or 2, was " + children);
        }
    }

    private static Process program(Path temporary, String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Probing.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static Stream<ProcessHandle> children() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains("ActorTask"));
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "SKIPPED: there is no /bin/kill");
        assertThat(new ProcessBuilder("/bin/kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Does a scratch directory in that one hold a file of that name? */
    private static boolean holds(Path place, String name) {
        return names(place).stream()
                .anyMatch(scratch -> Files.exists(place.resolve(scratch).resolve(name)));
    }

    private static List<String> names(Path place) {
        try (Stream<Path> files = Files.list(place)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            return List.of("it cannot be listed: " + e);
        }
    }

    private static void await(String what, BooleanSupplier there) throws InterruptedException {
        long start = System.nanoTime();
        while (!there.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as("waiting for " + what).isLessThan(TimeUnit.MINUTES.toNanos(1));
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private static Set<Question> yes(Probe.Outcome outcome) {
        Set<Question> yes = java.util.EnumSet.allOf(Question.class);
        yes.removeIf(question -> !answers(outcome, question).stream().allMatch(Verdict.YES::equals));
        return yes;
    }

    private static List<Verdict> answers(Probe.Outcome outcome, Question question) {
        return outcome.evidence().stream()
                .filter(shown -> shown.question() == question)
                .map(shown -> shown.answer().verdict())
                .toList();
    }
}
