package walsafe.probe;

import java.io.IOException;
import java.time.Duration;
import walsafe.child.Child;

/** An actor in a child of this process. */
final class ChildLine implements Line {
    private final Child child;
    private final Duration patience;
    private volatile String lost = "";

    ChildLine(Child child, Duration patience) {
        this.child = child;
        this.patience = patience;
    }

    @Override
    public void tell(String question) throws IOException {
        mustBeThere();
        try {
            child.tell(question);
        } catch (IOException e) {
            throw lose("a process of the probe ended: " + e.getMessage(), e);
        }
    }

    /** Once an answer is late it could be taken for the next one's, so that the line is of no more use. */
    @Override
    public String hear() throws IOException {
        mustBeThere();
        try {
            return child.hear(patience);
        } catch (IOException e) {
            throw lose("a process of the probe gave no answer: " + e.getMessage(), e);
        }
    }

    private void mustBeThere() throws IOException {
        if (!lost.isEmpty()) throw new IOException(lost);
    }

    private IOException lose(String why, IOException cause) {
        lost = why;
        return new IOException(why, cause);
    }

    @Override
    public boolean expendable() {
        return true;
    }

    @Override
    public void kill() throws IOException {
        lost = "it was killed";
        if (!child.isAlive()) throw new IOException("the process had ended before");
        child.kill();
        long deadline = System.nanoTime() + patience.toNanos();
        while (child.isAlive()) { // not onExit(): the pool that completes it may be waiting here with all its threads
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("a process could not be killed within " + patience.toMillis() + " ms");
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while a process was to be killed", e);
            }
        }
    }

    /** From another thread, to end whatever waits for it. */
    void killNow() {
        lost = "the time was up";
        child.kill();
    }

    @Override
    public void close() {
        if (lost.isEmpty()) {
            try {
                child.tell(ActorTask.END);
            } catch (IOException e) {
                // It has ended already.
            }
        } else {
            killNow();
        }
        child.close();
    }
}
