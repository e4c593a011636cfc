package walsafe.custody;

import walsafe.finding.Problem;

/** Why the keeper does not begin; nothing has been changed by then. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final Problem problem;
    private final String seen;

    Refusal(Problem problem, String seen) {
        super(seen);
        this.problem = problem;
        this.seen = seen;
    }

    Problem problem() {
        return problem;
    }

    String seen() {
        return seen;
    }
}
