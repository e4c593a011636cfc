package walsafe.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.guard.Forbidden.Freedom;

/** What a work may say, however it is spelt. */
final class ForbiddenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "COMMIT",
                "commit transaction",
                "  END",
                "rollback",
                "ROLLBACK TO a",
                "begin immediate",
                "savepoint a",
                "release a",
                "/* x */ COMMIT",
                "-- x\nCOMMIT",
                ";;COMMIT",
                "INSERT INTO t VALUES (';'); COMMIT",
                "INSERT INTO t VALUES ('it''s;'); COMMIT",
                "SELECT [a;b] FROM t; END",
                "CREATE TRIGGER a AFTER INSERT ON t BEGIN DELETE FROM u; END; COMMIT",
                "CREATE TEMP TRIGGER a AFTER INSERT ON t BEGIN SELECT CASE WHEN 1 THEN 2 END; END; COMMIT",
                "attach 'other.db' AS o",
                "DETACH o",
                "VACUUM",
                "PRAGMA journal_mode = delete",
                "PRAGMA journal_mode(off)",
                "pragma main.journal_mode=wal",
                "PRAGMA \"journal_mode\" = off",
                "PRAGMA synchronous=off",
                "PRAGMA locking_mode = normal",
                "PRAGMA query_only = off",
                "SELECT 1; PRAGMA mmap_size = 1000000"
            })
    void refusedInATransaction(String sql) {
        assertThatThrownBy(() -> Forbidden.check(sql, Freedom.TRANSACTION))
                .isInstanceOf(SQLException.class)
                .extracting(thrown -> ((SQLException) thrown).getSQLState())
                .isEqualTo("25000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "SELECT 'COMMIT'",
                "SELECT \"commit\" FROM t",
                "INSERT INTO t VALUES ('a; COMMIT')",
                "SELECT 1 -- ; COMMIT",
                "SELECT 1 /* ; COMMIT */",
                "SELECT [; COMMIT] FROM t",
                "CREATE TRIGGER a AFTER INSERT ON t BEGIN DELETE FROM u; END",
                "CREATE TABLE commit_log(end_of, rollback_at)",
                "PRAGMA journal_mode",
                "PRAGMA main.synchronous",
                "PRAGMA user_version = 7",
                "PRAGMA foreign_key_check",
                "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
                "REPLACE INTO t VALUES (1)",
                "EXPLAIN COMMIT",
                "SELECT 'unfinished",
                "SELECT /* unfinished"
            })
    void allowedInATransaction(String sql) {
        assertThatCode(() -> Forbidden.check(sql, Freedom.TRANSACTION)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"VACUUM", "ATTACH 'x' AS y", "BEGIN; DELETE FROM t; COMMIT", "PRAGMA user_version = 1"})
    void maintenanceBringsItsOwnTransactions(String sql) {
        assertThatCode(() -> Forbidden.check(sql, Freedom.MAINTENANCE)).doesNotThrowAnyException();
    }

    @Test
    void notEvenMaintenanceChangesTheMode() {
        assertThatThrownBy(() -> Forbidden.check("PRAGMA journal_mode = delete", Freedom.MAINTENANCE))
                .hasMessageContaining("belongs to the plan");
    }

    @Test
    void whatMaintenanceMayDoIsNotRememberedForATransaction() throws Exception {
        for (int times = 0; times < 3; times++) {
            Forbidden.check("VACUUM main", Freedom.MAINTENANCE);
            assertThatThrownBy(() -> Forbidden.check("VACUUM main", Freedom.TRANSACTION))
                    .hasMessageContaining("maintain()");
        }
    }

    @Test
    void moreTextsThanAreRememberedAreStillLookedAt() throws Exception {
        for (int i = 0; i < 2_000; i++) Forbidden.check("SELECT " + i, Freedom.TRANSACTION);
        assertThatThrownBy(() -> Forbidden.check("COMMIT", Freedom.TRANSACTION)).hasMessageContaining("COMMIT");
    }

    @Test
    void oneBeginningForEachStatement() {
        assertThat(Statements.beginnings("SELECT 1; ; insert into t values (2)"))
                .hasSize(2);
    }
}
