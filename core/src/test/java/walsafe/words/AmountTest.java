package walsafe.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1, 1 byte",
        "1023, 1023 bytes",
        "1024, 1 KiB",
        "4299, 4.2 KiB",
        "1048576, 1 MiB",
        "4509715661, 4.2 GiB",
        "170524672, 163 MiB",
        "9223372036854775807, 8 EiB"
    })
    void bytesAreToldInTheUnitThatFits(long bytes, String words) {
        assertThat(Amount.bytes(bytes)).isEqualTo(words);
    }

    @Test
    void oneIsSingular() {
        assertThat(Amount.of(1, "process", "processes")).isEqualTo("1 process");
        assertThat(Amount.of(2, "process", "processes")).isEqualTo("2 processes");
    }

    @Test
    void theLastOfAListIsJoinedByAnd() {
        assertThat(Amount.list(List.of())).isEmpty();
        assertThat(Amount.list(List.of("a"))).isEqualTo("a");
        assertThat(Amount.list(List.of("a", "b", "c"))).isEqualTo("a, b and c");
    }
}
