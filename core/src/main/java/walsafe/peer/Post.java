package walsafe.peer;

import java.io.IOException;
import java.time.Duration;

/** How words get to the other host and back. One line at a time, and at most {@link #LONGEST} bytes of it. */
interface Post extends AutoCloseable {
    /** Bytes of UTF-8 in a message; the longest is a card. */
    int LONGEST = 8192;

    /** Does this side conduct the experiments? The other side then does not. */
    boolean conducts();

    /** How the two have met, a clause. */
    String words();

    /** What a word may need on its way at the worst, beyond what the other takes to answer. */
    Duration journey();

    void send(String line) throws IOException;

    /** The next line; throws if the other side has gone, or says nothing for that long. */
    String receive(Duration patience) throws IOException;

    /** Waits until the other side has left, so that it has read what was said last; not for long. */
    void linger();

    /** From any thread; ends whatever waits here. */
    @Override
    void close();
}
