package walsafe.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Answers;
import walsafe.facts.CoherenceDomain;
import walsafe.facts.Evidence;
import walsafe.facts.Facts;
import walsafe.facts.Host;
import walsafe.facts.Mount;
import walsafe.facts.Question;
import walsafe.facts.Reach;
import walsafe.facts.SqliteVersion;
import walsafe.facts.Storage;
import walsafe.facts.Target;

/** What two hosts have shown each other: how long it holds, where, and what outweighs what. */
final class EncountersTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final Encounters.Other OTHER = new Encounters.Other("their-boot", "nfs4 rw,vers=4.2", "3.54.1");
    private static final Encounters.Other THIRD = new Encounters.Other("third-boot", "nfs4 rw,nolock", "3.54.1");

    @TempDir
    Path folder;

    @Test
    void whatPassedSpeaksForSeveralHostsWhereKnowledgeIsSilent() {
        keep(facts(), OTHER, shown(Verdict.YES));

        Facts told = encounters().remembered(facts(), NOW);

        assertThat(told.answers().across(Question.LOCKS_EXCLUDE).verdict()).isEqualTo(Verdict.UNKNOWN);
        Answers within = told.with(List.of(within(Question.LOCKS_EXCLUDE))).answers();
        assertThat(within.across(Question.LOCKS_EXCLUDE).verdict()).isEqualTo(Verdict.YES);
        assertThat(within.across(Question.LOCKS_EXCLUDE).source())
                .isEqualTo("two hosts lock-conflict, 2026-11-26T12:00:00Z");
        assertThat(told.evidence()).allMatch(each -> each.scope() == Evidence.Scope.ACROSS);
    }

    @Test
    void lessThanAQuestionAsksIsNoYes() {
        keep(facts(), OTHER, shown(Verdict.YES));

        List<Evidence> told = encounters().remembered(facts(), NOW).evidence();

        assertThat(told)
                .filteredOn(each -> each.answer().verdict() == Verdict.YES)
                .extracting(Evidence::question)
                .doesNotContain(Question.LOCKS_DIE_WITH_OWNER, Question.ONE_PAGE_CACHE, Question.SYNC_IS_KEPT);
    }

    @Test
    void itIsForgottenAfterThirtyDaysAndIfItComesFromTheFuture() {
        keep(facts(), OTHER, shown(Verdict.NO));

        assertThat(evidence(facts(), NOW.plus(Duration.ofDays(29)))).isNotEmpty();
        assertThat(evidence(facts(), NOW.plus(Duration.ofDays(30)))).isEmpty();
        assertThat(evidence(facts(), NOW.minus(Duration.ofDays(2)))).isEmpty();
    }

    @Test
    void itIsForgottenWithTheBootTheMountItsOptionsAndSqlite() {
        keep(facts(), OTHER, shown(Verdict.NO));

        assertThat(evidence(facts("/mnt", "another boot", "rw", 54), NOW)).isEmpty();
        assertThat(evidence(facts("/mnt", "boot", "rw,nolock", 54), NOW)).isEmpty();
        assertThat(evidence(facts("/mnt", "boot", "rw", 55), NOW)).isEmpty();
        assertThat(evidence(facts("/mnt", "boot", "rw", 54), NOW)).isNotEmpty();
    }

    @Test
    void aYesHoldsInTheDirectoryThatWasTriedAndBelow() {
        keep(facts("/mnt/tried", "boot", "rw", 54), OTHER, shown(Verdict.YES));

        assertThat(evidence(facts("/mnt/tried/below", "boot", "rw", 54), NOW)).isNotEmpty();
        assertThat(evidence(facts("/mnt", "boot", "rw", 54), NOW)).isEmpty();
        assertThat(evidence(facts("/mnt/tried-too", "boot", "rw", 54), NOW)).isEmpty();
    }

    /** A directory of a local disk may be exported in one way and its neighbour in another; a mount of NFS is one. */
    @Test
    void aNoHoldsOnTheWholeMountUnlessItIsALocalDisk() {
        keep(facts("/mnt/tried", "boot", "rw", 54), OTHER, shown(Verdict.NO));
        assertThat(evidence(facts("/mnt/another", "boot", "rw", 54), NOW)).isNotEmpty();

        Facts local = reached(facts("/mnt/tried", "boot", "rw,local", 54), Reach.THIS_SUPERBLOCK);
        keep(local, OTHER, shown(Verdict.NO));
        assertThat(evidence(local, NOW)).isNotEmpty();
        assertThat(evidence(reached(facts("/mnt/another", "boot", "rw,local", 54), Reach.THIS_SUPERBLOCK), NOW))
                .isEmpty();
    }

    @Test
    void oneHostWithWhichItWentWellDoesNotMakeUpForAnother() {
        keep(facts(), THIRD, shown(Verdict.NO));
        keep(facts(), OTHER, shown(Verdict.YES));

        assertThat(across(Question.LOCKS_EXCLUDE)).isEqualTo(Verdict.NO);
    }

    @Test
    void aNoOutlivesALaterYesOfTheSameTwoInTheSameCircumstances() {
        keep(facts(), OTHER, shown(Verdict.NO));
        keep(facts(), OTHER, shown(Verdict.YES));

        assertThat(across(Question.LOCKS_EXCLUDE)).isEqualTo(Verdict.NO);
    }

    @Test
    void whatTheOtherHasMountedAnewIsTriedAnew() {
        keep(facts(), new Encounters.Other("their-boot", "nfs4 rw,nolock", "3.54.1"), shown(Verdict.NO));
        keep(facts(), OTHER, shown(Verdict.YES));

        assertThat(across(Question.LOCKS_EXCLUDE)).isEqualTo(Verdict.UNKNOWN); // no more NO; within is unknown here
    }

    @Test
    void halfARunIsKeptOnlyForWhatItConvicts() {
        assertThat(encounters().keep(facts(), OTHER, shown(Verdict.YES).subList(0, 5), false, NOW))
                .isFalse();
        assertThat(evidence(facts(), NOW)).isEmpty();

        List<Across.Shown> some = new ArrayList<>(shown(Verdict.YES).subList(0, 5));
        some.add(shown(Verdict.NO).get(6));
        assertThat(encounters().keep(facts(), OTHER, some, false, NOW)).isTrue();
        assertThat(evidence(facts(), NOW))
                .singleElement()
                .matches(each -> each.answer().verdict() == Verdict.NO);
    }

    @Test
    void whatWasNotWrittenSoIsAsGoodAsNone() throws IOException {
        keep(facts(), OTHER, shown(Verdict.UNKNOWN));
        Path file;
        try (Stream<Path> files = Files.walk(place()).filter(Files::isRegularFile)) {
            file = files.findFirst().orElseThrow();
        }
        String text = Files.readString(file);
        assertThat(evidence(facts(), NOW)).isNotEmpty();

        for (String forged : List.of(
                text.replace("\tUNKNOWN\t", "\tYES\t"),
                text.substring(0, text.length() / 2),
                text + "x",
                "",
                text.replace("two hosts 1", "two hosts 2"))) {
            Files.writeString(file, forged);
            assertThat(evidence(facts(), NOW)).as(forged).isEmpty();
        }
    }

    private void keep(Facts facts, Encounters.Other other, List<Across.Shown> shown) {
        assertThat(encounters().keep(facts, other, shown, true, NOW)).isTrue();
    }

    private Verdict across(Question question) {
        return encounters().remembered(facts(), NOW).answers().across(question).verdict();
    }

    private List<Evidence> evidence(Facts facts, Instant now) {
        return encounters().remembered(facts, now).evidence();
    }

    private Path place() {
        return folder.resolve("cache/walsafe/probes");
    }

    private Encounters encounters() {
        return Encounters.in(place());
    }

    private static List<Across.Shown> shown(Verdict verdict) {
        List<Across.Shown> shown = new ArrayList<>();
        for (boolean hereFirst : new boolean[] {true, false}) {
            for (String name : Across.names()) {
                shown.add(Across.shown(name, hereFirst, verdict, "seen by " + name, Optional.empty()));
            }
        }
        return shown;
    }

    private static Evidence within(Question question) {
        return new Evidence(
                question, Evidence.Scope.WITHIN, "tried", new walsafe.facts.Answer(Verdict.YES, "seen", "probe"));
    }

    private static Facts facts() {
        return facts("/mnt", "boot", "rw", 54);
    }

    private static Facts facts(String directory, String boot, String options, int minor) {
        Mount mount =
                new Mount(40, "0:52", "/", "/mnt", "nfs4", "server:/x", List.of("rw"), List.of(options.split(",")));
        Facts known = MemoryTest.facts(mount, Optional.of(boot), false, Optional.of(new SqliteVersion(3, minor, 1)));
        String path = directory + "/shop.db";
        return with(
                known,
                new Target(path, Optional.of(path), Target.State.MISSING, List.of(), List.of()),
                known.storage());
    }

    private static Facts reached(Facts facts, Reach reach) {
        Storage storage = facts.storage();
        return with(
                facts,
                facts.target(),
                new Storage(
                        storage.mount(),
                        storage.found(),
                        storage.kind(),
                        reach,
                        storage.answers(),
                        storage.splitMount(),
                        storage.views(),
                        storage.blockDevice()));
    }

    private static Facts with(Facts facts, Target target, Storage storage) {
        Host host = facts.host();
        Optional<CoherenceDomain> domain = facts.domain();
        return new Facts(
                target,
                storage,
                domain,
                host,
                facts.database(),
                facts.neighbours(),
                facts.sqlite(),
                facts.evidence(),
                facts.unseen());
    }
}
