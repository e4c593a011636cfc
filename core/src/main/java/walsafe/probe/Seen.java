package walsafe.probe;

import walsafe.facts.Answer.Verdict;

/**
 * What an experiment saw.
 *
 * @param because a clause without a full stop, with the numbers
 */
record Seen(Verdict verdict, String because) {
    static Seen yes(String because) {
        return new Seen(Verdict.YES, because);
    }

    static Seen no(String because) {
        return new Seen(Verdict.NO, because);
    }

    static Seen unknown(String because) {
        return new Seen(Verdict.UNKNOWN, because);
    }

    /** What an experiment shows that did not come to its end. */
    static Seen untried(Exception trouble) {
        return unknown("it could not be tried: " + told(trouble));
    }

    /** Not every exception of the JDK's has words. */
    static String told(Exception trouble) {
        return trouble.getMessage() == null ? trouble.getClass().getSimpleName() : trouble.getMessage();
    }
}
