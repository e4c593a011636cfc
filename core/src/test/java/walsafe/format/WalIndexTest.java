package walsafe.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program was killed with a few commits in its -wal, the first of them checkpointed. */
class WalIndexTest {
    @TempDir
    Path directory;

    private Path database;
    private byte[] bytes = {};

    @BeforeEach
    void aProgramIsKilled() throws Exception {
        database = directory.resolve("a.db");
        Victim.killed(
                database,
                "PRAGMA journal_mode=WAL",
                "CREATE TABLE t(x)",
                "INSERT INTO t VALUES (1)",
                "PRAGMA wal_checkpoint(PASSIVE)",
                "INSERT INTO t VALUES (2)",
                "UPDATE t SET x = 3");
        bytes = Arrays.copyOf(DatabaseFileTest.first(Sqlite.beside(database, "-shm")), WalIndex.SIZE_BYTES);
    }

    @Test
    void itAgreesWithTheWalBesideIt() throws Exception {
        WalSummary wal = WalFileTest.summary(Sqlite.beside(database, "-wal"), database, WalFile.Limit.GLANCE);

        WalIndex index = WalIndex.decode(bytes);

        assertThat(index.initialised()).isTrue();
        assertThat(index.maxFrame()).isEqualTo(wal.committedFrames());
        assertThat(index.salt1()).isEqualTo(wal.salt1());
        assertThat(index.salt2()).isEqualTo(wal.salt2());
        assertThat(index.readMarks()).hasSize(5).startsWith(0L);
        assertThat(index.backfilled()).isBetween(0L, index.maxFrame());
    }

    @Test
    void checkpointedFramesAreTold() throws Exception {
        Victim.killed(database, "INSERT INTO t VALUES (4)", "PRAGMA wal_checkpoint(FULL)");

        WalIndex index = WalIndex.decode(DatabaseFileTest.first(Sqlite.beside(database, "-shm")));

        assertThat(index.backfilled()).isEqualTo(index.maxFrame()).isPositive();
    }

    @Test
    void copiesThatDifferAreNotBelieved() {
        bytes[8 + 48]++;

        assertThat(WalIndex.decode(bytes).initialised()).isFalse();
    }

    @Test
    void aWrongChecksumIsNotBelieved() {
        bytes[16]++;
        bytes[16 + 48]++;

        assertThat(WalIndex.decode(bytes).initialised()).isFalse();
    }

    @Test
    void aShortOneIsNotInitialised() {
        assertThat(WalIndex.decode(Arrays.copyOf(bytes, 135)).initialised()).isFalse();
        assertThat(WalIndex.decode(new byte[0]).initialised()).isFalse();
        assertThat(WalIndex.decode(new byte[136]).initialised()).isFalse();
    }

    @Test
    void theOtherByteOrderIsNotThisMachines() {
        ByteOrder other =
                ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;

        assertThat(WalIndex.decode(bytes, other).initialised()).isFalse();
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt(0))
                .isEqualTo(3_007_000);
    }
}
