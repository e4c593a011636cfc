package walsafe.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.facts.Facts;
import walsafe.facts.Neighbours;
import walsafe.facts.Signpost;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Verdict;

/** The old place and the new one are two directories of one disk; what is told apart is names, not storages. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class ElsewhereTest {
    @TempDir
    Path folder;

    private Path old;
    private Path local;
    private Intent intent;

    @BeforeEach
    void twoPlaces() throws IOException {
        old = Files.createDirectory(folder.resolve("old ö")).resolve("shop.db");
        local = Files.createDirectory(folder.resolve("local"));
        intent = Intent.DEFAULT.elsewhere(local);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "truncate"})
    void theDataIsOpenedWhereTheCallerSaysAndTheOldStaysAsItWas(String mode) throws Exception {
        database(old, mode);
        byte[] before = bytes(old);
        FileTime modified = Files.getLastModifiedTime(old);

        assertThat(rowsAfterAdding(intent, 1)).isEqualTo(4);
        assertThat(rowsAfterAdding(intent, 1)).isEqualTo(5);

        assertThat(bytes(old)).isEqualTo(before);
        assertThat(Files.getLastModifiedTime(old)).isEqualTo(modified);
        assertThat(Files.exists(old.resolveSibling("shop.db-wal"))).isFalse();
        assertThat(rows(local.resolve("shop.db"))).isEqualTo(5);
    }

    /** Whoever can make that link beside the database had the signpost written wherever root may write. */
    @Test
    void noSignpostIsLeftBehindALink() throws Exception {
        database(old, "wal");
        Path behind = Files.createDirectory(folder.resolve("behind"));
        Files.createSymbolicLink(Signpost.folder(old), behind);

        assertThatThrownBy(() -> Walsafe.open(old, intent)).hasMessageContaining("FileAlreadyExistsException");

        assertThat(behind).isEmptyDirectory();
        assertThat(local.resolve("shop.db")).doesNotExist();
    }

    /** An interrupted look has seen nobody, and so the data was carried away under a program that had it open. */
    @Test
    void whereNobodyCouldLookNothingIsCarried() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/fd")), "SKIPPED: who has a file open is seen on Linux");
        database(old, "wal");
        Facts facts = Facts.gather(old);
        Facts unseen = new Facts(
                facts.target(),
                facts.storage(),
                facts.domain(),
                facts.host(),
                facts.database(),
                Neighbours.NOT_LOOKED,
                facts.sqlite(),
                facts.evidence(),
                facts.unseen());

        assertThatThrownBy(() -> Elsewhere.of(unseen, intent)).hasMessageContaining("could not be looked at");

        assertThat(Signpost.beside(old)).isEmpty();
        assertThat(local).isEmptyDirectory();
    }

    @Test
    void withoutThatIntentTheOldPlaceIsRefusedAndTheDoctorTellsWhere() throws Exception {
        database(old, "wal");
        rowsAfterAdding(intent, 1);
        Path other = Files.createDirectory(folder.resolve("other"));

        Diagnosis diagnosis = Diagnosis.of(Facts.gather(old), Intent.DEFAULT);

        assertThat(diagnosis.verdict()).isEqualTo(Verdict.UNSAFE);
        assertThat(diagnosis.findings().get(0).toString())
                .startsWith("WS115")
                .contains(local.resolve("shop.db").toString(), "as it was then");
        assertThatThrownBy(() -> Walsafe.open(old)).hasMessageContaining("WS115");
        assertThatThrownBy(() -> Walsafe.open(old, Intent.DEFAULT.elsewhere(other)))
                .hasMessageContaining("WS115");
        assertThatThrownBy(() -> Copy.of(old, folder.resolve("copy.db"))).hasMessageContaining("WS115");
    }

    @Test
    void whoWroteAtTheOldPlaceSinceIsNoticedAndBothPlacesAreNamed() throws Exception {
        database(old, "wal");
        rowsAfterAdding(intent, 1);
        Process stranger = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('INSERT INTO t VALUES (9)'); c.commit(); c.close()",
                        old.toString())
                .start();
        assertThat(stranger.waitFor()).isZero();

        assertThatThrownBy(() -> Walsafe.open(old, intent))
                .hasMessageContaining("WS115")
                .hasMessageContaining(old.toString())
                .hasMessageContaining(local.resolve("shop.db").toString())
                .hasMessageContaining("has changed since");
    }

    @Test
    void whatLiesAtTheNewPlaceAlreadyIsNeitherOverwrittenNorTakenForIt() throws Exception {
        database(old, "wal");
        Path there = Files.writeString(local.resolve("shop.db"), "mine");

        assertThatThrownBy(() -> Walsafe.open(old, intent)).hasMessageContaining("WS701");

        assertThat(there).hasContent("mine");
        assertThat(Signpost.beside(old)).isEmpty();
        assertThat(rows(old)).isEqualTo(3);
    }

    /** A signpost that was copied to another machine names a path that exists there too, but knows nothing of it. */
    @Test
    void aSignpostIsNotFollowedToDataThatDoesNotKnowIt() throws Exception {
        database(old, "wal");
        rowsAfterAdding(intent, 1);
        Path carriedFrom = Signpost.folder(local.resolve("shop.db")).resolve("carried-from");
        Files.writeString(carriedFrom, "token another\n");

        assertThatThrownBy(() -> Walsafe.open(old, intent)).hasMessageContaining("WS115");
    }

    @Test
    void killedBetweenTheSignpostAndTheNameTheNextOpeningFinishes() throws Exception {
        database(old, "truncate");
        assertThat(rowsAfterAdding(intent, 0)).isEqualTo(3);
        Path there = local.resolve("shop.db");
        Files.move(there, Partial.of(there), StandardCopyOption.ATOMIC_MOVE);

        assertThat(rowsAfterAdding(intent, 1)).isEqualTo(4);
        assertThat(Files.exists(Partial.of(there))).isFalse();
    }

    @Test
    void whoHasItOpenIsNotLeftBehind() throws Exception {
        database(old, "wal");
        try (SafeDatabase open = Walsafe.open(old)) {
            assertThatThrownBy(() -> Walsafe.open(old, intent)).hasMessageContaining("WS211");
            assertThat(open.health().isEmpty()).isTrue();
        }
        assertThat(Signpost.beside(old)).isEmpty();
        assertThat(local.resolve("shop.db")).doesNotExist();
        assertThat(Partial.of(local.resolve("shop.db"))).doesNotExist();
    }

    @Test
    void memoryIsNoPlaceToCarryDataTo() throws Exception {
        database(old, "wal");
        Path memory = Path.of("/dev/shm");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isDirectory(memory), "SKIPPED: there is no /dev/shm");

        assertThatThrownBy(() -> Walsafe.open(old, Intent.DEFAULT.elsewhere(memory)))
                .hasMessageContaining("WS105");

        assertThat(memory.resolve("shop.db")).doesNotExist();
        assertThat(Signpost.beside(old)).isEmpty();
    }

    @Test
    void whatDoesNotExistYetIsMadeAtTheNewPlace() throws Exception {
        try (SafeDatabase db = Walsafe.open(old, intent)) {
            db.write(connection -> connection.createStatement().execute("CREATE TABLE t(number)"));
        }

        assertThat(rowsAfterAdding(intent, 2)).isEqualTo(2);
        assertThat(old).doesNotExist();
        assertThatThrownBy(() -> Walsafe.open(old)).hasMessageContaining("WS115");
    }

    @Test
    void aSignpostThatCannotBeReadIsNotPassedBy() throws Exception {
        database(old, "wal");
        Files.createDirectory(Signpost.folder(old));
        Files.write(Signpost.file(old), new byte[] {1, 2, (byte) 0xff, 0});

        assertThatThrownBy(() -> Walsafe.open(old))
                .hasMessageContaining("WS115")
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> Walsafe.open(old, intent)).hasMessageContaining("WS115");
    }

    private int rowsAfterAdding(Intent how, int rows) throws SQLException {
        try (SafeDatabase db = Walsafe.open(old, how)) {
            for (int i = 0; i < rows; i++) {
                db.write(connection -> connection.createStatement().execute("INSERT INTO t VALUES (1)"));
            }
            return db.read(connection -> {
                try (var statement = connection.createStatement();
                        var row = statement.executeQuery("SELECT count(*) FROM t")) {
                    return row.getInt(1);
                }
            });
        }
    }

    private static void database(Path path, String mode) throws SQLException {
        try (Database fresh = Database.open(path, "mode=rwc", 0)) {
            fresh.ask("PRAGMA journal_mode = " + mode);
            fresh.run("CREATE TABLE t(number)");
            fresh.run("INSERT INTO t VALUES (1), (2), (3)");
        }
    }

    private static long rows(Path path) throws SQLException {
        try (Database open = Database.open(path, "mode=rw", 0)) {
            return open.number("SELECT count(*) FROM t");
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file); // nobody has it open here
        return Arrays.copyOf(bytes, bytes.length);
    }
}
