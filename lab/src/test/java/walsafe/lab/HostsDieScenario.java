package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Hosts die, not only processes. On each storage where walsafe lets two hosts write: one is killed in the middle of a
 * transaction, the server crashes and comes back, a container is killed and started again, two hosts bear one name. What
 * was acknowledged is looked for on the server's own disk; no work may be there by half, and who lives must go on, or be
 * told what to do, and go on once that was done.
 */
@Timeout(2400)
class HostsDieScenario extends Scenario {
    private static final Duration PATIENCE = Bench.PATIENCE;
    private static final String SHARES = System.getProperty("lab.shares", ".*");
    private static final int ROUNDS = 3;

    @BeforeAll
    static void begin() throws Exception {
        Fate.begin();
    }

    @ParameterizedTest
    @EnumSource(
            value = Share.class,
            names = {"NFS42", "NFS3", "SMB"})
    void aHostIsKilledInTheMiddle(Share share) throws Exception {
        chosen(share);
        Disaster.aHostIsKilledInTheMiddle(share);
    }

    @ParameterizedTest
    @EnumSource(
            value = Share.class,
            names = {"NFS42", "NFS3", "SMB"})
    void aContainerIsKilledInTheMiddleAndRestarts(Share share) throws Exception {
        chosen(share);
        Disaster.aContainerRestarts(share, ROUNDS);
    }

    @ParameterizedTest
    @EnumSource(
            value = Share.class,
            names = {"NFS42", "NFS3", "SMB"})
    void theServerCrashesWhileTwoHostsWrite(Share share) throws Exception {
        chosen(share);
        try (Lab lab = Lab.setUp()) {
            Bench bench = Bench.of(lab, share, "a", "b");
            bench.write("a", "a1");
            bench.write("b", "b1");
            bench.voice("a").await("ack a1", 10, PATIENCE);
            bench.voice("b").await("ack b1", 10, PATIENCE);

            bench.kill("s");
            bench.boot("s2", "s", 1);
            bench.serve("s2", "again");
            bench.on("s2", "busybox ping -c 2 10.9.0.11; busybox ping -c 2 10.9.0.12; true"); // its address has moved

            Fate fate = new Fate("the server crashes while two hosts write", share);
            fate.goesOn(bench, "s2", List.of("a", "b"));
            fate.end(bench, "s2");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Share.class,
            names = {"NFS42", "NFS3"})
    void ofTwoHostsOfOneNameOneIsRefusedOrNothingIsLost(Share share) throws Exception {
        chosen(share);
        try (Lab lab = Lab.setUp()) {
            Bench bench = Bench.of(lab, share, "a");
            bench.boot("twin", "a", 12);
            bench.mount("twin");
            Guest.Job one = bench.start("a", "write", "a1", "60");
            Guest.Job other = bench.start("twin", "write", "twin1", "60");
            one.await(PATIENCE);
            other.await(PATIENCE);

            Fate fate = new Fate("two hosts bear one name", share);
            boolean refused = bench.story().contains("WS219");
            boolean both =
                    bench.voice("a").count("ack ") > 0 && bench.voice("twin").count("ack ") > 0;
            fate.other(refused ? "refused WS219" : both ? "both went on" : "one went on");
            fate.end(bench, "s");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Share.class,
            names = {"NFS42", "NFS3", "SMB"})
    void twoHostsThatWriteWithoutAPauseBothGetIn(Share share) throws Exception {
        chosen(share);
        try (Lab lab = Lab.setUp()) {
            Bench bench = Bench.of(lab, share, "a", "b");
            bench.write("a", "a1");
            bench.voice("a").await("ack a1", 5, PATIENCE);
            bench.start("b", "write", "b1", "30").await(PATIENCE);
            bench.stop("a", "a1");

            Fate fate = new Fate("two hosts write without a pause for 30 s", share);
            long a = bench.voice("a").count("ack ");
            long b = bench.voice("b").count("ack ");
            fate.other(a + " and " + b + " works");
            fate.end(bench, "s");
            assertThat(b).as("works of the second host").isGreaterThan(5);
        }
    }

    private static void chosen(Share share) {
        assumeTrue(share.label().matches(SHARES), "not among -Dlab.shares");
        assumeTrue(share.whyNot().isEmpty(), () -> "NO LAB: " + share.whyNot().orElseThrow());
    }
}
