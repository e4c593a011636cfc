package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static walsafe.policy.Sharing.ONE_HOST;
import static walsafe.policy.Sharing.THIS_PROCESS;
import static walsafe.policy.Sharing.UNDECLARED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Plan;
import walsafe.policy.Sharing;

/**
 * What the doctor says of real databases on real mounts. The one place is made by the kernel, the other half by SQLite;
 * nothing is invented. As root only; says which parts it skips.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class RealPlacesTest {
    @Test
    void ext4() throws Exception {
        try (Mounted mounted = Mounted.ext4()) {
            assertThat(verdict(database(mounted.point()), UNDECLARED)).isEqualTo("SAFE WAL");
        }
    }

    @Test
    void xfs() throws Exception {
        try (Mounted mounted = Mounted.xfs()) {
            assertThat(verdict(database(mounted.point()), UNDECLARED)).isEqualTo("SAFE WAL");
        }
    }

    @Test
    void btrfsSubvolume() throws Exception {
        try (Mounted mounted = Mounted.btrfs()) {
            Path subvolume = mounted.point().resolve("sub");
            Command.must("btrfs", "subvolume", "create", subvolume.toString());

            assertThat(verdict(database(subvolume), UNDECLARED)).isEqualTo("SAFE WAL");
        }
    }

    @Test
    void vfat() throws Exception {
        try (Mounted mounted = Mounted.vfat()) {
            assertThat(verdict(database(mounted.point()), UNDECLARED)).isEqualTo("SAFE WAL");
        }
    }

    @Test
    void ntfs3gOnAnImage_showsNoMoreThanFuse() throws Exception {
        try (Mounted mounted = Mounted.ntfs3g()) {
            Path database = database(mounted.point());

            assertThat(verdict(database, UNDECLARED)).isEqualTo("COULD_NOT_TELL STORAGE_UNKNOWN");
            assertThat(verdict(database, THIS_PROCESS)).isEqualTo("SAFE WAL_ALONE");
        }
    }

    @Test
    void tmpfs_isSafeOnlyIfItMayBeLost() throws Exception {
        try (Mounted mounted = Mounted.tmpfs()) {
            Path database = database(mounted.point());

            assertThat(verdict(database, UNDECLARED)).isEqualTo("SAFE_ONLY_IF WAL");
            assertThat(problems(database, UNDECLARED)).contains(Problem.STORAGE_VOLATILE);
        }
    }

    @Test
    void squashfs_isReadAsItIs() throws Exception {
        try (Mounted content = Mounted.tmpfs()) {
            database(content.point());
            try (Mounted squashfs = Mounted.squashfs(content.point())) {
                assertThat(verdict(squashfs.point().resolve("shop.db"), UNDECLARED))
                        .isEqualTo("SAFE READ_ONLY");
            }
        }
    }

    @Test
    void overlay_isRefusedByBothItsPathsWhileBothAreInView() throws Exception {
        try (Mounted overlay = Mounted.overlay()) {
            Path merged = database(overlay.point());
            Path upper = overlay.behind().resolve("shop.db");

            for (Path path : new Path[] {merged, upper}) {
                assertThat(verdict(path, UNDECLARED)).isEqualTo("UNSAFE TWO_VIEWS");
                assertThat(verdict(path, ONE_HOST)).isEqualTo("UNSAFE TWO_VIEWS");
            }
            assertThat(verdict(merged, THIS_PROCESS)).isEqualTo("SAFE WAL");
        }
    }

    @Test
    void volatileOverlay_doesNotKeepCommits() throws Exception {
        try (Mounted overlay = Mounted.overlay("volatile")) {
            Path database = database(overlay.point());

            assertThat(verdict(database, THIS_PROCESS)).isEqualTo("SAFE_ONLY_IF WAL");
            assertThat(problems(database, THIS_PROCESS)).contains(Problem.SYNC_NOT_KEPT);
        }
    }

    @Test
    void bindOfADirectory_isAsSafeAsTheDirectory() throws Exception {
        try (Mounted ext4 = Mounted.ext4()) {
            database(ext4.point());
            try (Mounted bind = Mounted.bind(ext4.point())) {
                assertThat(verdict(bind.point().resolve("shop.db"), UNDECLARED)).isEqualTo("SAFE WAL");
            }
        }
    }

    @Test
    void bindOfTheFileAlone_isRefused() throws Exception {
        try (Mounted volume = Mounted.ext4();
                Mounted layer = Mounted.ext4()) {
            Path mountedOver = Files.createFile(layer.point().resolve("shop.db"));
            layer.bindInto(database(volume.point()), mountedOver);

            assertThat(verdict(mountedOver, UNDECLARED)).isEqualTo("UNSAFE SPLIT_SET");
            assertThat(verdict(mountedOver, THIS_PROCESS)).isEqualTo("UNSAFE SPLIT_SET");
        }
    }

    @Test
    void readOnlyBind_isNoReasonToReadImmutably() throws Exception {
        try (Mounted ext4 = Mounted.ext4()) {
            database(ext4.point());
            try (Mounted bind = Mounted.readOnlyBind(ext4.point())) {
                assertThat(verdict(bind.point().resolve("shop.db"), UNDECLARED)).isEqualTo("UNSAFE PLACE_READ_ONLY");
            }
        }
    }

    @Test
    void bindfs_isRefusedByBothItsPaths() throws Exception {
        try (Mounted bindfs = Mounted.bindfs()) {
            Path view = database(bindfs.point());
            Path behind = bindfs.behind().resolve("shop.db");

            assertThat(verdict(view, UNDECLARED)).isEqualTo("UNSAFE TWO_VIEWS");
            assertThat(verdict(behind, UNDECLARED)).isEqualTo("UNSAFE TWO_VIEWS");
            assertThat(verdict(behind, ONE_HOST)).isEqualTo("UNSAFE TWO_VIEWS");
        }
    }

    @Test
    void fuseOverlayfs_isRefusedWhileItsUpperDirectoryIsInView() throws Exception {
        try (Mounted overlay = Mounted.fuseOverlayfs()) {
            assertThat(verdict(database(overlay.point()), UNDECLARED)).isEqualTo("UNSAFE TWO_VIEWS");
        }
    }

    /** To this machine itself, so that the directory behind it is in view too. */
    @Test
    void sshfsOverLoopback_isRefusedByBothItsPaths() throws Exception {
        try (Mounted sshfs = Mounted.sshfs()) {
            Path database = database(sshfs.point());

            assertThat(verdict(database, UNDECLARED)).isEqualTo("UNSAFE TWO_VIEWS");
            assertThat(verdict(database, ONE_HOST)).isEqualTo("UNSAFE TWO_VIEWS");
            assertThat(verdict(sshfs.behind().resolve("shop.db"), UNDECLARED)).isEqualTo("UNSAFE TWO_VIEWS");
            assertThat(verdict(database, THIS_PROCESS)).isEqualTo("SAFE WAL_ALONE");
        }
    }

    @Test
    void stackedMounts_areJudgedByTheUppermost() throws Exception {
        try (Mounted stack = Mounted.ext4()) {
            stack.hide(); // below a tmpfs

            assertThat(problems(database(stack.point()), UNDECLARED)).contains(Problem.STORAGE_VOLATILE);
        }
    }

    /** {@code SAFE WAL} for a plan, {@code UNSAFE TWO_VIEWS} for a refusal. */
    private static String verdict(Path database, Sharing sharing) {
        Diagnosis diagnosis = diagnose(database, sharing);
        Plan plan = diagnosis.plan().orElseThrow();
        String outcome = plan instanceof Plan.Open open
                ? open.mode().name()
                : ((Plan.Refuse) plan).finding().problem().name();
        return diagnosis.verdict() + " " + outcome;
    }

    private static Iterable<Problem> problems(Path database, Sharing sharing) {
        return diagnose(database, sharing).findings().stream()
                .map(Finding::problem)
                .toList();
    }

    private static Diagnosis diagnose(Path database, Sharing sharing) {
        return Diagnosis.of(Facts.gather(database), Intent.DEFAULT.with(sharing));
    }

    private static Path database(Path directory) throws IOException, SQLException {
        Path database = directory.resolve("shop.db");
        execute(database, "CREATE TABLE sale(id INTEGER PRIMARY KEY)", "INSERT INTO sale VALUES (1)");
        return database;
    }

    private static void execute(Path database, String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement()) {
            for (String sql : statements) statement.execute(sql);
        }
    }
}
