package walsafe.finding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** What people paste at three in the morning, from many languages, and the page that it must lead to. */
class PastedMessagesTest {
    @ParameterizedTest
    @CsvFileSource(resources = "/walsafe/pasted-messages.tsv", delimiter = '\t', quoteCharacter = '\0')
    void aPastedMessageLeadsToItsPage(String title, String pasted) {
        assertThat(Explain.of(pasted.replace("\\n", "\n")))
                .as(pasted)
                .get()
                .extracting(Explain.Page::title)
                .asString()
                .startsWith(title);
    }
}
