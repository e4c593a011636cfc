package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of signals is knowledge that anybody may edit, so each row is held to account. */
class TelltaleTest {
    private static final Set<Telltale.How> TWO_WORDS = Set.of(Telltale.How.WITHOUT, Telltale.How.TEXT, Telltale.How.AT);

    static Stream<Telltale> rows() {
        return Telltale.table().stream();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aConfidenceIsAPercentageThatIsWorthARow(Telltale row) {
        assertThat(row.confidencePercent()).isBetween(50, 100);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void anArgumentHasTheWordsThatItsHowNeeds(Telltale row) {
        assertThat(row.argument()).isNotBlank();
        if (TWO_WORDS.contains(row.how())) assertThat(row.argument()).matches("/\\S* .+");
        if (row.how() == Telltale.How.FILE) assertThat(row.argument()).matches("/\\S+");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aSourceIsAWebPageOrAHeadingOfOurs(Telltale row) throws IOException {
        if (row.source().startsWith("https://")) {
            assertThat(URI.create(row.source()).getHost()).isNotEmpty();
            return;
        }
        int hash = row.source().indexOf('#');
        assertThat(hash).as("an anchor in %s", row.source()).isPositive();
        assertThat(headings(Path.of("..", row.source().substring(0, hash))))
                .contains(row.source().substring(hash + 1));
    }

    @Test
    void noRowIsThereTwice() {
        Set<String> seen = new HashSet<>();

        assertThat(Telltale.table()).allMatch(row -> seen.add(row.environment() + " " + row.how() + row.argument()));
    }

    @Test
    void everyRowSaysForOrAgainst() throws IOException {
        for (String line : Files.readAllLines(Path.of("src/main/resources/walsafe/signals.tsv"))) {
            if (!line.isEmpty() && !line.startsWith("#"))
                assertThat(line.split("\t", -1)[4]).isIn("for", "against");
        }
    }

    @Test
    void everyWayOfLookingIsUsed() {
        assertThat(Telltale.table()).extracting(Telltale::how).contains(Telltale.How.values());
    }

    @Test
    void aBrokenRowIsNamed() {
        assertThatThrownBy(() -> Telltale.parse("DOCKER\tFILE\t/.dockerenv"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/.dockerenv");
    }

    /** As GitHub makes anchors of headings. */
    private static List<String> headings(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
                .toList();
    }
}
