package walsafe.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walsafe.facts.Answer;
import walsafe.facts.Answers;
import walsafe.facts.Evidence;
import walsafe.facts.Facts;
import walsafe.facts.Question;
import walsafe.facts.Reach;

/**
 * Not samples but laws. A plan rests on eight questions with three answers each, asked within one coherence domain or
 * across several: every combination of answers is tried with every reach and every claim.
 */
final class PolicyLaws {
    private static final List<Map<Question, Answer>> EVERY_ANSWER = everyAnswer();

    /**
     * It is enough to compare neighbours: facts that are worse in one answer by one step. Boldness that never rises in a
     * step never rises along a chain of them. Answers are numbered in base three, a digit a question, so that one step
     * worse is one digit less.
     */
    @ParameterizedTest
    @EnumSource(Sharing.class)
    void worseAnswersNeverGiveABolderPlan(Sharing sharing) {
        Intent intent = Intent.DEFAULT.with(sharing);
        for (Reach reach : Reach.values()) {
            int[] boldness = EVERY_ANSWER.stream()
                    .mapToInt(answers -> boldness(Policy.decide(facts(answers, reach), intent)))
                    .toArray();
            for (int better = 0; better < boldness.length; better++) {
                for (int digit = 1; digit < boldness.length; digit *= 3) {
                    if (better / digit % 3 == 0) continue;
                    assertThat(boldness[better - digit])
                            .as(
                                    "%s is worse than %s, for %s with %s",
                                    EVERY_ANSWER.get(better - digit), EVERY_ANSWER.get(better), sharing, reach)
                            .isLessThanOrEqualTo(boldness[better]);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Sharing.class)
    void moreReachNeverGivesABolderPlan(Sharing sharing) {
        Intent intent = Intent.DEFAULT.with(sharing);
        for (Map<Question, Answer> answers : EVERY_ANSWER) {
            int last = Integer.MAX_VALUE;
            for (Reach reach : Reach.values()) {
                int boldness = boldness(Policy.decide(facts(answers, reach), intent));
                assertThat(boldness)
                        .as("%s with %s for %s", answers, reach, sharing)
                        .isLessThanOrEqualTo(last);
                last = boldness;
            }
        }
    }

    @Test
    void undeclaredIsNeverBolderThanAClaimOfOneHost() {
        for (Reach reach : Reach.values()) {
            for (Map<Question, Answer> answers : EVERY_ANSWER) {
                Facts facts = facts(answers, reach);
                int undeclared = boldness(Policy.decide(facts, Intent.DEFAULT));
                assertThat(undeclared)
                        .isLessThanOrEqualTo(boldness(Policy.decide(facts, Intent.DEFAULT.with(Sharing.ONE_HOST))));
            }
        }
    }

    @Test
    void theOrderOfTheRulesDoesNotMatter() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            Facts facts = randomPlace(random).facts();
            Intent intent = Intent.DEFAULT.with(any(random, Sharing.values()));
            List<Policy.Rule> shuffled = new ArrayList<>(Policy.RULES);
            Collections.shuffle(shuffled, random);

            Plan plan = Policy.decide(facts, intent, shuffled);

            assertThat(boldness(plan))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(boldness(Policy.decide(facts, intent)));
            assertThat(plan.reasons())
                    .containsExactlyInAnyOrderElementsOf(
                            Policy.decide(facts, intent).reasons());
        }
    }

    @Test
    void equalFactsGiveEqualPlansAndDiagnoses() {
        for (long seed = 0; seed < 500; seed++) {
            Facts one = randomPlace(new Random(seed)).facts();
            Facts two = randomPlace(new Random(seed)).facts();
            Intent intent = Intent.DEFAULT.with(any(new Random(seed), Sharing.values()));
            assertThat(Policy.decide(one, intent)).as("seed %d", seed).isEqualTo(Policy.decide(two, intent));
            assertThat(Diagnosis.of(one, intent)).isEqualTo(Diagnosis.of(two, intent));
        }
    }

    /** Every extra trouble of the place, each alone and on top of others, leaves the plan as bold or less. */
    @Test
    void noTroubleMakesAPlanBolder() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            long place = random.nextLong();
            Intent intent = Intent.DEFAULT.with(any(random, Sharing.values()));
            int before = boldness(Policy.decide(randomPlace(new Random(place)).facts(), intent));
            for (var trouble : TROUBLES) {
                Place worse = trouble.apply(randomPlace(new Random(place)));
                assertThat(boldness(Policy.decide(worse.facts(), intent)))
                        .as("seed %d, round %d, %s", seed, round, intent)
                        .isLessThanOrEqualTo(before);
            }
        }
    }

    /** What knowledge has convicted within a domain, and all that concerns other hosts, no experiment here can better. */
    @Test
    void anExperimentNeverMakesAPlanBolderWhereKnowledgeHasSpoken() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            Map<Question, Answer> within = EVERY_ANSWER.get(random.nextInt(EVERY_ANSWER.size()));
            Map<Question, Answer> across = EVERY_ANSWER.get(random.nextInt(EVERY_ANSWER.size()));
            Place place = Place.answering(new Answers(within, across), any(random, Reach.values()));
            Intent intent = Intent.DEFAULT.with(any(random, Sharing.values()));
            int before = boldness(Policy.decide(place.facts(), intent));
            for (Question question : Question.values()) {
                boolean silent = new Answers(within, across).within(question).verdict() == Answer.Verdict.UNKNOWN;
                Answer.Verdict shown = any(random, Answer.Verdict.values());
                if (!silent) place.tried(Evidence.Scope.WITHIN, question, shown);
            }
            assertThat(boldness(Policy.decide(place.facts(), intent)))
                    .as("seed %d, round %d, %s", seed, round, intent)
                    .isLessThanOrEqualTo(before);
        }
    }

    @Test
    void anExperimentOnOneHostNeverMakesAPlanForSeveralBolder() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            long where = random.nextLong();
            Intent intent = Intent.DEFAULT.with(Sharing.SEVERAL_HOSTS);
            Place place = randomPlace(new Random(where));
            int before = boldness(Policy.decide(place.facts(), intent));
            for (Question question : Question.values()) {
                // Across includes within, so that a yes within may free a yes across that was there before.
                Answers known = place.facts().storage().answers();
                Answers acrossAlone = new Answers(known.across(), known.across());
                boolean freed = known.within(question).verdict() == Answer.Verdict.UNKNOWN
                        && acrossAlone.across(question).verdict() == Answer.Verdict.YES;
                if (freed) continue;
                place.tried(Evidence.Scope.WITHIN, question, any(random, Answer.Verdict.values()));
            }
            assertThat(boldness(Policy.decide(place.facts(), intent)))
                    .as("seed %d, round %d", seed, round)
                    .isLessThanOrEqualTo(before);
        }
    }

    /** Where knowledge has spoken of other hosts, well or badly, two hosts can only make it worse. */
    @Test
    void twoHostsNeverMakeAPlanBolderWhereKnowledgeHasSpoken() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            long where = random.nextLong();
            Intent intent = Intent.DEFAULT.with(any(random, Sharing.values()));
            Place place = randomPlace(new Random(where));
            int before = boldness(Policy.decide(place.facts(), intent));
            Answers known = place.facts().storage().answers();
            for (Question question : Question.values()) {
                Answer across = known.across().getOrDefault(question, Answer.UNKNOWN);
                boolean silent = across.verdict() == Answer.Verdict.UNKNOWN;
                if (!silent) place.tried(Evidence.Scope.ACROSS, question, any(random, Answer.Verdict.values()));
            }
            assertThat(boldness(Policy.decide(place.facts(), intent)))
                    .as("seed %d, round %d, %s", seed, round, intent)
                    .isLessThanOrEqualTo(before);
        }
    }

    /** Of one question that knowledge answers with no across hosts, whatever two hosts show of all of them. */
    @Test
    void twoHostsNeverAcquitWhatKnowledgeHasConvicted() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            Place place = randomPlace(new Random(random.nextLong()));
            Answers known = place.facts().storage().answers();
            for (Question question : Question.values()) {
                place.tried(Evidence.Scope.ACROSS, question, Answer.Verdict.YES);
                place.tried(Evidence.Scope.WITHIN, question, Answer.Verdict.YES);
            }
            for (Question question : Question.values()) {
                if (known.across(question).verdict() != Answer.Verdict.NO) continue;
                assertThat(place.facts().answers().across(question).verdict())
                        .as("seed %d, round %d, %s", seed, round, question)
                        .isEqualTo(Answer.Verdict.NO);
            }
        }
    }

    @Test
    void whatTwoHostsShowChangesNothingForOneHost() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            long where = random.nextLong();
            for (Sharing sharing : List.of(Sharing.THIS_PROCESS, Sharing.ONE_HOST)) {
                Intent intent = Intent.DEFAULT.with(sharing);
                Place place = randomPlace(new Random(where));
                for (Question question : Question.values()) {
                    place.tried(Evidence.Scope.ACROSS, question, any(random, Answer.Verdict.values()));
                }
                assertThat(boldness(Policy.decide(place.facts(), intent)))
                        .as("seed %d, round %d, %s", seed, round, sharing)
                        .isEqualTo(boldness(
                                Policy.decide(randomPlace(new Random(where)).facts(), intent)));
            }
        }
    }

    @Test
    void meetingIsAdvisedOnlyWhereItCouldHelp() {
        Answers silent = Place.everyAnswer(Answer.Verdict.YES, Answer.Verdict.UNKNOWN);
        Answers convicted = Place.everyAnswer(Answer.Verdict.YES, Answer.Verdict.NO);

        assertThat(advised(Place.answering(silent, Reach.OTHER_KERNELS), Sharing.UNDECLARED))
                .isTrue();
        assertThat(advised(Place.answering(silent, Reach.THIS_SUPERBLOCK), Sharing.SEVERAL_HOSTS))
                .isTrue();
        assertThat(advised(Place.answering(silent, Reach.THIS_SUPERBLOCK), Sharing.UNDECLARED))
                .isFalse();
        assertThat(advised(Place.answering(silent, Reach.OTHER_KERNELS), Sharing.ONE_HOST))
                .isFalse();
        assertThat(advised(Place.answering(convicted, Reach.OTHER_KERNELS), Sharing.UNDECLARED))
                .isFalse();
        Place met = Place.answering(silent, Reach.OTHER_KERNELS)
                .tried(Evidence.Scope.ACROSS, Question.LOCKS_EXCLUDE, Answer.Verdict.UNKNOWN);
        assertThat(advised(met, Sharing.UNDECLARED)).isFalse();
        assertThat(advised(Place.on("nfs4", "server:/x", "/mnt"), Sharing.UNDECLARED))
                .isTrue();
        for (String hopeless : List.of("virtiofs", "9p", "fakeowner", "hostfs")) {
            assertThat(advised(Place.on(hopeless, "x", "/mnt"), Sharing.SEVERAL_HOSTS))
                    .as(hopeless)
                    .isFalse();
        }
    }

    /** Measured: a client of NFS did not see the journal of a process that had been killed on another host, but with noac. */
    @Test
    void whereNfsRemembersNamesTheRemedyIsNamed() {
        Place nfs = Place.on("nfs4", "server:/x", "/mnt")
                .tried(Evidence.Scope.ACROSS, Question.NAMES_ARE_FRESH, Answer.Verdict.NO);

        Plan plan = Policy.decide(nfs.facts(), Intent.DEFAULT);

        assertThat(plan)
                .isInstanceOfSatisfying(
                        Plan.Refuse.class,
                        refuse -> assertThat(refuse.finding().remedy().advice()).contains("noac"));
    }

    /** Seen between two kernels on default SMB: a file that the other had made longer was as short as before. */
    @Test
    void dotFilesDoNotMakeUpForStaleReads() {
        Place smb = Place.on("cifs", "//server/x", "/mnt");
        assertThat(Policy.decide(smb.facts(), Intent.DEFAULT))
                .isInstanceOfSatisfying(
                        Plan.Open.class, open -> assertThat(open.mode()).isEqualTo(Mode.ROLLBACK_DOTFILE));

        smb.tried(Evidence.Scope.ACROSS, Question.READS_ARE_FRESH, Answer.Verdict.NO);

        assertThat(Policy.decide(smb.facts(), Intent.DEFAULT)).isInstanceOf(Plan.Refuse.class);
    }

    private static boolean advised(Place place, Sharing sharing) {
        return Diagnosis.of(place.facts(), Intent.DEFAULT.with(sharing)).findings().stream()
                .anyMatch(finding -> finding.problem() == walsafe.finding.Problem.HOSTS_UNTRIED);
    }

    @Test
    void worseEvidenceNeverGivesABolderPlan() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            long where = random.nextLong();
            Intent intent = Intent.DEFAULT.with(any(random, Sharing.values()));
            Question question = any(random, Question.values());
            Evidence.Scope scope = any(random, Evidence.Scope.values());
            int last = -1;
            for (Answer.Verdict verdict : Answer.Verdict.values()) {
                Place place = randomPlace(new Random(where)).tried(scope, question, verdict);
                int boldness = boldness(Policy.decide(place.facts(), intent));
                assertThat(boldness)
                        .as("seed %d, round %d, %s %s", seed, round, question, verdict)
                        .isGreaterThanOrEqualTo(last);
                last = boldness;
            }
        }
    }

    @Test
    void tryingIsWorthItOnlyIfAYesBettersThePlan() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        int worth = 0;
        for (int round = 0; round < 5_000; round++) {
            long where = random.nextLong();
            Intent intent =
                    Intent.DEFAULT.with(any(random, Sharing.values())).with(any(random, Intent.Probing.values()));
            Facts facts = randomPlace(new Random(where)).facts();
            Place hoped = randomPlace(new Random(where));
            for (Question question : intent.probing().answerable()) {
                hoped.tried(Evidence.Scope.WITHIN, question, Answer.Verdict.YES);
            }
            boolean better = better(Policy.decide(hoped.facts(), intent), Policy.decide(facts, intent));
            boolean readOnly =
                    facts.storage().mount().stream().anyMatch(m -> m.mountReadOnly() || m.superblockReadOnly());

            assertThat(Policy.worthTrying(facts, intent))
                    .as("seed %d, round %d, %s", seed, round, intent)
                    .isEqualTo(better && !readOnly);
            if (better && !readOnly) worth++;
            assertThat(Policy.worthTrying(hoped.facts(), intent) && intent.probing() != Intent.Probing.NONE)
                    .as("what was tried is not tried again")
                    .isFalse();
        }
        assertThat(worth).isGreaterThan(10);
    }

    @Test
    void nothingIsTriedThatTheIntentForbidsNorWhereKnowledgeSuffices() {
        Intent none = Intent.DEFAULT.with(Sharing.ONE_HOST).with(Intent.Probing.NONE);
        Facts unknown = Place.answering(
                        Place.everyAnswer(Answer.Verdict.UNKNOWN, Answer.Verdict.UNKNOWN), Reach.THIS_KERNEL)
                .facts();

        assertThat(Policy.worthTrying(unknown, none)).isFalse();
        assertThat(Policy.worthTrying(unknown, none.with(Intent.Probing.GLANCE)))
                .isTrue();
        assertThat(Policy.worthTrying(Place.ordinary().facts(), Intent.DEFAULT)).isFalse();
        for (String shared : List.of("nfs4", "cifs", "virtiofs", "9p", "fakeowner")) {
            Facts facts = Place.on(shared, "server:/x", "/mnt").facts();
            assertThat(Policy.worthTrying(facts, Intent.DEFAULT)).as(shared).isFalse();
        }
    }

    /** An experiment is no proof: what rests on one alone is "safe only if", with exit code 5. */
    @Test
    void nothingIsCalledSafeBecauseAnExperimentWentWell() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        int differing = 0;
        for (int round = 0; round < 3_000; round++) {
            long where = random.nextLong();
            Intent intent = Intent.DEFAULT.with(any(random, Sharing.values()));
            Place tried = randomPlace(new Random(where));
            for (Question question : Question.values()) {
                tried.tried(any(random, Evidence.Scope.values()), question, Answer.Verdict.YES);
            }
            Diagnosis before = Diagnosis.of(randomPlace(new Random(where)).facts(), intent);
            Diagnosis after = Diagnosis.of(tried.facts(), intent);
            if (!before.plan().equals(after.plan())) differing++;
            if (after.verdict() != Verdict.SAFE) continue;
            assertThat(before.verdict())
                    .as("seed %d, round %d, %s", seed, round, intent)
                    .isEqualTo(Verdict.SAFE);
        }
        assertThat(differing).isGreaterThan(10);
    }

    private static boolean better(Plan hoped, Plan now) {
        if (!(hoped instanceof Plan.Open best) || best.mode() == Mode.READ_ONLY) return false;
        return !(now instanceof Plan.Open open)
                || open.mode() != best.mode()
                || open.conditions().size() > best.conditions().size();
    }

    @Test
    void safeMeansThatNothingIsUnprovedAndNothingIsDangerous() {
        for (long seed = 0; seed < 5_000; seed++) {
            var random = new Random(seed);
            Diagnosis diagnosis =
                    Diagnosis.of(randomPlace(random).facts(), Intent.DEFAULT.with(any(random, Sharing.values())));
            if (diagnosis.verdict() != Verdict.SAFE) continue;
            assertThat(diagnosis.plan()).as("seed %d", seed).containsInstanceOf(Plan.Open.class);
            assertThat(((Plan.Open) diagnosis.plan().orElseThrow()).conditions())
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(diagnosis.findings())
                    .as("seed %d", seed)
                    .noneMatch(f -> f.weight() == walsafe.finding.Weight.DANGER);
        }
    }

    @Test
    void whateverCannotBeToldIsNeverCalledUnsafeNorSafe() {
        Answers unknown = Place.everyAnswer(Answer.Verdict.UNKNOWN, Answer.Verdict.UNKNOWN);
        for (Reach reach : Reach.values()) {
            for (Sharing sharing : List.of(Sharing.ONE_HOST, Sharing.SEVERAL_HOSTS, Sharing.UNDECLARED)) {
                Facts facts = Place.answering(unknown, reach).facts();
                assertThat(Diagnosis.of(facts, Intent.DEFAULT.with(sharing)).verdict())
                        .isEqualTo(walsafe.policy.Verdict.COULD_NOT_TELL);
            }
        }
    }

    private static final List<java.util.function.UnaryOperator<Place>> TROUBLES = List.of(
            place -> place.view("/mnt/other", "mirrored there"),
            place -> place.splitOff(),
            place -> place.hotJournal(),
            place -> place.wal(10, Optional.of(true), "its pages fit"),
            place -> place.sqlite(45, 1),
            place -> place.hardLinks(2));

    private static Place randomPlace(Random random) {
        Map<Question, Answer> within = EVERY_ANSWER.get(random.nextInt(EVERY_ANSWER.size()));
        Map<Question, Answer> across = EVERY_ANSWER.get(random.nextInt(EVERY_ANSWER.size()));
        Place place = Place.answering(new Answers(within, across), any(random, Reach.values()));
        if (random.nextInt(4) == 0) place.superOptions("ro");
        if (random.nextInt(4) == 0) place.options("ro");
        if (random.nextBoolean()) place.walMode();
        for (var trouble : TROUBLES) {
            if (random.nextInt(6) == 0) place = trouble.apply(place);
        }
        return place;
    }

    private static <T> T any(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static Facts facts(Map<Question, Answer> answers, Reach reach) {
        return Place.answering(new Answers(answers, answers), reach).facts();
    }

    private static int boldness(Plan plan) {
        return plan instanceof Plan.Open open ? List.of(Mode.values()).indexOf(open.mode()) : -1;
    }

    private static List<Map<Question, Answer>> everyAnswer() {
        List<Map<Question, Answer>> all = new ArrayList<>(List.of(Map.of()));
        for (Question question : Question.values()) {
            List<Map<Question, Answer>> longer = new ArrayList<>();
            for (Answer.Verdict verdict : Answer.Verdict.values()) {
                for (Map<Question, Answer> answers : all) longer.add(with(answers, question, verdict));
            }
            all = longer;
        }
        return List.copyOf(all);
    }

    private static Map<Question, Answer> with(
            Map<Question, Answer> answers, Question question, Answer.Verdict verdict) {
        Map<Question, Answer> copy = new EnumMap<>(Question.class);
        copy.putAll(answers);
        copy.put(question, new Answer(verdict, "invented", "test"));
        return copy;
    }
}
