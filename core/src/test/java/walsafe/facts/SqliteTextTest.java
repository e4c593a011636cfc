package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteTextTest {
    private static final String ELF = "\u007fELF";
    private static final String MAGIC = "\0SQLite format 3\0";
    private static final String ID = "\0" + "2024-01-30 16:01:20 " + "e876e51a0ed5c5b3126f52e532044363a014bc59" + "\0";

    private static SqliteText read(String... parts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String part : parts) bytes.writeBytes(part.getBytes(StandardCharsets.ISO_8859_1));
        return SqliteText.read(() -> new ByteArrayInputStream(bytes.toByteArray()), Long.MAX_VALUE);
    }

    private static SqliteText sqlite(int minor, int patch) {
        return new SqliteText(true, Optional.of(new SqliteVersion(3, minor, patch)));
    }

    @Test
    void aLibraryHoldsMagicSourceIdAndVersion() throws IOException {
        assertThat(read(ELF, MAGIC, ID, "\0" + "3.45.1\0")).isEqualTo(sqlite(45, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, (1 << 20) - 1, (1 << 20) - 30, (1 << 20) + 1, (1 << 20) + 60, 3 << 20})
    void textsThatLieAcrossABlockAreFound(int before) throws IOException {
        for (int shift = 0; shift < 130; shift += 13) {
            assertThat(read(ELF, "x".repeat(before - shift), MAGIC, ID, "\0" + "3.45.1\0"))
                    .isEqualTo(sqlite(45, 1));
        }
    }

    @Test
    void aProgramThatMerelyCallsALibraryIsNoSqlite() throws IOException {
        assertThat(read(ELF, MAGIC, ID)).isEqualTo(SqliteText.NONE);
        assertThat(read(ELF, ID, "\0" + "3.45.1\0")).isEqualTo(SqliteText.NONE);
        assertThat(read(ELF, MAGIC, "\0" + "3.45.1\0")).isEqualTo(SqliteText.NONE);
    }

    @Test
    void versionsOfOtherThingsDoNotCount() throws IOException {
        assertThat(read(ELF, MAGIC, ID, "GLIBCXX_3.45.9\0\0" + "3.5.8\0", "\0" + "3.54.1.0\0", "\0" + "3.45.1\0"))
                .isEqualTo(sqlite(45, 1));
    }

    @Test
    void twoVersionsAreToldApartByTheNumberInTheCode() throws IOException {
        String right = littleEndian(3_045_001);
        String wrong = littleEndian(3_045_241);

        assertThat(read(ELF, MAGIC, ID, "\0" + "3.11.7\0", "\0" + "3.45.1\0", right))
                .isEqualTo(sqlite(45, 1));
        assertThat(read(ELF, MAGIC, ID, "\0" + "3.11.7\0", "\0" + "3.45.1\0", wrong))
                .isEqualTo(new SqliteText(true, Optional.empty()));
    }

    /** As machine code of x86 holds it behind the instruction's first byte. */
    private static String littleEndian(int number) {
        return "\0" + (char) (number & 0xff) + (char) ((number >> 8) & 0xff) + (char) ((number >> 16) & 0xff) + "\0";
    }

    @Test
    void whatIsNoProgramIsNoSqlite() throws IOException {
        assertThat(read("")).isEqualTo(SqliteText.NONE);
        assertThat(read(MAGIC, ID, "\0" + "3.45.1\0")).isEqualTo(SqliteText.NONE);
    }

    @Test
    void notMoreIsReadThanAllowed() throws IOException {
        byte[] bytes = (ELF + MAGIC + ID + "\0" + "3.45.1\0").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(SqliteText.read(() -> new ByteArrayInputStream(bytes), bytes.length - 9))
                .isEqualTo(SqliteText.NONE);
    }
}
