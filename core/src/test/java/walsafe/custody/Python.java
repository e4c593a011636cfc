package walsafe.custody;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Another program with SQLite of its own: Python, {@code c} a connection in autocommit, until it is closed. */
public final class Python implements AutoCloseable {
    private final Process process;

    private Python(Process process) {
        this.process = process;
    }

    /** Runs the statements, then waits with everything open. */
    public static Python holding(Path database, String... statements) throws IOException {
        Python python =
                start(database, String.join("\n", statements) + "\nprint('ready', flush=True)\nsys.stdin.readline()");
        var out = new BufferedReader(new InputStreamReader(python.process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.equals("ready")) return python;
            said.append(line).append('\n');
        }
        throw new IOException(said.toString());
    }

    /** Runs the statements and dies as a crash does: nothing is closed, nothing checkpointed. */
    public static void crashing(Path database, String... statements) throws IOException {
        try (Python python = start(database, String.join("\n", statements) + "\nos._exit(0)")) {
            String said = new String(python.process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (python.process.onExit().join().exitValue() != 0) throw new IOException(said);
        }
    }

    /** What one query answers. */
    public static String answer(Path database, String sql) throws IOException {
        String text =
                "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nprint(c.execute(sys.argv[2]).fetchone()[0])";
        Process process = new ProcessBuilder("python3", "-c", text, database.toString(), sql)
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static Python start(Path database, String statements) throws IOException {
        String text = "import os, sqlite3, sys\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\n" + statements;
        return new Python(new ProcessBuilder(List.of("python3", "-c", text, database.toString()))
                .redirectErrorStream(true)
                .start());
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
