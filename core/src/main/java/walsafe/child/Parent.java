package walsafe.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The other end of the line, as the child has it. */
public final class Parent {
    /** Said once the child listens, so that what a JVM prints on its own account is not taken for an answer. */
    static final String READY = "walsafe child 1";

    /** Before each line that the task says, so that it is told from what the JVM says. */
    static final String ANSWER = ">";

    /** Before the message of what ended the task. No answer of a task begins so, see {@link #tell}. */
    static final String FAILED = "!";

    private static final long TIDYING_MILLIS = 2_000;

    private final PrintStream out;
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private volatile Runnable last = () -> {};

    Parent(PrintStream out) {
        this.out = out;
    }

    /** Hears the parent out on a thread of its own. When the parent is gone, so is this process, whatever it is doing. */
    void listen(InputStream in) {
        Thread listener = new Thread(() -> endWith(in), "walsafe: parent");
        listener.setDaemon(true);
        listener.start();
    }

    private void endWith(InputStream in) {
        try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) asked.add(line);
        } catch (IOException e) {
            // A broken pipe says the same as its end.
        }
        Thread tidying = new Thread(last, "walsafe: last");
        tidying.setDaemon(true);
        tidying.start();
        try {
            tidying.join(TIDYING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that here
        }
        Runtime.getRuntime().halt(0); // also out of a system call that hangs
    }

    /** What to do when the parent is gone, in two seconds at most; not done when the task ends by itself. */
    public void atItsEnd(Runnable last) {
        this.last = last;
    }

    /** The next line that the parent sends. Waits for it; if the parent ends first, so does this process. */
    public String next() throws InterruptedException {
        return asked.take();
    }

    /**
     * Sends one line.
     *
     * @throws IllegalArgumentException if it holds a line break or begins with {@code !}
     */
    public void tell(String line) {
        if (line.startsWith(FAILED)) throw new IllegalArgumentException("an answer cannot begin with !: " + line);
        send(ANSWER + line);
    }

    void ready() {
        send(READY);
    }

    void failed(Throwable cause) {
        String message = Optional.ofNullable(cause.getMessage()).orElse("no message");
        send(FAILED + cause.getClass().getSimpleName() + ": " + message.replaceAll("\\R", " "));
    }

    private void send(String line) {
        out.print(Child.oneLine(line) + '\n');
        out.flush();
    }
}
