package walsafe.facts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A real program that holds a database. It says {@code ready} when it does, and is killed when the test ends. */
final class Program implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final List<String> said = new ArrayList<>();

    private Program(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts it and waits until it has said {@code ready}. */
    static Program ready(List<String> command) throws IOException {
        Program program = new Program(command);
        program.waitFor("ready");
        return program;
    }

    static Program ready(String... command) throws IOException {
        return ready(List.of(command));
    }

    /** Python with {@code db} bound to the path and {@code c} to a connection in autocommit, until its input ends. */
    static Program python(Path database, String... statements) throws IOException {
        return ready("python3", "-c", pythonText(statements), database.toString());
    }

    static String pythonText(String... statements) {
        return String.join(
                "\n",
                "import os, sqlite3, sys",
                "db = sys.argv[1]",
                "c = sqlite3.connect(db, isolation_level=None)",
                String.join("\n", statements),
                "print('ready', flush=True)",
                "sys.stdin.readline()");
    }

    /** A JVM of the tests' class path. */
    static Program java(Class<?> main, String... arguments) throws IOException {
        return ready(javaCommand(System.getProperty("java.class.path"), main, arguments));
    }

    static List<String> javaCommand(String classPath, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xshare:auto", "-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a program to its end and answers what it printed. */
    static String output(List<String> command) throws IOException {
        try (Program program = new Program(command)) {
            return new String(program.process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    long pid() {
        return process.pid();
    }

    /** What it said before {@code ready}. */
    List<String> said() {
        return said;
    }

    /** A program that says nothing for a minute is ended, so that the test fails and does not hang. */
    private void waitFor(String wanted) throws IOException {
        CompletableFuture<Void> patience =
                CompletableFuture.runAsync(this::end, CompletableFuture.delayedExecutor(60, TimeUnit.SECONDS));
        try {
            listen(wanted);
        } finally {
            patience.cancel(false);
        }
    }

    private void listen(String wanted) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.equals(wanted)) return;
            said.add(line);
        }
        throw new IOException("ended before it was ready: " + said);
    }

    @Override
    public void close() throws IOException {
        end();
        process.onExit().join();
        out.close();
    }

    private void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
