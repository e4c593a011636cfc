package walsafe.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What programs told on the console of a host, which is a file outside of it: it is still there when the host has been
 * killed. Every line begins with a mark and belongs to {@link walsafe.lab.inside.Works}.
 */
final class Voice {
    private static final String MARK = "## ";

    private final Path console;

    private Voice(Path console) {
        this.console = console;
    }

    static Voice of(Lab lab, String guest) {
        return new Voice(lab.folder().resolve(guest).resolve("console.log"));
    }

    List<String> lines() throws IOException {
        try (Stream<String> lines = Files.lines(console)) {
            return lines.filter(line -> line.contains(MARK))
                    .map(line -> line.substring(line.indexOf(MARK) + MARK.length())
                            .strip())
                    .toList();
        }
    }

    /** As a ledger hears it. */
    Outcome said() throws IOException {
        return new Outcome(0, String.join("\n", lines()));
    }

    long count(String prefix) throws IOException {
        return lines().stream().filter(line -> line.startsWith(prefix)).count();
    }

    /** Waits until so many lines begin so. */
    void await(String prefix, long times, Duration limit) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        while (count(prefix) < times) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("\"" + prefix + "\" was told " + count(prefix) + " times, not " + times
                        + ", within " + limit.toSeconds() + " s; the last words were "
                        + lines().subList(Math.max(0, lines().size() - 10), lines().size()));
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}
