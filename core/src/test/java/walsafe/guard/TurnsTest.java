package walsafe.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** On SMB a host that wrote without a pause kept the other one out: 60 works of one, none of the other. */
final class TurnsTest {
    private final AtomicLong now = new AtomicLong(-5_000); // nanoTime may be negative
    private final Turns turns = new Turns(now::get);

    @Test
    void theFirstWorkWaitsForNobody() {
        assertThat(turns.leftNanos()).isNotPositive();
    }

    @Test
    void theLockIsLeftFreeForAQuarterOfTheTimeItWasHeld() {
        held(100_000);

        assertThat(turns.leftNanos()).isEqualTo(25_000);
    }

    @Test
    void aWorkThatComesLaterDoesNotWait() {
        held(100_000);

        now.addAndGet(25_000);

        assertThat(turns.leftNanos()).isNotPositive();
    }

    @Test
    void aLongWorkIsNotFollowedByALongPause() {
        held(3_600_000_000_000L);

        assertThat(turns.leftNanos()).isEqualTo(1_000_000_000);
    }

    private void held(long nanos) {
        turns.begin();
        now.addAndGet(nanos);
        turns.end();
    }
}
