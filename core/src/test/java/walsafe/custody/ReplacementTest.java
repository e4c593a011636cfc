package walsafe.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import walsafe.facts.DatabasePart;

/** What an intent file says, and that nothing else is taken for one. */
final class ReplacementTest {
    private static final Replacement REPLACEMENT = new Replacement(
            1_764_159_778_000L,
            new Identity(12, 4096, "ab".repeat(32)),
            Map.of(
                    DatabasePart.DATABASE, new Identity(34, 8192, "cd".repeat(32)),
                    DatabasePart.WAL, new Identity(56, 0, "ef".repeat(32))),
            "20261126T122258.123Z",
            "größe $ \n.db");

    @Test
    void whatWasWrittenIsRead() throws Exception {
        assertThat(Replacement.decode(REPLACEMENT.encode())).isEqualTo(REPLACEMENT);
    }

    @Test
    void oneOtherByteAnywhereIsRefused() {
        byte[] bytes = REPLACEMENT.encode();
        for (int at = 0; at < bytes.length; at++) {
            byte[] other = bytes.clone();
            other[at] ^= 0x10;
            assertThatIOException().as("byte %s", at).isThrownBy(() -> Replacement.decode(other));
        }
    }

    @Test
    void aShorterOrLongerOneIsRefused() {
        byte[] bytes = REPLACEMENT.encode();
        for (int length = 0; length < Replacement.MAX_BYTES + 10; length++) {
            byte[] other = Arrays.copyOf(bytes, length);
            if (length == bytes.length) continue;
            assertThatIOException().as("length %s", length).isThrownBy(() -> Replacement.decode(other));
        }
    }

    @Test
    void aSetCannotLieOutsideTheQuarantine() {
        var climbing =
                new Replacement(0, REPLACEMENT.fresh(), REPLACEMENT.old(), "../../../../etc/x", REPLACEMENT.database());

        assertThatIOException().isThrownBy(() -> Replacement.decode(climbing.encode()));
    }

    @Test
    void randomBytesAreRefusedAndNothingElseHappens() {
        var random = new Random(1);
        for (int round = 0; round < 10_000; round++) {
            byte[] bytes = new byte[random.nextInt(Replacement.MAX_BYTES + 100)];
            random.nextBytes(bytes);
            if (round % 2 == 0) System.arraycopy(REPLACEMENT.encode(), 0, bytes, 0, Math.min(bytes.length, 48));
            assertThatIOException().isThrownBy(() -> Replacement.decode(bytes));
        }
    }
}
