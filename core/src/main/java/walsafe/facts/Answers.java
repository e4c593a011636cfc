package walsafe.facts;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What is known about a storage, asked twice: among openers that reach the file through one superblock of one kernel,
 * and among openers of which some do not. Most storages that lose data answer the first well and the second badly:
 * from one host everything looks safe.
 *
 * @param within among openers of one coherence domain
 * @param across among openers of several: other kernels, or another mount of the same files
 */
public record Answers(Map<Question, Answer> within, Map<Question, Answer> across) {
    /** Nothing is known: every question is answered with {@link Answer#UNKNOWN}. */
    public static final Answers NONE = new Answers(Map.of(), Map.of());

    public Answers {
        within = inOrder(within);
        across = inOrder(across);
    }

    /** Always in the same order, so that equal facts print alike. */
    private static Map<Question, Answer> inOrder(Map<Question, Answer> answers) {
        Map<Question, Answer> ordered = new EnumMap<>(Question.class);
        ordered.putAll(answers);
        return Collections.unmodifiableMap(ordered);
    }

    /** {@link Answer#UNKNOWN} if nobody has answered it. */
    public Answer within(Question question) {
        return within.getOrDefault(question, Answer.UNKNOWN);
    }

    /** Across includes within: what does not hold for two openers of one domain does not hold for more. */
    public Answer across(Question question) {
        return across.getOrDefault(question, Answer.UNKNOWN).and(within(question));
    }

    /**
     * The same, with what experiments have shown. An experiment convicts, and speaks where knowledge is silent; it never
     * acquits: from one host everything looks safe, and a race that did not happen in two seconds proves nothing.
     *
     * <ol>
     *   <li>What knowledge calls NO stays NO.
     *   <li>What knowledge calls YES becomes NO if an experiment saw the contrary; one that could not tell says nothing.
     *   <li>What knowledge cannot tell is YES only if all experiments on the question in that scope say so.
     * </ol>
     */
    public Answers with(List<Evidence> evidence) {
        if (evidence.isEmpty()) return this;
        return new Answers(
                heard(within, Evidence.Scope.WITHIN, evidence), heard(across, Evidence.Scope.ACROSS, evidence));
    }

    private static Map<Question, Answer> heard(
            Map<Question, Answer> known, Evidence.Scope scope, List<Evidence> evidence) {
        Map<Question, Answer> heard = new EnumMap<>(Question.class);
        heard.putAll(known);
        tried(scope, evidence)
                .forEach((question, seen) -> heard.merge(question, seen, (said, shown) -> judge(said, shown)));
        return heard;
    }

    /** The most careful of the experiments on each question. */
    private static Map<Question, Answer> tried(Evidence.Scope scope, List<Evidence> evidence) {
        Map<Question, Answer> tried = new EnumMap<>(Question.class);
        for (Evidence each : evidence) {
            if (each.scope() == scope) tried.merge(each.question(), each.answer(), Answer::and);
        }
        return tried;
    }

    private static Answer judge(Answer known, Answer shown) {
        if (shown.verdict() == Answer.Verdict.UNKNOWN) return known;
        return known.verdict() == Answer.Verdict.UNKNOWN ? shown : known.and(shown);
    }
}
