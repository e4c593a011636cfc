package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walsafe.policy.Sharing;
import walsafe.policy.Verdict;
import walsafe.torture.Ordeal;
import walsafe.torture.Progress;
import walsafe.torture.Report;
import walsafe.torture.Report.Outcome;
import walsafe.torture.Torture;
import walsafe.torture.Way;

/** Real mounts: one view keeps every commit, two views of one directory lose some, and the torture tells them apart. */
@Timeout(600)
final class TorturedMountsTest {
    private static final int TRIES = 4;

    @TempDir
    Path folder = Path.of("");

    private static final long SEED = Long.getLong("walsafe.seed", System.nanoTime() % 1_000_000);

    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"WAL", "TRUNCATE"})
    void anOverlayAndItsUpperDirectoryLose(Way way) throws Exception {
        try (Mounted overlay = Mounted.overlay()) {
            mustConvict(overlay.point(), overlay.behind(), way);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"WAL", "TRUNCATE"})
    void aMirrorAndItsSourceLose(Way way) throws Exception {
        try (Mounted bindfs = Mounted.bindfs()) {
            mustConvict(bindfs.point(), bindfs.behind(), way);
        }
    }

    @Test
    void twoMirrorsOfOneDirectoryLose() throws Exception {
        try (Mounted bindfs = Mounted.bindfs()) {
            mustConvict(bindfs.point(), bindfs.bindfsAgain(), Way.WAL);
        }
    }

    @Test
    void aBindMountIsNoSecondView() throws Exception {
        try (Mounted ext4 = Mounted.ext4();
                Mounted bind = Mounted.bind(ext4.point())) {
            Report report = torture(ext4.point(), List.of(bind.point()), Way.WAL);

            assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.KEPT);
            assertThat(report.verdict()).isEqualTo(Verdict.SAFE);
            assertThat(report.processes())
                    .filteredOn(process -> process.acknowledged() > 0)
                    .hasSizeGreaterThan(1);
        }
    }

    @Test
    void oneViewOfAnOverlayKeeps() throws Exception {
        try (Mounted overlay = Mounted.overlay()) {
            Report report = torture(overlay.point(), List.of(), Way.WAL);

            assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.KEPT);
            assertThat(report.verdict()).as("its upper directory can be seen").isEqualTo(Verdict.UNSAFE);
        }
    }

    /** The disk is full time and again, and has room again: a write that finds none is refused, and takes nothing with it. */
    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"PLAN", "WAL", "TRUNCATE", "DELETE"})
    void aDiskThatIsFullTimeAndAgainLosesNothing(Way way) throws Exception {
        try (Mounted disk = Mounted.smallExt4()) {
            Ballast ballast = new Ballast(disk.point().resolve("ballast"));
            Ordeal ordeal = new Ordeal(
                    disk.point(), List.of(), way, Sharing.ONE_HOST, Duration.ofSeconds(8), 3, SEED, Ordeal.LEAST_BYTES);
            Report report = Torture.run(ordeal, ballast);
            ballast.drop();

            assertThat(ballast.times()).as("how often the disk was full").isPositive();
            assertThat(report.counts().full())
                    .as("how often SQLite found it full: %s", report)
                    .isPositive();
            assertThat(report.outcome()).as("%s", report).isNotEqualTo(Outcome.CONVICTED);
            assertThat(report.counts().kept())
                    .isEqualTo(report.counts().acknowledged())
                    .isPositive();
            assertThat(report.integrity()).isEmpty();
            assertThat(disk.point()).isDirectoryNotContaining(file -> !file.endsWith("lost+found"));
        }
    }

    /** Fills the disk to its last block while processes race, and gives it back, in turns of a second. */
    private static final class Ballast implements Progress {
        private static final byte[] CHUNK = new byte[64 << 10];
        private final Path file;
        private int times;

        Ballast(Path file) {
            this.file = file;
        }

        @Override
        public void at(Duration elapsed, long acknowledged, int kills, String what) {
            try {
                boolean racing = what.equals("racing") && acknowledged > 0;
                if (racing && elapsed.toSeconds() % 2 == 1) fill();
                else drop();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void fill() throws IOException {
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) out.write(CHUNK);
            } catch (FileSystemException e) {
                throw e;
            } catch (IOException full) {
                times++;
            }
        }

        void drop() throws IOException {
            Files.deleteIfExists(file);
        }

        int times() {
            return times;
        }
    }

    /** No right of root's is wanted: not to stop and kill, nor to see who holds what. */
    @Test
    void anybodyCanTortureWhatIsHis() throws Exception {
        Path open = Files.createDirectory(folder.resolve("open to all"));
        assertThat(open.toFile().setWritable(true, false)).isTrue();

        String told = AsNobody.output(folder, Torturing.class, open.toString());

        assertThat(told).isEqualTo("KEPT []\n");
        assertThat(open).isEmptyDirectory();
    }

    /** A loss is a matter of chance: some tries, of which the first that shows it is enough. */
    private static void mustConvict(Path place, Path other, Way way) throws Exception {
        Report report = torture(place, List.of(other), way);
        for (int i = 1; i < TRIES && report.outcome() != Outcome.CONVICTED; i++) {
            report = torture(place, List.of(other), way);
        }

        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.CONVICTED);
        assertThat(report.verdict()).isEqualTo(Verdict.UNSAFE);
        assertThat(report.leftovers()).isEmpty();
        assertThat(place).isEmptyDirectory();
    }

    private static Report torture(Path place, List<Path> through, Way way) throws Exception {
        Ordeal ordeal = new Ordeal(
                place, through, way, Sharing.ONE_HOST, Duration.ofSeconds(6), 4, SEED, Ordeal.LEAST_BYTES * 2);
        return Torture.run(ordeal, Progress.NONE);
    }
}
