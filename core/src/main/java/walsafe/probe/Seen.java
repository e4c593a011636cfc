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
}
