package walsafe.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walsafe.facts.Answer;
import walsafe.facts.Answers;
import walsafe.facts.Evidence;
import walsafe.facts.Facts;
import walsafe.facts.Question;
import walsafe.facts.Reach;
import walsafe.facts.Sign;
import walsafe.facts.Sign.Life;
import walsafe.facts.Sign.Origin;
import walsafe.finding.Finding;
import walsafe.finding.Problem;

/** What a sign of another process forbids, and that it never allows anything. */
final class SignsInPolicyTest {
    private static final List<Mode> BOLDNESS = List.of(Mode.values());

    @ParameterizedTest
    @EnumSource(Origin.class)
    void noSignEverAllowsAMode(Origin origin) {
        for (Life life : Life.values()) {
            for (Reach reach : Reach.values()) {
                for (Sharing sharing : Sharing.values()) {
                    for (Answer.Verdict across : Answer.Verdict.values()) {
                        Facts without = Place.answering(Place.everyAnswer(Answer.Verdict.YES, across), reach)
                                .facts();
                        Facts with = without.seeing(List.of(sign(origin, life)));
                        Intent intent = Intent.DEFAULT.with(sharing);

                        assertThat(boldness(with, intent)).isLessThanOrEqualTo(boldness(without, intent));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Origin.class)
    void whoIsForeignAndMayLiveForbidsWal(Origin origin) {
        Set<Origin> foreign = EnumSet.of(Origin.OTHER_KERNEL, Origin.OTHER_SUPERBLOCK);
        for (Life life : Life.values()) {
            Facts facts = Place.ordinary().facts().seeing(List.of(sign(origin, life)));
            boolean forbidden = foreign.contains(origin) && (life == Life.LIVES || life == Life.UNTOLD);

            assertThat(Policy.decide(facts, Intent.DEFAULT) instanceof Plan.Open)
                    .as("%s %s", origin, life)
                    .isEqualTo(!forbidden);
        }
    }

    /** The claim is the caller's; the sign is evidence. */
    @Test
    void whereLocksWorkForAllARollbackJournalIsLeftWhateverWasClaimed() {
        Facts nfs = Place.answering(Place.everyAnswer(Answer.Verdict.YES, Answer.Verdict.YES), Reach.OTHER_KERNELS)
                .facts();
        Intent alone = Intent.DEFAULT.with(Sharing.THIS_PROCESS);
        assertThat(boldness(nfs, alone)).isEqualTo(BOLDNESS.indexOf(Mode.WAL_ALONE));

        Facts met = nfs.seeing(List.of(sign(Origin.OTHER_KERNEL, Life.LIVES)));

        assertThat(boldness(met, alone)).isEqualTo(BOLDNESS.indexOf(Mode.ROLLBACK));
    }

    /** The claim of one host hides from every other rule what an experiment between hosts has shown. */
    @ParameterizedTest
    @EnumSource(
            value = Question.class,
            names = {"LOCKS_EXCLUDE", "LOCKS_UPGRADE", "READS_ARE_FRESH", "LOCKS_DIE_WITH_OWNER", "NAMES_ARE_FRESH"})
    void whatAnExperimentConvictedBetweenHostsLeavesNoRollbackJournalBesideASign(Question question) {
        for (Sharing sharing : Sharing.values()) {
            Facts met = Place.answering(Place.everyAnswer(Answer.Verdict.YES, Answer.Verdict.YES), Reach.OTHER_KERNELS)
                    .tried(Evidence.Scope.ACROSS, question, Answer.Verdict.NO)
                    .facts()
                    .seeing(List.of(sign(Origin.OTHER_KERNEL, Life.LIVES)));

            assertThat(boldness(met, Intent.DEFAULT.with(sharing)))
                    .as("%s", sharing)
                    .isLessThan(BOLDNESS.indexOf(Mode.ROLLBACK));
        }
    }

    /** What two hosts have proved where knowledge is silent counts beside a sign as it does without one; one host proves nothing. */
    @ParameterizedTest
    @EnumSource(Evidence.Scope.class)
    void onlyAProofBetweenHostsLeavesARollbackJournalWhereKnowledgeIsSilent(Evidence.Scope scope) {
        Place place =
                Place.answering(Place.everyAnswer(Answer.Verdict.YES, Answer.Verdict.UNKNOWN), Reach.OTHER_KERNELS);
        for (Question question : Question.values()) place = place.tried(scope, question, Answer.Verdict.YES);
        Facts met = place.facts().seeing(List.of(sign(Origin.OTHER_KERNEL, Life.LIVES)));

        boolean proved = scope == Evidence.Scope.ACROSS;
        assertThat(boldness(met, Intent.DEFAULT.with(Sharing.ONE_HOST)) == BOLDNESS.indexOf(Mode.ROLLBACK))
                .isEqualTo(proved);
    }

    @Test
    void whatOneLookCouldNotTellIsNotCalledKnown() {
        Diagnosis lives = diagnosis(Life.LIVES, Intent.DEFAULT);
        Diagnosis untold = diagnosis(Life.UNTOLD, Intent.DEFAULT);

        assertThat(lives.verdict()).isEqualTo(Verdict.UNSAFE);
        assertThat(untold.verdict()).isEqualTo(Verdict.COULD_NOT_TELL);
        assertThat(problems(lives)).contains(Problem.OTHERS_PRESENT);
        assertThat(problems(untold)).contains(Problem.OTHERS_PRESENT);
    }

    @Test
    void aSuspectIsToldAndForbidsNothing() {
        Diagnosis diagnosis = diagnosis(Life.SUSPECT, Intent.DEFAULT);

        assertThat(diagnosis.verdict()).isEqualTo(Verdict.SAFE);
        assertThat(problems(diagnosis)).contains(Problem.SUSPECT_SIGN);
    }

    /** A caller who says so knows of them. */
    @Test
    void ofSeveralHostsTheSignsAreExpected() {
        assertThat(problems(diagnosis(Life.LIVES, Intent.DEFAULT.with(Sharing.SEVERAL_HOSTS))))
                .filteredOn(Problem.OTHERS_PRESENT::equals)
                .isEmpty();
    }

    private static Diagnosis diagnosis(Life life, Intent intent) {
        return Diagnosis.of(Place.ordinary().facts().seeing(List.of(sign(Origin.OTHER_KERNEL, life))), intent);
    }

    private static List<Problem> problems(Diagnosis diagnosis) {
        return diagnosis.findings().stream().map(Finding::problem).toList();
    }

    private static int boldness(Facts facts, Intent intent) {
        return Policy.decide(facts, intent) instanceof Plan.Open open
                ? List.of(Mode.values()).indexOf(open.mode())
                : -1;
    }

    /** A sign of another host leaves a rollback journal only where nobody has seen that it fails between hosts. */
    @Test
    void aNoOfTwoHostsCountsAlsoWhereASignIsMet() {
        Answers fine = Place.everyAnswer(Answer.Verdict.YES, Answer.Verdict.YES);
        Intent oneHost = Intent.DEFAULT.with(Sharing.ONE_HOST);
        for (Question question : List.of(Question.LOCKS_EXCLUDE, Question.READS_ARE_FRESH, Question.NAMES_ARE_FRESH)) {
            Place place = Place.answering(fine, Reach.OTHER_KERNELS);
            List<Sign> signs = List.of(sign(Origin.OTHER_KERNEL, Life.LIVES));
            assertThat(Policy.decide(place.facts().seeing(signs), oneHost))
                    .isInstanceOfSatisfying(
                            Plan.Open.class, open -> assertThat(open.mode()).isEqualTo(Mode.ROLLBACK));

            place.tried(Evidence.Scope.ACROSS, question, Answer.Verdict.NO);

            assertThat(Policy.decide(place.facts().seeing(signs), oneHost))
                    .as("%s", question)
                    .isInstanceOf(Plan.Refuse.class);
        }
    }

    private static Sign sign(Origin origin, Life life) {
        return new Sign("9c1f00de", "0-44", "4026531836", 812, 55, "0".repeat(32), 3, origin, life);
    }
}
