package walsafe.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** {@link Partner} in a process of its own, and all that it says; ended when the test is. */
public final class Partners implements AutoCloseable {
    private final Process process;
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private Partners(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "a partner");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts one that works in a directory, remembers in another, and believes itself to be of that boot. */
    public static Partners start(Path directory, Path memory, String boot, String... way) throws IOException {
        Files.createDirectories(memory);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Partner.class.getName(),
                directory.toString(),
                memory.toString(),
                boot));
        command.addAll(List.of(way));
        return new Partners(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (said) {
                    said.add(line);
                    said.notifyAll();
                }
            }
        } catch (IOException e) {
            // It was ended.
        }
        synchronized (said) {
            said.add("end");
            said.notifyAll();
        }
    }

    /** The first line that begins so, as soon as it is said; throws if it ends without. */
    String line(String beginning) throws InterruptedException {
        synchronized (said) {
            while (true) {
                for (String line : said) if (line.startsWith(beginning)) return line;
                if (said.contains("end")) throw new AssertionError("no \"" + beginning + "\" in " + said);
                said.wait(1000);
            }
        }
    }

    /** All that it says, when it has ended by itself; it is given three minutes. */
    public List<String> told() throws InterruptedException {
        if (!process.waitFor(180, TimeUnit.SECONDS)) throw new AssertionError("it does not end: " + said);
        reader.join(10_000);
        return said;
    }

    /** As Ctrl-C does, or a logout; returns when it is gone. */
    void end() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) throw new AssertionError("it does not end: " + said);
    }

    /** As {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
