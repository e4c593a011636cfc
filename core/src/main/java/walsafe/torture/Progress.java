package walsafe.torture;

import java.time.Duration;

/** Hears how a torture goes, a few times a second, on a thread of the torture's. */
@FunctionalInterface
public interface Progress {
    /** Nobody listens. */
    Progress NONE = (elapsed, acknowledged, kills, what) -> {};

    /**
     * Says how far it is.
     *
     * @param elapsed since it began
     * @param acknowledged commits so far
     * @param kills so far
     * @param what is being done, two or three words
     */
    void at(Duration elapsed, long acknowledged, int kills, String what);
}
