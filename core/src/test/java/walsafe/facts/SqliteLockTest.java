package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqliteLockTest {
    private static List<String> names(DatabasePart file, boolean write, long first, long last) {
        return SqliteLock.named(file, write, first, last).stream()
                .map(SqliteLock::name)
                .toList();
    }

    @Test
    void aRangeBearsTheNamesOfAllItsBytes() {
        assertThat(names(DatabasePart.DATABASE, true, 0x40000000L, 0x400001ffL))
                .containsExactly("PENDING", "RESERVED", "EXCLUSIVE");
        assertThat(names(DatabasePart.SHM, true, 121, 127))
                .containsExactly("CKPT", "RECOVER", "READ 0", "READ 1", "READ 2", "READ 3", "READ 4");
    }

    @Test
    void eachNameKeepsItsOwnBytes() {
        List<SqliteLock> locks = SqliteLock.named(DatabasePart.DATABASE, true, 0x40000001L, 0x400001ffL);

        assertThat(locks)
                .containsExactly(
                        new SqliteLock(DatabasePart.DATABASE, "RESERVED", true, 0x40000001L, 0x40000001L),
                        new SqliteLock(DatabasePart.DATABASE, "EXCLUSIVE", true, 0x40000002L, 0x400001ffL));
    }

    @Test
    void whatReachesBeyondSqlitesBytesIsNotSqlites() {
        assertThat(names(DatabasePart.DATABASE, true, 0, Long.MAX_VALUE)).containsExactly("bytes 0 to the end");
        assertThat(names(DatabasePart.DATABASE, true, 0x40000000L, 0x40000200L))
                .containsExactly("bytes 1073741824-1073742336");
        assertThat(names(DatabasePart.SHM, false, 128, 129)).containsExactly("bytes 128-129");
        assertThat(names(DatabasePart.WAL, false, 5, 9)).containsExactly("bytes 5-9");
    }

    @Test
    void onlyASharedLockOnAMarkIsAReaders() {
        assertThat(SqliteLock.named(DatabasePart.SHM, false, 125, 125).get(0).readMark())
                .isEqualTo(2);
        assertThat(SqliteLock.named(DatabasePart.SHM, true, 125, 125).get(0).readMark())
                .isEqualTo(-1);
        assertThat(SqliteLock.named(DatabasePart.SHM, false, 128, 128).get(0).readMark())
                .isEqualTo(-1);
    }
}
