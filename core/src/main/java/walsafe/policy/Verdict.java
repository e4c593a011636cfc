package walsafe.policy;

/** The doctor's first word, best first. */
public enum Verdict {
    /** The plan holds, and nothing it rests on is unproved. */
    SAFE,
    /** The plan holds if something is true that could not be proved from here. */
    SAFE_ONLY_IF,
    COULD_NOT_TELL,
    UNSAFE,
    /** The file itself is broken, whatever the place. */
    DAMAGED
}
