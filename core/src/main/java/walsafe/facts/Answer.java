package walsafe.facts;

/**
 * An answer to a {@link Question}.
 *
 * @param verdict the answer
 * @param because the observation or the rule of knowledge behind it, a clause without a full stop
 * @param source who says so: a page of {@code docs/knowledge}, an experiment's name, a URL
 */
public record Answer(Verdict verdict, String because, String source) {
    /** From worst to best, so that the lesser of two verdicts is the careful one. */
    public enum Verdict {
        NO,
        UNKNOWN,
        YES
    }

    /** For a question that neither table nor experiment has answered. */
    public static final Answer UNKNOWN = new Answer(Verdict.UNKNOWN, "nobody has looked", "none");

    /** The more careful of the two; this one if they are equally careful. */
    public Answer and(Answer other) {
        return other.verdict.compareTo(verdict) < 0 ? other : this;
    }
}
