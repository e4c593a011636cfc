package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceNumberTest {
    /** As glibc's gnu_dev_makedev puts them together; the last two have parts above the first 32 bits. */
    @ParameterizedTest
    @CsvSource({"801, 8:1", "fd03, 253:3", "100000, 0:256", "100000000000, 4096:0", "fffff00000000000, 4294963200:0"})
    void bothPartsAreFoundWhereGlibcPutsThem(String hexadecimal, String spelt) {
        assertThat(DeviceNumber.spelt(Long.parseUnsignedLong(hexadecimal, 16))).isEqualTo(spelt);
    }
}
