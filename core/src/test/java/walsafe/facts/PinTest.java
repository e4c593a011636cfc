package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import walsafe.format.WalIndex;

class PinTest {
    private static final long UNUSED = 0xffffffffL;
    private static final WalIndex INDEX = new WalIndex(true, 62, 3, List.of(0L, 62L, 17L, 3L, UNUSED), 1, 2);

    private static Optional<Long> pin(WalIndex index, int... marks) {
        List<SqliteLock> locks = Arrays.stream(marks)
                .mapToObj(mark -> new SqliteLock(DatabasePart.SHM, "READ " + mark, false, 123 + mark, 123 + mark))
                .toList();
        return Pin.lowest(index, locks);
    }

    @Test
    void aReaderOfAnOlderMarkPinsItsFrame() {
        assertThat(pin(INDEX, 2)).contains(17L);
    }

    @Test
    void theOldestOfSeveralReadersCounts() {
        assertThat(pin(INDEX, 1, 2, 3)).contains(3L);
    }

    @Test
    void aReaderOfTheLastFramePinsNothingYet() {
        assertThat(pin(INDEX, 1)).isEmpty();
    }

    @Test
    void aReaderOfTheDatabaseAloneKeepsCheckpointsWhereTheyAre() {
        assertThat(pin(INDEX, 0)).contains(3L);
        assertThat(pin(new WalIndex(true, 62, 62, INDEX.readMarks(), 1, 2), 0)).isEmpty();
    }

    @Test
    void marksThatAreUnusedMissingOrUntrustedPinNothing() {
        assertThat(pin(INDEX, 4)).isEmpty();
        assertThat(pin(new WalIndex(true, 62, 3, List.of(), 1, 2), 2)).isEmpty();
        assertThat(pin(new WalIndex(false, 62, 3, INDEX.readMarks(), 1, 2), 2)).isEmpty();
    }
}
