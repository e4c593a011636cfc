package walsafe.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;

/** {@code docs/sqlite-errors.md} against the codes that SQLite has, and against what people paste. */
class ErrorPagesTest {
    private static final Book PAGES = Book.read("/walsafe/sqlite-errors.md");

    private static final List<String> PARTS =
            List.of("**Means.**", "**Does not mean.**", "**Do.**", "**Do not.**", "**Sources.**");

    @Test
    void everyPrimaryCodeHasAPageAndTheNumbersAboveThemHaveNone() {
        for (int code = 0; code <= 28; code++) {
            assertThat(Explain.of(Integer.toString(code))).as("code %d", code).isPresent();
        }
        for (int code = 29; code <= 31; code++) {
            assertThat(Explain.of(Integer.toString(code))).as("code %d", code).isEmpty();
        }
    }

    /** The driver carries its own list of names and numbers, written down by other people than we are. */
    @Test
    void everyCodeThatTheDriverKnowsIsFoundByNameAndByNumberUnderTheSameTitle() {
        for (SQLiteErrorCode code : SQLiteErrorCode.values()) {
            if (code == SQLiteErrorCode.UNKNOWN_ERROR) continue;

            String byNumber = title(Integer.toString(code.code));
            String byName = title(code.name());

            assertThat(byName).as("%s (%d)", code, code.code).isEqualTo(byNumber);
            assertThat(codes()).containsEntry(code.name(), code.code);
        }
    }

    @Test
    void noCodeIsToldOfTwice() {
        Set<Integer> numbers = new HashSet<>();
        for (Book.Entry page : PAGES.entries()) {
            for (Book.Code code : page.codes()) {
                assertThat(numbers.add(code.number())).as("%s", code).isTrue();
            }
        }
    }

    @Test
    void everyMessageThatAPageListsLeadsToThatPage() {
        for (Book.Entry page : PAGES.entries()) {
            for (String message : page.messages()) {
                assertThat(title("Error: " + message.replace("…", "4711"))).isEqualTo(page.heading());
            }
        }
    }

    @Test
    void everyPageTellsWhatItMeansAndWhatNotAndWhatToDoAndWhatNotInThisOrder() {
        for (Book.Entry page : PAGES.entries()) {
            int at = -1;
            for (String part : PARTS) {
                int found = page.text().indexOf(part);
                assertThat(found).as("%s in %s", part, page.heading()).isGreaterThan(at);
                at = found;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 8, 10, 13, 14, 15})
    void locksPermissionsFullDisksAndInputOutputAreNotDamage(int code) {
        String text = Explain.of(Integer.toString(code)).orElseThrow().text();

        assertThat(text).contains("**Does not mean.** Damage");
    }

    @Test
    void anExtendedCodeThatIsNotListedLeadsToItsPrimaryCodeAndSaysSo() {
        Explain.Page byNumber = Explain.of("65290").orElseThrow(); // 10 | 255 << 8
        Explain.Page byName = Explain.of("SQLITE_IOERR_NEWER_THAN_THIS").orElseThrow();

        assertThat(byNumber.title()).startsWith("SQLITE_IOERR (10)");
        assertThat(byNumber.text())
                .startsWith("65290 is not in this list. By its make it is a kind of SQLITE_IOERR (10)");
        assertThat(byName.title()).startsWith("SQLITE_IOERR (10)");
        assertThat(byName.text()).startsWith("sqlite_ioerr_newer_than_this is not in this list.");
    }

    private static Map<String, Integer> codes() {
        Map<String, Integer> codes = new HashMap<>();
        for (Book.Entry page : PAGES.entries()) {
            for (Book.Code code : page.codes()) codes.put(code.name(), code.number());
        }
        return codes;
    }

    private static String title(String asked) {
        return Explain.of(asked).map(Explain.Page::title).orElse("nothing about " + asked);
    }
}
