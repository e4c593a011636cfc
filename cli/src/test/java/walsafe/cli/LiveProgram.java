package walsafe.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A real program that has a database open. It is told SQL by the line and answers each with a line: the first value of
 * the first row, {@code done} where there is none, or what SQLite complains of. It waits for no lock.
 */
final class LiveProgram implements AutoCloseable {
    private static final String PYTHON = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
            print('ready', flush=True)
            for line in sys.stdin:
                try:
                    rows = db.execute(line).fetchall()
                    print(rows[0][0] if rows else 'done', flush=True)
                except sqlite3.Error as trouble:
                    print(trouble, flush=True)
            """;

    private static final String NODE = """
            const { DatabaseSync } = require('node:sqlite');
            const db = new DatabaseSync(process.argv[1]);
            console.log('ready');
            require('node:readline').createInterface({ input: process.stdin }).on('line', line => {
                try {
                    const rows = db.prepare(line).all();
                    console.log(rows.length ? Object.values(rows[0])[0] : 'done');
                } catch (trouble) {
                    console.log(trouble.message);
                }
            });
            """;

    private final Process process;
    private final BufferedReader answers;
    private final Writer sql;

    private LiveProgram(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        sql = process.outputWriter(StandardCharsets.UTF_8);
    }

    static LiveProgram python(Path database) throws IOException {
        return ready("python3", "-c", PYTHON, database.toString());
    }

    static LiveProgram node(Path database) throws IOException {
        return ready(Node.withSqlite(), "--no-warnings", "-e", NODE, database.toString());
    }

    static LiveProgram jdbc(Path database) throws IOException {
        String classPath = System.getProperty("java.class.path");
        return ready(Clone.java(), "-cp", classPath, SqlByLine.class.getName(), database.toString());
    }

    private static LiveProgram ready(String... command) throws IOException {
        LiveProgram program = new LiveProgram(List.of(command));
        try {
            program.answer();
            return program;
        } catch (IOException ended) {
            program.close();
            throw ended;
        }
    }

    long pid() {
        return process.pid();
    }

    String tell(String line) throws IOException {
        sql.write(line + "\n");
        sql.flush();
        return answer();
    }

    /** A program that says nothing for a minute is ended, so that the test fails and does not hang. */
    private String answer() throws IOException {
        CompletableFuture<Void> patience = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES));
        try {
            return Optional.ofNullable(answers.readLine())
                    .orElseThrow(() -> new IOException("the program has ended, or said nothing for a minute"));
        } finally {
            patience.cancel(false);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }
}
