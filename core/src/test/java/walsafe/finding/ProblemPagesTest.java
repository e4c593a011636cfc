package walsafe.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The enum and {@code docs/problems.md}, compared both ways as they ship in the jar. */
class ProblemPagesTest {
    private static final Book PAGES = Book.read("/walsafe/problems.md");

    /** What every page tells, in this order. */
    private static final List<String> PARTS =
            List.of("**Means.**", "**Does not mean.**", "**Seen by.**", "**Do.**", "**Do not.**", "**Sources.**");

    @Test
    void everyProblemHasItsPageAndEveryPageItsProblem() {
        List<String> problems = new ArrayList<>();
        for (Problem problem : Problem.values()) problems.add(problem.id() + " " + problem.title());

        List<String> pages = new ArrayList<>();
        for (Book.Entry page : PAGES.entries()) pages.add(page.heading());

        assertThat(pages).containsExactlyElementsOf(problems);
    }

    @ParameterizedTest
    @EnumSource
    void aProblemIsExplainedByItsIdInEitherCase(Problem problem) {
        String title = problem.id() + " " + problem.title();

        assertThat(Explain.of(problem.id()))
                .get()
                .extracting(Explain.Page::title)
                .isEqualTo(title);
        assertThat(Explain.of(" " + problem.id().replace("WS", "ws") + "\n"))
                .get()
                .extracting(Explain.Page::title)
                .isEqualTo(title);
    }

    @ParameterizedTest
    @EnumSource
    void aFindingIsExplainedAsItWasPrinted(Problem problem) {
        Finding finding = new Finding(problem, "/srv/shop.db", "database disk image is malformed (11)", "look", "ls");

        assertThat(Explain.of(finding.toString()))
                .get()
                .extracting(Explain.Page::title)
                .asString()
                .startsWith(problem.id());
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

    @Test
    void everyFamilyIsInTheTableThatOpensTheDocument() {
        for (Problem problem : Problem.values()) {
            assertThat(PAGES.front()).contains("| " + problem.id().substring(0, 3) + "xx |");
        }
    }
}
