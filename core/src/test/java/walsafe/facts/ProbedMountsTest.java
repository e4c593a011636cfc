package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import walsafe.facts.Answer.Verdict;
import walsafe.probe.Budget;
import walsafe.probe.Opens;
import walsafe.probe.Probe;
import walsafe.probe.Probing;

/** Probes where real kernels mount real filesystems. As root only; says which parts it skips. */
@Timeout(300)
final class ProbedMountsTest {
    private static final Budget CALM =
            new Budget("torture", Duration.ofSeconds(120), Duration.ofSeconds(60), 2, 30, 20);

    /** In one kernel, through one mount, all of these carry WAL (docs/knowledge/one-kernel.md). */
    private static final Set<Question> ALL_BUT_SYNC = EnumSet.complementOf(EnumSet.of(Question.SYNC_IS_KEPT));

    @TempDir
    Path folder;

    private interface Mounting {
        Mounted mount() throws IOException, InterruptedException;
    }

    @Test
    void ext4_carriesAll() throws Exception {
        assertCarriesAll(Mounted::ext4, Verdict.UNKNOWN);
    }

    @Test
    void xfs_carriesAll() throws Exception {
        assertCarriesAll(Mounted::xfs, Verdict.UNKNOWN);
    }

    @Test
    void btrfs_carriesAll() throws Exception {
        assertCarriesAll(Mounted::btrfs, Verdict.UNKNOWN);
    }

    @Test
    void overlay_carriesAll() throws Exception {
        assertCarriesAll(Mounted::overlay, Verdict.NO); // its layers lie on a tmpfs
    }

    @Test
    void volatileOverlay_carriesAllAndIsSeenNotToSync() throws Exception {
        assertCarriesAll(() -> Mounted.overlay("volatile"), Verdict.NO);
    }

    @Test
    void tmpfs_carriesAllAndIsSeenNotToSync() throws Exception {
        assertCarriesAll(Mounted::tmpfs, Verdict.NO);
    }

    @Test
    void bindfs_carriesAll() throws Exception {
        assertCarriesAll(Mounted::bindfs, Verdict.UNKNOWN);
    }

    @Test
    void fuseOverlayfs_carriesAll() throws Exception {
        assertCarriesAll(Mounted::fuseOverlayfs, Verdict.UNKNOWN);
    }

    @Test
    void ntfs3g_carriesAll() throws Exception {
        assertCarriesAll(Mounted::ntfs3g, Verdict.UNKNOWN);
    }

    /** It corrupts between two hosts: that no experiment on one of them shows it is why none may acquit. */
    @Test
    void sshfs_looksSafeFromOneHostAndStaysConvictedForSeveral() throws Exception {
        try (Mounted sshfs = Mounted.sshfs()) {
            Probe.Outcome outcome = Probe.ask(sshfs.point(), CALM);
            Facts facts = Facts.gather(sshfs.point().resolve("shop.db"));

            assertThat(answered(outcome, Verdict.NO)).as(outcome.toString()).isSubsetOf(Question.SYNC_IS_KEPT);
            Answers answers = facts.with(outcome.evidence()).answers();
            assertThat(answers.across(Question.LOCKS_EXCLUDE).verdict()).isEqualTo(Verdict.NO);
            assertThat(answers.across(Question.MEMORY_IS_SHARED).verdict()).isEqualTo(Verdict.NO);
            assertThat(sshfs.point()).isEmptyDirectory();
        }
    }

    /** What does not fit is not called a failing storage. */
    @Test
    void aFullDiskConvictsNobody() throws Exception {
        try (Mounted small = Mounted.small(96 << 10)) {
            Probe.Outcome outcome = Probe.ask(small.point(), CALM);

            assertThat(outcome.complete()).isFalse();
            assertThat(answered(outcome, Verdict.NO)).as(outcome.toString()).isSubsetOf(Question.SYNC_IS_KEPT);
            assertThat(outcome.leftovers()).isEmpty();
            assertThat(small.point()).isEmptyDirectory();
        }
    }

    @Test
    void readOnly_leavesAllUnknown() throws Exception {
        try (Mounted tmpfs = Mounted.tmpfs();
                Mounted bind = Mounted.readOnlyBind(tmpfs.point())) {
            Probe.Outcome outcome = Probe.ask(bind.point(), CALM);

            assertThat(answered(outcome, Verdict.UNKNOWN)).containsExactlyInAnyOrder(Question.values());
            assertThat(outcome.complete()).isFalse();
        }
    }

    @Test
    void whoMayWriteNothingLearnsNothing() throws Exception {
        Path locked = Files.createDirectory(folder.resolve("locked"));

        String told = AsNobody.output(folder, Probing.class, "glance", locked.toString());

        assertThat(told.lines().filter(line -> line.startsWith("probe ")))
                .isNotEmpty()
                .allMatch(line -> line.endsWith(" UNKNOWN this user may make nothing in " + locked));
    }

    @Test
    void anybodyCanProbeWhatIsHis() throws Exception {
        Path open = Files.createDirectory(folder.resolve("open to all"));
        assertThat(open.toFile().setWritable(true, false)).isTrue();

        String told = AsNobody.output(folder, Probing.class, "glance", open.toString());

        assertThat(told).contains("LOCKS_UPGRADE YES", "complete true leftovers []");
        assertThat(open).isEmptyDirectory();
    }

    /** SQLite's library has to be unpacked somewhere; where nothing else can be written, that is the scratch directory. */
    @Test
    void aReadOnlyRootIsNoObstacle() throws Exception {
        try (Mounted tmpfs = Mounted.tmpfs()) {
            Mounted.assumeTool("unshare");
            List<String> command = new ArrayList<>(List.of(
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    "mount -o remount,bind,ro / && ! touch /tmp/written && exec \"$@\"",
                    "sh"));
            command.addAll(Program.javaCommand(
                    System.getProperty("java.class.path"),
                    Probing.class,
                    "torture",
                    tmpfs.point().toString()));

            String told = Program.output(command);

            assumeTrue(!told.contains("permission denied"), "SKIPPED: the root cannot be made read-only here");
            assertThat(told).contains("MEMORY_IS_SHARED YES 200 of 200", "complete true leftovers []");
            assertThat(tmpfs.point()).isEmptyDirectory();
        }
    }

    /** ntfs-3g on an image is "fuse" to the kernel, of which the tables know nothing. */
    @Test
    void openingTriesWhatNobodyKnowsOnceAndThenRemembers() throws Exception {
        try (Mounted unknown = Mounted.ntfs3g()) {
            Path database = unknown.point().resolve("shop.db");
            assumeTrue(Facts.gather(database).storage().filesystem().equals("fuse"), "SKIPPED: the tables know it");

            String forbidden = opened(database, "NONE");
            String first = opened(database, "GLANCE");
            String second = opened(database, "GLANCE");

            assertThat(forbidden).contains("refused: WS102");
            assertThat(first)
                    .contains("opened as ROLLBACK", "which no experiment can prove", "\nprobe lock-conflict\n");
            assertThat(second)
                    .contains("opened as ROLLBACK", "which no experiment can prove")
                    .containsPattern("\nprobe lock-conflict, \\d{4}-.*Z\n");
        }
    }

    @Test
    void openingTriesNothingWhereKnowledgeSuffices() throws Exception {
        try (Mounted ext4 = Mounted.ext4()) {
            assertThat(opened(ext4.point().resolve("shop.db"), "TORTURE"))
                    .contains("opened as WAL")
                    .doesNotContain("probe ");
            assertThat(folder.resolve("cache")).doesNotExist();
        }
    }

    private String opened(Path database, String probing) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "XDG_CACHE_HOME=" + folder.resolve("cache")));
        command.addAll(
                Program.javaCommand(System.getProperty("java.class.path"), Opens.class, database.toString(), probing));
        return Program.output(command);
    }

    private static void assertCarriesAll(Mounting mounting, Verdict sync) throws Exception {
        try (Mounted mounted = mounting.mount()) {
            Probe.Outcome outcome = Probe.ask(mounted.point(), CALM);

            assertThat(outcome.complete()).as(outcome.toString()).isTrue();
            assertThat(answered(outcome, Verdict.YES)).as(outcome.toString()).isEqualTo(ALL_BUT_SYNC);
            assertThat(Answers.NONE
                            .with(outcome.evidence())
                            .within(Question.SYNC_IS_KEPT)
                            .verdict())
                    .as(outcome.toString())
                    .isEqualTo(sync);
            assertThat(outcome.leftovers()).isEmpty();
            try (var left = Files.newDirectoryStream(mounted.point(), ".walsafe*")) {
                assertThat(left).isEmpty();
            }
        }
    }

    private static Set<Question> answered(Probe.Outcome outcome, Verdict verdict) {
        Answers answers = Answers.NONE.with(outcome.evidence());
        Set<Question> answered = EnumSet.allOf(Question.class);
        answered.removeIf(question -> answers.within(question).verdict() != verdict);
        return answered;
    }
}
