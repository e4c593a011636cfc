package walsafe.cli;

import walsafe.policy.Verdict;

/** What the process tells the shell. Scripts rely on these numbers: they never change their meaning. */
enum ExitCode {
    WELL(0),
    INTERNAL(1),
    USAGE(2),
    UNSAFE(3),
    DAMAGED(4),
    UNKNOWN(5),
    BLOCKED(6);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** 0 is for a plan that rests on nothing unproved, so "safe, if" counts as "could not tell". */
    static ExitCode of(Verdict verdict) {
        return switch (verdict) {
            case SAFE -> WELL;
            case SAFE_ONLY_IF, COULD_NOT_TELL -> UNKNOWN;
            case UNSAFE -> UNSAFE;
            case DAMAGED -> DAMAGED;
        };
    }
}
