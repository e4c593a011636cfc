package walsafe.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walsafe.child.Parent;
import walsafe.child.Task;
import walsafe.child.UsesSqlite;
import walsafe.policy.Mode;
import walsafe.policy.Pragma;
import walsafe.policy.Sharing;
import walsafe.policy.Verdict;
import walsafe.torture.Report.Outcome;

/**
 * Real processes that are really killed. Longer: {@code -Dwalsafe.torture.seconds=60}; the same again: {@code
 * -Dwalsafe.seed=1}.
 */
@Timeout(600)
final class TortureTest {
    private static final long SECONDS = Long.getLong("walsafe.torture.seconds", 5);
    private static final long SEED = Long.getLong("walsafe.seed", System.nanoTime() % 1_000_000);

    @TempDir
    Path place = Path.of("");

    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"PLAN", "WAL", "TRUNCATE", "DELETE"})
    void aLocalDiskKeepsEveryAcknowledgedCommit(Way way) throws Exception {
        Report report = Torture.run(ordeal(way), Progress.NONE);

        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.KEPT);
        assertThat(report.counts().kept()).isEqualTo(report.counts().acknowledged());
        assertThat(report.counts().kills()).isPositive();
        assertThat(report.leftovers()).isEmpty();
        assertThat(place).isEmptyDirectory();
    }

    /** The trap of DESIGN section 4: closing any descriptor of the file drops all locks of the process. */
    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"WAL", "TRUNCATE"})
    void programsThatDropTheirLocksAreConvicted(Way way) throws Exception {
        Report report = until(way, LockDropper.class);

        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.CONVICTED);
        assertThat(report.verdict()).isEqualTo(Verdict.UNSAFE);
        assertThat(report.firstSymptomMillis()).isPresent();
        assertThat(place).isEmptyDirectory();
    }

    /** Nothing but a kill shows it: without a journal a transaction that is cut short stays by halves. */
    @Test
    void aDatabaseWithoutAJournalIsConvictedByTheKills() throws Exception {
        Report report = until(Way.TRUNCATE, WithoutJournal.class);

        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.CONVICTED);
        assertThat(report.counts().kills()).isPositive();
    }

    /** No cache is lost when a process is killed: what a torture cannot see, it must not seem to have seen. */
    @Test
    void aDatabaseThatSyncsNothingIsNotConvictedByKills() throws Exception {
        Report report = Torture.run(ordeal(Way.WAL), Progress.NONE, workers(WithoutSync.class));

        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.KEPT);
    }

    @Test
    void aCleanRunAcquitsNothingThatIsKnownToLose() throws Exception {
        Report report = Torture.run(ordeal(Way.DOTFILE), Progress.NONE);

        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.KEPT);
        assertThat(report.verdict()).isEqualTo(Verdict.UNSAFE);
        assertThat(report.headline()).contains("acquits nothing");
        assertThat(report.counts().kills()).isZero();
    }

    @Test
    void workersThatNeverCommitProveNothing() throws Exception {
        Report report = Torture.run(ordeal(Way.WAL, 1), Progress.NONE, workers(Idle.class));

        assertThat(report.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(report.verdict()).isNotIn(Verdict.SAFE, Verdict.SAFE_ONLY_IF);
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void aPlaceThatIsNoDirectoryIsTold() throws Exception {
        Path file = Files.createFile(place.resolve("file"));
        Ordeal ordeal =
                new Ordeal(file, List.of(), Way.WAL, Sharing.ONE_HOST, Duration.ofSeconds(1), 2, 1, Ordeal.DISK_BYTES);

        Report report = Torture.run(ordeal, Progress.NONE);

        assertThat(report.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(report.doubts()).anyMatch(doubt -> doubt.contains("is no directory"));
        assertThat(file).hasSize(0);
    }

    /** It said "could not be tried in full", and to try again with more seconds, where nothing can be made at all. */
    @Test
    void whereNothingWasTriedTheVerdictSaysWhyAndWantsNoMoreSeconds() throws Exception {
        Files.createDirectory(place.resolve(Scratch.PREFIX + "1"));
        Path other = Files.createDirectory(place.resolve("other"));
        Ordeal ordeal = new Ordeal(
                place, List.of(other), Way.WAL, Sharing.ONE_HOST, Duration.ofSeconds(1), 2, 1, Ordeal.DISK_BYTES);

        Report report = Torture.run(ordeal, Progress.NONE);

        assertThat(report.headline()).startsWith(place + ": nothing was tried: " + other + " ");
        assertThat(report.findings().get(0).remedy().advice()).endsWith("and try again.");
    }

    @Test
    void anotherPathThatIsAnotherDirectoryIsTold() throws Exception {
        Path other = Files.createDirectory(place.resolve("other"));
        Ordeal ordeal = new Ordeal(
                Files.createDirectory(place.resolve("one")),
                List.of(other),
                Way.WAL,
                Sharing.ONE_HOST,
                Duration.ofSeconds(1),
                2,
                1,
                Ordeal.DISK_BYTES);

        Report report = Torture.run(ordeal, Progress.NONE);

        assertThat(report.counts().rounds()).isZero();
        assertThat(report.doubts()).anyMatch(doubt -> doubt.contains("does not show"));
    }

    @Test
    void anInterruptLeavesNothingBehind() throws Exception {
        CountDownLatch racing = new CountDownLatch(1);
        List<Throwable> thrown = new ArrayList<>();
        Thread torture = new Thread(() -> {
            try {
                Torture.run(ordeal(Way.WAL, 300), (elapsed, acknowledged, kills, what) -> {
                    if (acknowledged > 0) racing.countDown();
                });
            } catch (InterruptedException e) {
                thrown.add(e);
            }
        });
        torture.start();
        racing.await();
        List<ProcessHandle> children = ProcessHandle.current().children().toList();

        torture.interrupt();
        torture.join();

        assertThat(thrown).hasSize(1);
        assertThat(place).isEmptyDirectory();
        for (ProcessHandle child : children) child.onExit().join();
    }

    @Test
    void whatAnEarlierTortureLeftIsToldAndKept() throws Exception {
        Path earlier = Files.createDirectory(place.resolve(Scratch.PREFIX + "1"));

        Report report = Torture.run(ordeal(Way.WAL, 1), Progress.NONE, workers(Idle.class));

        assertThat(report.doubts()).anyMatch(doubt -> doubt.contains(earlier.toString()));
        try (DirectoryStream<Path> left = Files.newDirectoryStream(place)) {
            assertThat(left).containsExactly(earlier);
        }
    }

    /** Without it every kill would come at a moment of chance, and hardly ever inside a commit or a checkpoint. */
    @ParameterizedTest
    @EnumSource(value = Point.class, mode = EnumSource.Mode.EXCLUDE, names = "ANYWHERE")
    void aProcessSaysWhenItIsWhereItIsToBeStruck(Point point) throws Exception {
        Path libraries = Files.createDirectory(place.resolve("libraries"));
        Spec spec =
                new Spec(1, SEED, false, Ordeal.DISK_BYTES, place.resolve("one.db"), libraries, Means.bare(Way.WAL));
        try (Line worker = ChildLine.HERE.worker()) {
            worker.tell(spec.told());
            worker.tell(Orders.AT + point);
            String said = worker.hear(Duration.ofSeconds(60));
            while (!said.equals("at " + point)) said = worker.hear(Duration.ofSeconds(60));
        }
    }

    @Test
    void theScheduleFollowsFromTheSeed() {
        assertThat(blows(schedule(7, true))).isEqualTo(blows(schedule(7, true)));
        assertThat(blows(schedule(7, true))).isNotEqualTo(blows(schedule(8, true)));
        assertThat(blows(schedule(7, false))).noneMatch(blow -> blow.kills() || blow.everybody());
    }

    /** With the seed of a report a developer has the same rounds again. */
    @Test
    void theRoundsFollowFromTheSeedAndDiffer() {
        for (Way way : List.of(Way.WAL, Way.TRUNCATE, Way.DELETE)) {
            assertThat(rounds(way, 7)).isEqualTo(rounds(way, 7)).isNotEqualTo(rounds(way, 8));
            assertThat(new HashSet<>(rounds(way, 7))).hasSizeGreaterThan(10);
            assertThat(rounds(way, 7).stream().anyMatch(Means::twoFiles)).isEqualTo(way != Way.WAL);
        }
        Means guarded = new Means(true, Mode.WAL, "", List.of(), true, false);
        assertThat(Variety.of(guarded, 7, 1)).isEqualTo(guarded);
    }

    /** What a worker is told decides whether the guard asks the storage for the journal, as it would for a program. */
    @Test
    void aWorkerIsToldWhetherTheStorageIsThisMachinesAlone() {
        for (boolean local : new boolean[] {true, false}) {
            Means means =
                    new Means(true, Mode.ROLLBACK, "", Means.bare(Way.TRUNCATE).pragmas(), local, false);
            assertThat(Means.heard(means.told())).isEqualTo(means);
        }
    }

    private static List<Means> rounds(Way way, long seed) {
        return IntStream.rangeClosed(1, 100)
                .mapToObj(round -> Variety.of(Means.bare(way), seed, round))
                .toList();
    }

    private static Schedule schedule(long seed, boolean kills) {
        return new Schedule(seed, 5, kills, Grip.in(Mode.WAL));
    }

    private static List<Schedule.Blow> blows(Schedule schedule) {
        return Stream.generate(schedule::next).limit(100).toList();
    }

    @Test
    void whatCannotBeBoundedIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ordeal(Way.WAL, 0))
                .withMessageContaining("PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ordeal(
                        place, List.of(), Way.WAL, Sharing.ONE_HOST, Duration.ofSeconds(1), 1, 1, Ordeal.DISK_BYTES))
                .withMessageContaining("processes must be 2 to 32, was 1");
    }

    @Test
    void aWorkersOrdersSurviveTheLine() {
        Spec spec = new Spec(
                3,
                -7,
                true,
                99,
                place.resolve("a b\n%ü?.db"),
                place.resolve("l"),
                Variety.of(Means.bare(Way.TRUNCATE), 3, 1));

        assertThat(Spec.heard(spec.told())).isEqualTo(spec);
    }

    /** A loss is a matter of chance: some tries, of which the first that shows it is enough. */
    private Report until(Way way, Class<? extends Task> workers) throws Exception {
        Report report = Torture.run(ordeal(way, 10), Progress.NONE, workers(workers));
        for (int i = 0; i < 4 && report.outcome() != Outcome.CONVICTED; i++) {
            report = Torture.run(ordeal(way, 10), Progress.NONE, workers(workers));
        }
        return report;
    }

    private Ordeal ordeal(Way way) {
        return ordeal(way, SECONDS);
    }

    private Ordeal ordeal(Way way, long seconds) {
        return new Ordeal(
                place, List.of(), way, Sharing.ONE_HOST, Duration.ofSeconds(seconds), 3, SEED, Ordeal.DISK_BYTES);
    }

    private static Line.Source workers(Class<? extends Task> task) {
        return new Line.Source() {
            @Override
            public Line worker() throws IOException {
                return ChildLine.start(task);
            }

            @Override
            public Line counter() throws IOException {
                return ChildLine.HERE.counter();
            }
        };
    }

    /** Opens, reads and closes the database beside SQLite, as a program does that makes a backup or looks at the header. */
    static final class LockDropper implements UsesSqlite {
        @Override
        public void run(List<String> arguments, Parent parent) throws Exception {
            Spec spec = Spec.heard(parent.next());
            Thread dropper = new Thread(() -> {
                while (true) {
                    for (String suffix : List.of("", "-shm")) touch(Path.of(spec.database() + suffix));
                }
            });
            dropper.setDaemon(true);
            dropper.start();
            WorkerTask.work(spec, parent);
        }

        private static void touch(Path file) {
            try {
                Files.newInputStream(file).close();
                Thread.sleep(1);
            } catch (IOException | InterruptedException e) {
                // not there yet
            }
        }
    }

    static final class WithoutJournal implements UsesSqlite {
        @Override
        public void run(List<String> arguments, Parent parent) throws Exception {
            WorkerTask.work(with(Spec.heard(parent.next()), "journal_mode", "off"), parent);
        }
    }

    static final class WithoutSync implements UsesSqlite {
        @Override
        public void run(List<String> arguments, Parent parent) throws Exception {
            WorkerTask.work(with(Spec.heard(parent.next()), "synchronous", "off"), parent);
        }
    }

    /** Waits to be told to end, and does nothing else. */
    static final class Idle implements Task {
        @Override
        public void run(List<String> arguments, Parent parent) throws Exception {
            String line = parent.next();
            parent.tell("o none");
            while (!line.equals(Orders.END)) line = parent.next();
            parent.tell(Worker.BYE);
        }
    }

    private static Spec with(Spec spec, String pragma, String value) {
        List<Pragma> pragmas = new ArrayList<>();
        for (Pragma each : spec.means().pragmas()) {
            pragmas.add(each.name().equals(pragma) ? new Pragma(pragma, value, "torture") : each);
        }
        Mode mode = spec.means().mode();
        return new Spec(
                spec.writer(),
                spec.seed(),
                spec.reader(),
                spec.diskBytes(),
                spec.database(),
                spec.libraries(),
                new Means(
                        false,
                        mode,
                        spec.means().vfs(),
                        pragmas,
                        true,
                        spec.means().twoFiles()));
    }
}
