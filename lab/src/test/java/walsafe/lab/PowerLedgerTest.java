package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PowerLedgerTest {
    private static final long SECOND = 1_000_000_000L;

    private static PowerLedger ledger() {
        PowerLedger ledger = new PowerLedger();
        for (int number = 1; number <= 4; number++) ledger.hear("7_" + number, number * SECOND);
        return ledger;
    }

    @Test
    void whatWasFoundIsNotLost() {
        assertThat(ledger().held(7, "opened\tok\t0\t1 2 3 4 5 ", 5 * SECOND))
                .hasToString("Loss[acknowledged=4, lost=0, age=PT0S, damaged=Optional.empty, refused=Optional.empty]");
    }

    @Test
    void theLastCommitsAreLost() {
        PowerLedger.Loss loss = ledger().held(7, "opened\tok\t0\t1 2 ", 5 * SECOND);

        assertThat(loss.lost()).isEqualTo(2);
        assertThat(loss.age()).isEqualTo(Duration.ofSeconds(2));
        assertThat(loss.damaged()).isEmpty();
    }

    @Test
    void aRowThatIsGoneFromAmongOthersIsDamage() {
        assertThat(ledger().held(7, "opened\tok\t0\t1 2 4 ", 5 * SECOND).damaged())
                .isPresent();
    }

    @Test
    void wordsThatNobodyWroteAreDamage() {
        assertThat(ledger().held(7, "opened\tok\t1\t1 2 3 4 ", 5 * SECOND).damaged())
                .isPresent();
    }

    @Test
    void aFileThatIsGoneOrHasNoTableHasLostEverything() {
        assertThat(ledger().held(7, "gone\tok\t0\t", 5 * SECOND).lost()).isEqualTo(4);
        PowerLedger.Loss empty = ledger().held(7, "opened\t[SQLITE_ERROR] (no such table: message)\t0\t", 5 * SECOND);
        assertThat(empty.lost()).isEqualTo(4);
        assertThat(empty.damaged()).isEmpty();
    }

    @Test
    void whatWalsafeRefusesAndABareConnectionReadsIsBothTold() {
        PowerLedger.Loss loss = ledger().held(7, "WS406 damaged\tok\t0\t1 2 3 4 ", 5 * SECOND);

        assertThat(loss.refused()).contains("WS406 damaged");
        assertThat(loss.lost()).isZero();
    }
}
