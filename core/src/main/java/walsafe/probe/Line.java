package walsafe.probe;

import java.io.IOException;

/** How a question gets to an actor and its answer back, one of each at a time; wherever the actor is. */
public interface Line extends AutoCloseable {
    /** Sends one question, and does not wait. */
    void tell(String question) throws IOException;

    /** The answer to the last question; throws if there is none in time. */
    String hear() throws IOException;

    /** Can the far side map files and run SQLite? It must be able to die of that. */
    boolean expendable();

    /** Ends the far side as {@code kill -9} would, and returns when it is gone. */
    void kill() throws IOException;

    @Override
    void close();
}
