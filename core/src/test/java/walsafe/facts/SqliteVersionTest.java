package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteVersionTest {
    @Test
    void aVersionIsReadWithTwoThreeOrFourParts() {
        assertThat(SqliteVersion.parse("3.54.1.0")).contains(new SqliteVersion(3, 54, 1));
        assertThat(SqliteVersion.parse(" 3.7.17\n")).contains(new SqliteVersion(3, 7, 17));
        assertThat(SqliteVersion.parse("3.8")).contains(new SqliteVersion(3, 8, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "3.", "v3.8.1", "3.8.1-beta", "3.8.1.2.3", "99999999999.1.1"})
    void otherTextIsNone(String text) {
        assertThat(SqliteVersion.parse(text)).isEmpty();
    }

    @Test
    void aNumberIsReadAsSqliteWritesIt() {
        assertThat(SqliteVersion.ofNumber(3_040_001)).contains(new SqliteVersion(3, 40, 1));
        assertThat(SqliteVersion.ofNumber(0)).isEmpty();
        assertThat(SqliteVersion.ofNumber(2_999_999)).isEmpty();
        assertThat(SqliteVersion.ofNumber(-1)).isEmpty();
    }

    @Test
    void versionsAreOrderedByNumberAndNotByText() {
        assertThat(new SqliteVersion(3, 9, 2)).isLessThan(new SqliteVersion(3, 10, 0));
        assertThat(new SqliteVersion(3, 50, 7)).isGreaterThan(new SqliteVersion(3, 50, 6));
        assertThat(new SqliteVersion(3, 51, 3))
                .isEqualByComparingTo(new SqliteVersion(3, 51, 3))
                .hasToString("3.51.3");
    }
}
