package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static walsafe.facts.Answer.Verdict.NO;
import static walsafe.facts.Answer.Verdict.UNKNOWN;
import static walsafe.facts.Answer.Verdict.YES;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What must hold for every filesystem in the tables and every mount option in them. */
class KnowledgeLaws {
    private static final Set<StorageClass> FAR = EnumSet.of(
            StorageClass.NETWORK,
            StorageClass.FUSE_NETWORK,
            StorageClass.VM_SHARED,
            StorageClass.CLUSTER,
            StorageClass.OBJECT_STORE);

    @Test
    void acrossIsNeverBetterThanWithin() {
        for (Case one : everyFilesystemWithEveryOption()) {
            Answers answers = one.answers();
            for (Question question : Question.values()) {
                assertThat(answers.across(question).verdict())
                        .as("%s across: %s", one, question)
                        .isLessThanOrEqualTo(answers.within(question).verdict());
            }
        }
    }

    @Test
    void noFarFilesystemSharesMemoryAcrossHosts() {
        for (Case one : everyFilesystemWithEveryOption()) {
            if (!FAR.contains(one.filesystem.kind())) continue;

            assertThat(one.answers().across(Question.MEMORY_IS_SHARED).verdict())
                    .as("%s", one)
                    .isEqualTo(NO);
            assertThat(one.answers().across(Question.ONE_PAGE_CACHE).verdict())
                    .as("%s", one)
                    .isEqualTo(NO);
        }
    }

    @Test
    void optionsChangeNothingWhereNoRowNamesThem() {
        for (KnownFilesystem filesystem : filesystems()) {
            Set<String> named = options(filesystem);
            String[] others = options().stream()
                    .filter(option -> named.stream().noneMatch(pattern -> matches(pattern, option)))
                    .toArray(String[]::new);

            assertThat(about(filesystem, mount(filesystem, others)))
                    .as("%s with %s", filesystem.name(), List.of(others))
                    .isEqualTo(about(filesystem, mount(filesystem, "rw")));
        }
    }

    /** Two options at once are judged as the worse of the two, question by question. */
    @Test
    void ofTwoOptionsTheMoreCarefulStands() {
        for (KnownFilesystem filesystem : filesystems()) {
            List<KnownAnswer> rows = optionRows(filesystem);
            for (KnownAnswer first : rows) {
                for (KnownAnswer second : rows) {
                    if (first.question() != second.question() || first.within() != second.within()) continue;
                    Mount both = mount(filesystem, example(first), example(second));

                    Answer answer = scope(about(filesystem, both), first);

                    assertThat(answer.verdict())
                            .as("%s with %s", filesystem.name(), both.superOptions())
                            .isLessThanOrEqualTo(
                                    first.answer().and(second.answer()).verdict());
                }
            }
        }
    }

    /** An answer of its own is not undone by an option row that the filesystem it is like happens to have. */
    @Test
    void aBorrowedOptionRowIsNeverBolderThanAnAnswerOfOnesOwn() {
        for (KnownFilesystem filesystem : filesystems()) {
            if (filesystem.like().isEmpty()) continue;
            List<KnownAnswer> own = KnownAnswer.about(filesystem.system(), filesystem.name());
            for (KnownAnswer borrowed : KnownAnswer.about(filesystem.system(), filesystem.like())) {
                if (borrowed.isDefault()) continue;
                own.stream()
                        .filter(answer -> answer.isDefault()
                                && answer.question() == borrowed.question()
                                && answer.within() == borrowed.within())
                        .forEach(answer -> assertThat(borrowed.answer().verdict())
                                .as(
                                        "%s like %s: %s %s",
                                        filesystem.name(), filesystem.like(), borrowed.options(), borrowed.question())
                                .isLessThanOrEqualTo(answer.answer().verdict()));
            }
        }
    }

    @Test
    void everyFilesystemAnswersEveryQuestionInEveryScopeThatConcernsIt() {
        for (KnownFilesystem filesystem : filesystems()) {
            Answers answers = new Case(filesystem, "rw").answers();

            assertThat(answers.within()).as("%s within", filesystem.name()).containsOnlyKeys(Question.values());
            if (filesystem.reach() == Reach.THIS_SUPERBLOCK) continue;
            assertThat(answers.across()).as("%s across", filesystem.name()).containsOnlyKeys(Question.values());
        }
    }

    @Test
    void whatNobodyCouldNameHasNoYesAcross() {
        for (Case one : everyFilesystemWithEveryOption()) {
            if (one.filesystem.reach() != Reach.UNKNOWN) continue;

            assertThat(one.answers().across().values())
                    .as("%s", one)
                    .allSatisfy(answer -> assertThat(answer.verdict()).isLessThanOrEqualTo(UNKNOWN));
        }
    }

    @Test
    void theTablesHaveEveryVerdictInEveryScope() {
        assertThat(KnowledgeTable.ANSWERS.all())
                .extracting(cells -> cells[3] + " " + cells[5])
                .contains("within " + YES, "within " + NO, "within " + UNKNOWN, "across " + YES, "across " + NO);
    }

    private static List<Case> everyFilesystemWithEveryOption() {
        List<Case> cases = new ArrayList<>();
        for (KnownFilesystem filesystem : filesystems()) {
            cases.add(new Case(filesystem, "rw"));
            options(filesystem).forEach(option -> cases.add(new Case(filesystem, option.replace("*", "=x"))));
        }
        return cases;
    }

    private record Case(KnownFilesystem filesystem, String option) {
        Answers answers() {
            return about(filesystem, mount(filesystem, option));
        }

        @Override
        public String toString() {
            return filesystem.name() + " on " + filesystem.system() + " with " + option;
        }
    }

    private static List<KnownFilesystem> filesystems() {
        return KnowledgeTable.FILESYSTEMS.all().stream()
                .map(KnownFilesystem::of)
                .toList();
    }

    private static Answers about(KnownFilesystem filesystem, Mount mount) {
        return Knowledge.about(os(filesystem.system()), mount).answers();
    }

    private static Mount mount(KnownFilesystem filesystem, String... options) {
        String source = switch (filesystem.name()) {
            case "UNC" -> "\\\\server\\share";
            case "wsl.localhost" -> "\\\\wsl$\\Debian";
            default -> "somewhere";
        };
        return new Mount(1, "0:1", "/", "/", filesystem.name(), source, List.of("rw"), List.of(options));
    }

    private static String os(String system) {
        return switch (system) {
            case "linux" -> "Linux";
            case "macos" -> "Mac OS X";
            default -> "Windows 11";
        };
    }

    private static Answer scope(Answers answers, KnownAnswer row) {
        return row.within() ? answers.within(row.question()) : answers.across(row.question());
    }

    private static List<KnownAnswer> optionRows(KnownFilesystem filesystem) {
        return rows(filesystem).filter(row -> !row.isDefault()).toList();
    }

    private static Stream<KnownAnswer> rows(KnownFilesystem filesystem) {
        return Stream.of(filesystem.name(), filesystem.like())
                .flatMap(name -> KnownAnswer.about(filesystem.system(), name).stream());
    }

    private static String example(KnownAnswer row) {
        return row.options().get(0).replace("*", "=x");
    }

    private static boolean matches(String pattern, String option) {
        return pattern.endsWith("*")
                ? option.startsWith(pattern.substring(0, pattern.length() - 1))
                : option.equals(pattern);
    }

    private static Set<String> options() {
        Set<String> all = new TreeSet<>();
        KnowledgeTable.ANSWERS
                .all()
                .forEach(cells -> all.addAll(KnownAnswer.of(cells).options()));
        return all;
    }

    private static Set<String> options(KnownFilesystem filesystem) {
        Set<String> all = new TreeSet<>();
        rows(filesystem).forEach(row -> all.addAll(row.options()));
        return all;
    }
}
