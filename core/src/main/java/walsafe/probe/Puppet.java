package walsafe.probe;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import walsafe.child.Child;

/**
 * An actor of this host, a process of our own, for experiments that somebody conducts elsewhere.
 *
 * <p>What it is asked comes from another host, and may come from anybody. It does what an actor of a probe does, with
 * names and sizes that those experiments use, in its scratch directory, and nothing else.
 */
public final class Puppet implements Line {
    private static final String FILE = " [a-z][a-z0-9-]{0,40}(\\.db)?";
    private static final String SMALL = " \\d{1,5}"; // bytes of a file, a number of rows
    private static final String LONG = " -?\\d{1,18}";

    /** Every question that an experiment has, and no other. */
    private static final List<Pattern> KNOWN = List.of(
                    "lock" + FILE + " \\d{1,10} \\d{1,4} (shared|exclusive)",
                    "(unlock|size|glimpse|map|create|remove|get|exists|listed)" + FILE,
                    "write" + FILE + SMALL + LONG,
                    "(read|peek|look)" + FILE + SMALL,
                    "poke" + FILE + SMALL + LONG,
                    "dab" + FILE + SMALL + " \\d{1,3}",
                    "rename" + FILE + FILE,
                    "put" + FILE + LONG,
                    "sync" + FILE + " \\d{1,2}",
                    "sql-open" + FILE + " (truncate|delete|wal)",
                    "sql-commit [a-z]{1,20}" + " \\d{1,3}",
                    "sql-count [a-z]{1,20}",
                    "sql-fill \\d{1,3}",
                    "sql-(checkpoint|integrity|close|half|survey)")
            .stream()
            .map(Pattern::compile)
            .toList();

    private final ChildLine line;
    private final Path libraries;

    private Puppet(ChildLine line, Path libraries) {
        this.line = line;
        this.libraries = libraries;
    }

    /**
     * Starts one that leaves the scratch directory to whoever made it.
     *
     * @param scratch where it works
     * @param patience how long one step may take
     */
    public static Puppet in(Path scratch, Duration patience) throws IOException {
        return in(scratch, patience, ActorTask.GUEST);
    }

    /** One that removes the scratch directory, should this process be killed. */
    static Puppet owning(Path scratch, Duration patience) throws IOException {
        return in(scratch, patience, ActorTask.OWNER);
    }

    private static Puppet in(Path scratch, Duration patience, String role) throws IOException {
        Path libraries = Stage.libraries(scratch);
        try {
            Child child = Child.start(ActorTask.class, scratch.toString(), libraries.toString(), role);
            return new Puppet(new ChildLine(child, patience), libraries);
        } catch (IOException | RuntimeException e) {
            Scratch.clear(libraries);
            throw e;
        }
    }

    static boolean understands(String question) {
        return KNOWN.stream().anyMatch(known -> known.matcher(question).matches());
    }

    @Override
    public void tell(String question) throws IOException {
        if (!understands(question)) throw new IOException("no experiment asks so");
        line.tell(question);
    }

    @Override
    public String hear() throws IOException {
        return line.hear();
    }

    @Override
    public boolean expendable() {
        return true;
    }

    @Override
    public void kill() throws IOException {
        line.kill();
    }

    /** From another thread, to end whatever waits for it. */
    public void killNow() {
        line.killNow();
    }

    @Override
    public void close() {
        line.close();
        Scratch.clear(libraries);
    }
}
