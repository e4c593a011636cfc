package walsafe.facts;

import java.util.Collections;
import java.util.EnumMap;
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
}
