package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final Outcome WRITER =
            new Outcome(0, "opened ROLLBACK after 5 ms\nack a 1\nack a 2\nwrote for 9 ms\n");

    @Test
    void anAcknowledgedRowThatIsNotCountedIsMissing() {
        Ledger ledger = new Ledger().hear("before", 1).hear(WRITER);

        assertThat(ledger.size()).isEqualTo(3);
        assertThat(ledger.missingFrom(new Outcome(0, "integrity ok\nrow before 1\nrow a 2\n")))
                .containsExactly("a 1");
    }

    @Test
    void aRowThatNobodyWasToldOfIsNotMissed() {
        Ledger ledger = new Ledger().hear(WRITER);

        assertThat(ledger.missingFrom(new Outcome(0, "row a 1\nrow a 2\nrow a 3\n")))
                .isEmpty();
    }

    @Test
    void aDatabaseThatCannotBeReadHasLostEverything() {
        Ledger ledger = new Ledger().hear(WRITER);

        assertThat(ledger.missingFrom(new Outcome(0, "integrity [SQLITE_NOTADB]\n")))
                .hasSize(2);
    }
}
