package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static walsafe.facts.Answer.Verdict.NO;
import static walsafe.facts.Answer.Verdict.UNKNOWN;
import static walsafe.facts.Answer.Verdict.YES;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Evidence.Scope;

/** Two voices on one question: every combination of what knowledge says and up to two experiments have shown. */
final class EvidenceLaws {
    private static final Question QUESTION = Question.LOCKS_EXCLUDE;

    @Test
    void anExperimentConvicts() {
        for (Verdict known : Verdict.values()) assertThat(heard(known, NO)).isEqualTo(NO);
    }

    @Test
    void anExperimentNeverAcquits() {
        for (Verdict one : Verdict.values()) {
            for (Verdict two : Verdict.values()) assertThat(heard(NO, one, two)).isEqualTo(NO);
        }
    }

    @Test
    void anExperimentSpeaksWhereKnowledgeIsSilent() {
        assertThat(heard(UNKNOWN, YES)).isEqualTo(YES);
        assertThat(heard(UNKNOWN, YES, YES)).isEqualTo(YES);
    }

    @Test
    void anExperimentThatCouldNotTellSaysNothing() {
        for (Verdict known : Verdict.values()) assertThat(heard(known, UNKNOWN)).isEqualTo(known);
    }

    @Test
    void ofSeveralExperimentsTheMostCarefulCounts() {
        assertThat(heard(UNKNOWN, YES, UNKNOWN)).isEqualTo(UNKNOWN);
        assertThat(heard(UNKNOWN, YES, NO)).isEqualTo(NO);
        assertThat(heard(YES, YES, UNKNOWN)).isEqualTo(YES);
    }

    @Test
    void oneHostNeverSpeaksForSeveral() {
        Answers unknown = Answers.NONE.with(List.of(evidence(Scope.WITHIN, YES)));

        assertThat(unknown.within(QUESTION).verdict()).isEqualTo(YES);
        assertThat(unknown.across(QUESTION).verdict()).isEqualTo(UNKNOWN);
        assertThat(answers(YES, YES)
                        .with(List.of(evidence(Scope.WITHIN, NO)))
                        .across(QUESTION)
                        .verdict())
                .as("what fails on one host fails on several")
                .isEqualTo(NO);
        assertThat(answers(UNKNOWN, NO)
                        .with(List.of(evidence(Scope.WITHIN, YES)))
                        .across(QUESTION)
                        .verdict())
                .isEqualTo(NO);
    }

    @Test
    void severalHostsSpeakForSeveral() {
        assertThat(answers(YES, UNKNOWN)
                        .with(List.of(evidence(Scope.ACROSS, YES)))
                        .across(QUESTION)
                        .verdict())
                .isEqualTo(YES);
        assertThat(answers(YES, NO)
                        .with(List.of(evidence(Scope.ACROSS, YES)))
                        .across(QUESTION)
                        .verdict())
                .isEqualTo(NO);
    }

    @Test
    void theOrderOfTheEvidenceDoesNotMatter() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            List<Evidence> evidence = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                evidence.add(evidence(any(random, Scope.values()), any(random, Verdict.values())));
            }
            Answers known = answers(any(random, Verdict.values()), any(random, Verdict.values()));
            Answers before = known.with(evidence);
            Collections.shuffle(evidence, random);
            Answers after = known.with(evidence);

            assertThat(after.within(QUESTION).verdict())
                    .as("seed %d", seed)
                    .isEqualTo(before.within(QUESTION).verdict());
            assertThat(after.across(QUESTION).verdict())
                    .as("seed %d", seed)
                    .isEqualTo(before.across(QUESTION).verdict());
        }
    }

    @Test
    void whoeverDecidedIsQuoted() {
        assertThat(answers(YES, YES)
                        .with(List.of(evidence(Scope.WITHIN, NO)))
                        .within(QUESTION)
                        .source())
                .isEqualTo("probe");
        assertThat(answers(NO, NO)
                        .with(List.of(evidence(Scope.WITHIN, NO)))
                        .within(QUESTION)
                        .source())
                .isEqualTo("table");
    }

    private static <T> T any(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static Verdict heard(Verdict known, Verdict... shown) {
        List<Evidence> evidence = new ArrayList<>();
        for (Verdict each : shown) evidence.add(evidence(Scope.WITHIN, each));
        return answers(known, known).with(evidence).within(QUESTION).verdict();
    }

    private static Answers answers(Verdict within, Verdict across) {
        return new Answers(
                Map.of(QUESTION, new Answer(within, "known", "table")),
                Map.of(QUESTION, new Answer(across, "known", "table")));
    }

    private static Evidence evidence(Scope scope, Verdict verdict) {
        return new Evidence(QUESTION, scope, "tried", new Answer(verdict, "seen", "probe"));
    }
}
