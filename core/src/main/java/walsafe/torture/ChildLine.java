package walsafe.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import walsafe.child.Child;
import walsafe.child.Task;

/** A process of this host. */
final class ChildLine implements Line {
    static final Source HERE = new Source() {
        @Override
        public Line worker() throws IOException {
            return start(WorkerTask.class);
        }

        @Override
        public Line counter() throws IOException {
            return start(CountTask.class);
        }
    };

    private static final Path SHELL = Path.of("/bin/sh");

    private final Child child;

    private ChildLine(Child child) {
        this.child = child;
    }

    static Line start(Class<? extends Task> task) throws IOException {
        return new ChildLine(Child.start(task));
    }

    @Override
    public void tell(String line) throws IOException {
        child.tell(line);
    }

    @Override
    public String hear(Duration patience) throws IOException {
        return child.hear(patience);
    }

    @Override
    public void kill() {
        ProcessHandle.of(child.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** A shell lets it go on, not we: whatever happens to this process, nobody stays stopped for ever. */
    @Override
    public boolean stop(Duration time) {
        if (!Files.isExecutable(SHELL)) return false;
        String seconds = time.toMillis() / 1000 + "." + "%03d".formatted(time.toMillis() % 1000);
        try {
            new ProcessBuilder(
                            SHELL.toString(),
                            "-c",
                            "kill -STOP \"$1\" && sleep \"$2\"; kill -CONT \"$1\"",
                            "sh",
                            Long.toString(child.pid()),
                            seconds)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .getOutputStream()
                    .close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        kill();
        child.close();
    }
}
