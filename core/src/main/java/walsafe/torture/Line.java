package walsafe.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A process that takes part, wherever it runs: lines there and back, and three ways to treat it badly. */
interface Line extends AutoCloseable {
    void tell(String line) throws IOException;

    /**
     * Its next line.
     *
     * @throws IOException if it has ended, or said nothing for that long
     */
    String hear(Duration patience) throws IOException;

    /** As {@code kill -9}. What it has said before can still be heard. */
    void kill();

    /** Stops it for so long, as a machine that sleeps; false if that cannot be done here. Returns at once. */
    boolean stop(Duration time);

    /**
     * Stops it for so long while it holds a lock, as soon as it has one. Watches it for the patience; returns at once when it
     * is stopped, or has ended.
     *
     * @return false if it was never seen with that lock, or nobody here can see it; then it was not stopped
     */
    default boolean stopWith(Grip grip, Path database, Duration time, Duration patience) {
        return false;
    }

    /** Ends it in any case. */
    @Override
    void close();

    /** Where processes come from. */
    interface Source {
        Line worker() throws IOException;

        Line counter() throws IOException;
    }
}
