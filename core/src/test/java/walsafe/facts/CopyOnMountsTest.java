package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.policy.Intent;
import walsafe.transfer.Budget;
import walsafe.transfer.Copied;
import walsafe.transfer.Copy;
import walsafe.transfer.Progress;

/** Copies onto real mounts, and openings there: full ones, read-only ones, and one without hard links. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class CopyOnMountsTest {
    @TempDir
    Path folder;

    @Test
    void aDiskWithTooLittleRoomIsToldBeforeAnythingIsWritten() throws Exception {
        Path source = database();
        try (Mounted disk = Mounted.tmpfs()) {
            Command.must("mount", "-o", "remount,size=2m", disk.point().toString());

            assertThatThrownBy(() -> Copy.of(source, disk.point().resolve("copy.db")))
                    .hasMessageContaining("WS113")
                    .hasMessageContaining("the copy needs");

            assertThat(names(disk.point())).isEmpty();
        }
    }

    @Test
    void aDiskThatFillsMeanwhileLeavesNothing() throws Exception {
        Path source = database();
        try (Mounted disk = Mounted.tmpfs()) {
            Command.must("mount", "-o", "remount,size=12m", disk.point().toString());
            Path filler = disk.point().resolve("filler");

            assertThatThrownBy(() -> Copy.of(
                            source, disk.point().resolve("copy.db"), Intent.DEFAULT, Budget.DEFAULT, filling(filler)))
                    .hasMessageContaining("WS113");

            assertThat(names(disk.point())).containsExactly("filler");
        }
    }

    @Test
    void aFullDiskIsNoDamageAndWhatIsThereOpensAgain() throws Exception {
        try (Mounted disk = Mounted.small(256 << 10)) {
            Path filler = disk.point().resolve("filler");
            Path fresh = disk.point().resolve("fresh.db");
            filling(filler).copied(0, 0);

            assertThatThrownBy(() -> Walsafe.open(fresh))
                    .hasMessageStartingWith("WS113")
                    .hasMessageContaining(fresh.toString())
                    .hasMessageContaining("damages nothing");
            Files.delete(filler);

            try (SafeDatabase database = Walsafe.open(fresh)) {
                assertThat(database.health()).isEmpty();
            }
        }
    }

    @Test
    void aMissingDatabaseOnAReadOnlyFilesystemIsToldAsThat() throws Exception {
        try (Mounted disk = Mounted.tmpfs()) {
            Command.must("mount", "-o", "remount,ro", disk.point().toString());

            assertThatThrownBy(() -> Walsafe.open(disk.point().resolve("missing.db")))
                    .hasMessageStartingWith("WS111")
                    .hasMessageContaining("no such file");
        }
    }

    private static Progress filling(Path filler) {
        return (some, all) -> {
            try (OutputStream out = Files.newOutputStream(filler)) {
                byte[] block = new byte[1 << 16];
                for (int i = 0; i < 1000; i++) out.write(block);
            } catch (IOException full) {
                assertThat(full).hasMessageContaining("No space left");
            }
        };
    }

    @Test
    void aReadOnlyTargetIsTold() throws Exception {
        Path source = database();
        Path behind = Files.createDirectory(folder.resolve("behind"));
        try (Mounted disk = Mounted.readOnlyBind(behind)) {
            assertThatThrownBy(() -> Copy.of(source, disk.point().resolve("copy.db")))
                    .hasMessageContaining("WS112")
                    .hasMessageContaining("Read-only");
        }
    }

    /** FAT knows no hard links either; there the name is made empty first and then replaced. */
    @Test
    void aDiskWithoutHardLinksGetsItsCopyAndIsNotOverwrittenEither() throws Exception {
        Path source = database();
        try (Mounted disk = Mounted.sshfsWithoutHardLinks()) {
            Copied copied = Copy.of(source, disk.point().resolve("copy.db"));

            assertThat(names(disk.point())).containsExactly("copy.db");
            assertThat(Files.size(copied.target())).isEqualTo(copied.sizeBytes());
            assertThatThrownBy(() -> Copy.of(source, disk.point().resolve("copy.db")))
                    .hasMessageContaining("WS701");
        }
    }

    private Path database() throws SQLException {
        Path database = folder.resolve("shop.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = wal");
            statement.execute("CREATE TABLE t(a)");
            statement.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)"
                    + " INSERT INTO t SELECT randomblob(1000) FROM n");
        }
        return database;
    }

    private static java.util.List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }
}
