package walsafe.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import walsafe.facts.DatabaseFacts.Content;
import walsafe.finding.Finding;
import walsafe.finding.Problem;

/**
 * A healthy database at work was called damaged where the program at work was not seen: because it had ended before the
 * processes were looked at, as each run of a script does, or belongs to another user. About one cold look in twenty at a
 * database that short-lived programs write was wrong. All tests had a program that stayed.
 */
class LiveDatabaseTest {
    @Test
    void aFileShorterThanItsHeaderSaysIsDamaged_onlyIfItIsAtRest() {
        assertThat(problems(Place.ordinary().cutOff())).contains(Problem.SIZE_DISAGREES);
        assertThat(problems(Place.ordinary().cutOff().changing())).doesNotContain(Problem.SIZE_DISAGREES);
    }

    @Test
    void aJournalIsLeftOver_onlyIfNobodyIsAtWork() {
        assertThat(problems(Place.ordinary().hotJournal())).contains(Problem.JOURNAL_HOT);
        assertThat(problems(Place.ordinary().hotJournal().changing())).doesNotContain(Problem.JOURNAL_HOT);
    }

    /** A dump that is loaded into a new file in one transaction writes its first page last. */
    @Test
    void zerosAreNoDatabase_butForAFirstTransactionUnderWay() {
        assertThat(problems(Place.ordinary().holding(Content.ZEROS))).contains(Problem.NOT_A_DATABASE);
        assertThat(problems(Place.ordinary().holding(Content.ZEROS).changing())).doesNotContain(Problem.NOT_A_DATABASE);
        assertThat(problems(Place.ordinary().holding(Content.ZEROS).hotJournal()))
                .contains(Problem.JOURNAL_HOT)
                .doesNotContain(Problem.NOT_A_DATABASE);
    }

    private static List<Problem> problems(Place place) {
        return Diagnosis.of(place.facts(), Intent.DEFAULT).findings().stream()
                .map(Finding::problem)
                .toList();
    }
}
