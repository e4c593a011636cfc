package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AgreementTest {
    private static final Row REFUSED = doctor("a", "several-hosts", "unsafe", "refuse");
    private static final Row LOST_WAL = bare("wal", 10, 4, "ok", "-");
    private static final Row LOST_TRUNCATE = bare("truncate", 10, 1, "damaged", "CORRUPT");
    private static final Row CLEAN_WAL = bare("wal", 10, 0, "ok", "-");
    private static final Row CLEAN_TRUNCATE = bare("truncate", 10, 0, "ok", "-");
    private static final Row USELESS_WAL = bare("wal", 0, 0, "ok", "IOERR_LOCK");

    private static Row doctor(String side, String sharing, String says, String mode) {
        return row("two hosts", "doctor", side, sharing, says, mode, -1, -1, "-", "-");
    }

    private static Row bare(String mode, int acknowledged, int lost, String integrity, String errors) {
        return row("two hosts", "bare", "both", "-", "-", mode, acknowledged, lost, integrity, errors);
    }

    private static Row opened(String mode, int acknowledged, int lost, String integrity) {
        return row("two hosts", "walsafe", "both", "several-hosts", "-", mode, acknowledged, lost, integrity, "-");
    }

    private static Row row(
            String sides,
            String step,
            String side,
            String sharing,
            String says,
            String mode,
            int acknowledged,
            int lost,
            String integrity,
            String errors) {
        return new Row(
                "2026-11-26",
                "x",
                sides,
                step,
                side,
                sharing,
                "-",
                says,
                mode,
                acknowledged < 0 ? -1 : 1,
                acknowledged,
                lost,
                integrity,
                errors);
    }

    private static List<Row> control(Row... rows) {
        return Stream.of(rows)
                .map(row -> row(
                        "one mount",
                        row.step(),
                        row.side(),
                        row.sharing(),
                        row.says(),
                        row.mode(),
                        row.acknowledged(),
                        row.lost(),
                        row.integrity(),
                        row.errors()))
                .toList();
    }

    @Test
    void aRefusalOfWhatFailsAgrees() {
        assertThat(Agreement.of(List.of(REFUSED, LOST_WAL, LOST_TRUNCATE, opened("refuse", 0, 0, "ok"))))
                .isEqualTo(Agreement.AGREE);
        assertThat(Agreement.of(List.of(REFUSED, USELESS_WAL, LOST_TRUNCATE, opened("refuse", 0, 0, "ok"))))
                .isEqualTo(Agreement.AGREE);
    }

    @Test
    void aRefusalOfWhatWentWellIsCareful() {
        assertThat(Agreement.of(List.of(REFUSED, LOST_WAL, CLEAN_TRUNCATE, opened("refuse", 0, 0, "ok"))))
                .isEqualTo(Agreement.CAREFUL);
    }

    @Test
    void anOfferedModeThatKeptAllAgrees() {
        Row offered = doctor("a", "several-hosts", "safe-only-if", "rollback");

        assertThat(Agreement.of(List.of(offered, LOST_WAL, CLEAN_TRUNCATE, opened("rollback", 9, 0, "ok"))))
                .isEqualTo(Agreement.AGREE);
        assertThat(Agreement.of(List.of(offered, CLEAN_WAL, CLEAN_TRUNCATE, opened("rollback", 9, 0, "ok"))))
                .isEqualTo(Agreement.CAREFUL);
    }

    @Test
    void anOfferedModeThatLosesIsFalselySafe() {
        Row offered = doctor("a", "several-hosts", "safe-only-if", "rollback");

        assertThat(Agreement.of(List.of(offered, LOST_WAL, LOST_TRUNCATE, opened("rollback", 9, 0, "ok"))))
                .isEqualTo(Agreement.FALSE_SAFE);
        assertThat(Agreement.of(List.of(offered, LOST_WAL, CLEAN_TRUNCATE, opened("rollback", 9, 1, "ok"))))
                .isEqualTo(Agreement.FALSE_SAFE);
        assertThat(Agreement.of(List.of(offered, LOST_WAL, CLEAN_TRUNCATE, opened("rollback", 9, 0, "damaged"))))
                .isEqualTo(Agreement.FALSE_SAFE);
    }

    @Test
    void oneSideThatIsOfferedWhatLosesIsFalselySafeThoughTheOtherIsRefused() {
        Row offered = doctor("b", "several-hosts", "safe", "wal");

        assertThat(Agreement.of(List.of(REFUSED, offered, LOST_WAL, LOST_TRUNCATE, opened("refuse, wal", 9, 0, "ok"))))
                .isEqualTo(Agreement.FALSE_SAFE);
    }

    @Test
    void aSideThatMustBeToldIsNamed() {
        Row blind = doctor("b", "undeclared", "safe", "wal");
        Row told = doctor("b", "several-hosts", "could-not-tell", "refuse");

        assertThat(Agreement.of(List.of(REFUSED, blind, told, LOST_WAL, LOST_TRUNCATE, opened("refuse", 0, 0, "ok"))))
                .isEqualTo(Agreement.AGREE_WHEN_TOLD);
    }

    @Test
    void aRefusedControlIsFalselyUnsafe() {
        Row refused = doctor("a", "undeclared", "could-not-tell", "refuse");
        Row safe = doctor("a", "undeclared", "safe", "wal");

        assertThat(Agreement.of(control(refused, CLEAN_WAL, CLEAN_TRUNCATE))).isEqualTo(Agreement.FALSE_UNSAFE);
        assertThat(Agreement.of(control(safe, CLEAN_WAL, CLEAN_TRUNCATE))).isEqualTo(Agreement.AGREE);
    }

    @Test
    void aLineThatIsReadIsTheLineThatWasWritten() {
        for (Row row : List.of(REFUSED, LOST_WAL, opened("rollback", 9, 0, "ok")))
            assertThat(Row.of(row.line())).isEqualTo(row);
        assertThatThrownBy(() -> Row.of("a\tb")).hasMessageContaining("2 cells");
        assertThatThrownBy(() -> bare("wal", 3, 4, "ok", "-")).hasMessageContaining("4 of 3");
    }
}
