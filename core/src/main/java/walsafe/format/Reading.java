package walsafe.format;

/**
 * Whether bytes could be read as what they were taken for. Nothing here throws for what bytes say: {@link Legible}
 * costs nothing, {@link Unreadable} says why not.
 *
 * <p>Not a judgement of damage. SQLite has the last word on that; some of what is unreadable here SQLite never looks at.
 */
public sealed interface Reading permits Legible, Unreadable {
    /** Are the bytes what they were taken for, as far as was looked. */
    default boolean ok() {
        return this == Legible.YES;
    }

    /** What is wrong, a clause with its numbers; empty if nothing is. */
    String why();
}
