package walsafe.facts;

/**
 * What one experiment has shown about a storage. It speaks beside the tables of knowledge, never over them: see {@link
 * Answers#with}.
 *
 * @param question what it was about
 * @param scope whom it tried
 * @param tried what was done, a clause without a full stop
 * @param answer what was seen, and the experiment's name as the source
 */
public record Evidence(Question question, Scope scope, String tried, Answer answer) {
    /** Who took part, as in {@link Answers}. */
    public enum Scope {
        /** Processes of one coherence domain. From there nearly every unsafe storage looks safe. */
        WITHIN,
        /** Processes of several hosts. */
        ACROSS
    }
}
