package walsafe.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Another process with a SQLite of its own, and what the kernel says about locks. It opens the database for each question
 * and closes it again, as a shell does: if the locks of the first were gone, it would take itself for the last one, and
 * delete the -wal.
 */
final class Witness implements AutoCloseable {
    private static final String PYTHON = """
            import sqlite3, sys
            for line in sys.stdin:
                what, path = line.rstrip('\\n').split(' ', 1)
                try:
                    db = sqlite3.connect(path, timeout=0, isolation_level=None)
                    if what == 'write':
                        db.execute("insert into t values ('an intruder')")
                        print('written', flush=True)
                    elif what == 'rows':
                        rows = [row[0] for row in db.execute('select x from t order by rowid')]
                        ok = db.execute('pragma integrity_check').fetchone()[0]
                        print(ok + ': ' + ', '.join(rows), flush=True)
                    db.close()
                except sqlite3.Error as trouble:
                    db.close()
                    print(trouble, flush=True)
            """;

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    Witness() throws IOException {
        process = new ProcessBuilder("python3", "-c", PYTHON)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** "written", or why not. */
    String writes(Path database) throws IOException {
        return ask("write " + database);
    }

    /** What {@code integrity_check} says, and every row that a newcomer sees. */
    String rows(Path database) throws IOException {
        return ask("rows " + database);
    }

    private String ask(String line) throws IOException {
        questions.write(line + "\n");
        questions.flush();
        return Objects.requireNonNull(answers.readLine(), "the witness has died");
    }

    /**
     * All locks that a process holds on the database and on the files beside it, as the kernel lists them. While others
     * lock and unlock, one reading of that list may show a line twice or leave one out; a lock that is gone is in none.
     */
    static List<String> locks(Path database, long pid) throws IOException {
        Set<String> seen = new TreeSet<>();
        for (int reading = 0; reading < 3; reading++) seen.addAll(listed(database, pid));
        return List.copyOf(seen);
    }

    private static List<String> listed(Path database, long pid) throws IOException {
        List<String> inodes = inodes(database);
        return Files.readAllLines(Path.of("/proc/locks")).stream()
                .map(line -> line.substring(line.indexOf(':') + 1).strip().replaceAll(" +", " "))
                .filter(line -> line.split(" ", -1)[3].equals(Long.toString(pid)))
                .filter(line -> inodes.contains(line.split(" ", -1)[4].replaceFirst(".*:", "")))
                .toList();
    }

    private static List<String> inodes(Path database) throws IOException {
        List<String> inodes = new ArrayList<>();
        for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
            Path part = database.resolveSibling(database.getFileName() + suffix);
            if (Files.exists(part))
                inodes.add(Files.getAttribute(part, "unix:ino").toString());
        }
        return inodes;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
