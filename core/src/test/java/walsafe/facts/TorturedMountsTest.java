package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
        long seed = Long.getLong("walsafe.seed", System.nanoTime() % 1_000_000);
        Ordeal ordeal = new Ordeal(
                place, through, way, Sharing.ONE_HOST, Duration.ofSeconds(6), 4, seed, Ordeal.LEAST_BYTES * 2);
        return Torture.run(ordeal, Progress.NONE);
    }
}
