package walsafe.child;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A running child. Costs a JVM start, 0.1 to 0.3 s, and some 40 MiB while it lives. One thread may tell while another hears.
 *
 * <p>It is spoken to in lines, one for a question and one or more for an answer, as its task wants it. It is ended by
 * {@link #close}, and by the end of this process in any case: it reads from a pipe that only this process writes to.
 */
public final class Child implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofSeconds(30); // a machine at its limit starts JVMs slowly
    private static final Duration END_PATIENCE = Duration.ofSeconds(2);

    private final Process process;
    private final String task;
    private final Writer questions;
    private final BlockingQueue<Line> answers = new LinkedBlockingQueue<>();

    private sealed interface Line {
        record Said(String text) implements Line {}

        record Silence() implements Line {}
    }

    private Child(Process process, String task) {
        this.process = process;
        this.task = task;
        this.questions = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts one, and waits until it listens.
     *
     * @param arguments no secrets: the operating system shows them to everybody
     * @throws IOException if no Java can be started from here, with what it said
     */
    public static Child start(Class<? extends Task> task, String... arguments) throws IOException {
        return start(START_PATIENCE, task, arguments);
    }

    /** The same, waiting no longer than told; an interrupt ends the wait likewise, and is kept. */
    public static Child start(Duration patience, Class<? extends Task> task, String... arguments) throws IOException {
        Process process = Launch.process(task, List.of(arguments)).start();
        Child child = new Child(process, task.getSimpleName());
        try {
            child.listen();
            child.mustBeReady(patience);
            return child;
        } catch (IOException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private void listen() {
        Thread listener = new Thread(this::hearOut, "walsafe: " + task);
        listener.setDaemon(true);
        listener.start();
    }

    private void hearOut() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            boolean ready = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!ready || isFromTheTask(line)) answers.add(new Line.Said(ready ? unmarked(line) : line));
                ready |= line.equals(Parent.READY);
            }
        } catch (IOException e) {
            // The stream of a process that was destroyed; silence is all there is to tell.
        }
        answers.add(new Line.Silence());
    }

    /** Else the JVM's own, which may warn of this and that at any time: from Java 24 on when SQLite is loaded. */
    private static boolean isFromTheTask(String line) {
        return line.startsWith(Parent.ANSWER) || line.startsWith(Parent.FAILED);
    }

    private static String unmarked(String line) {
        return line.startsWith(Parent.ANSWER) ? line.substring(Parent.ANSWER.length()) : line;
    }

    /** What is said before is the JVM's own, a warning or why it cannot start. */
    private void mustBeReady(Duration patience) throws IOException {
        StringBuilder before = new StringBuilder();
        while (next(patience) instanceof Line.Said said) {
            if (said.text().equals(Parent.READY)) return;
            if (before.length() < 1000) before.append(' ').append(said.text());
        }
        throw new IOException("a Java process could not be started:" + before);
    }

    /** As the operating system counts. */
    public long pid() {
        return process.pid();
    }

    /** Ends it as {@code kill -9} would, and does not wait. What it has said before can still be heard. */
    public void kill() {
        process.toHandle().destroyForcibly(); // the Process itself would close the streams, too
    }

    /** False once the operating system has it no more. */
    public boolean isAlive() {
        return process.toHandle().isAlive();
    }

    /**
     * Sends one line.
     *
     * @throws IOException if the child has ended
     */
    public void tell(String line) throws IOException {
        questions.write(oneLine(line));
        questions.write('\n');
        questions.flush();
    }

    /**
     * Its next line.
     *
     * @throws IOException if the task failed, saying how; if the child ended; or if it said nothing for that long. An
     *     interrupt ends the wait likewise, and is kept
     */
    public String hear(Duration patience) throws IOException {
        if (next(patience) instanceof Line.Said said) {
            if (said.text().startsWith(Parent.FAILED))
                throw new IOException(said.text().substring(1));
            return said.text();
        }
        answers.add(new Line.Silence()); // for whoever asks again
        throw new IOException(task + " ended without an answer");
    }

    private Line next(Duration patience) throws IOException {
        try {
            Line line = answers.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (line == null) throw new IOException(task + " gave no answer in " + patience.toMillis() + " ms");
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + task);
        }
    }

    /** Sends a line and hears the next. */
    public String ask(String line, Duration patience) throws IOException {
        tell(line);
        return hear(patience);
    }

    /** Ends it: at once if it waits for a question, otherwise by force after two seconds. Closing twice is harmless. */
    @Override
    public void close() {
        try {
            questions.close();
        } catch (IOException e) {
            // It has ended already.
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            interrupted = true;
            process.destroyForcibly();
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    static String oneLine(String line) {
        if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("one line at a time: " + line);
        }
        return line;
    }
}
