package walsafe.lab;

import java.time.Duration;
import java.util.List;

/** What happens to hosts, each from the first boot to the last count. */
final class Disaster {
    private static final Duration PATIENCE = Bench.PATIENCE;

    /** Its pids and its host name are the same each time. */
    private static final String CONTAINER = "echo $$ >/run/container; exec unshare --pid --fork --kill-child=KILL"
            + " --mount-proc --mount --ipc --uts ";

    private Disaster() {}

    /** With pages of half a transaction in the file, locks held, and a neighbour who waits for them. */
    static void aHostIsKilledInTheMiddle(Share share) throws Exception {
        try (Lab lab = Lab.setUp()) {
            Bench bench = Bench.of(lab, share, "a", "b");
            bench.write("b", "b1");
            bench.voice("b").await("ack b1", 3, PATIENCE);
            bench.start("a", "midway", "a1");
            bench.voice("a").await("midway", 1, PATIENCE);

            bench.kill("a");

            Fate fate = new Fate("a host is killed in the middle of a transaction", share);
            fate.goesOn(bench, "s", List.of("b"));
            fate.end(bench, "s");
        }
    }

    /** The process dies and its kernel lives on, so its locks are gone at once, where locks go. */
    static void aContainerRestarts(Share share, int rounds) throws Exception {
        try (Lab lab = Lab.setUp()) {
            Bench bench = Bench.of(lab, share, "a", "b");
            bench.write("b", "b1");
            bench.voice("b").await("ack b1", 3, PATIENCE);
            Fate fate = new Fate("a container is killed in the middle of a transaction and restarts", share);
            for (int i = 1; i <= rounds; i++) {
                bench.startIn(CONTAINER, "a", "midway", "a" + i);
                bench.voice("a").await("midway a" + i, 1, PATIENCE);
                bench.on("a", "kill -9 $(cat /run/container)");
                fate.goesOn(bench, "s", List.of("b"));
            }
            bench.write("a", "a9");
            bench.voice("a").await("ack a9", 5, PATIENCE);
            fate.end(bench, "s");
        }
    }
}
