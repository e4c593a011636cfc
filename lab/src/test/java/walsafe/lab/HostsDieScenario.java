package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hosts die. */
@Timeout(2400)
class HostsDieScenario extends Scenario {
    @ParameterizedTest
    @EnumSource(
            value = Share.class,
            names = {"NFS42", "NFS3", "SMB"})
    void aHostIsKilledInTheMiddle(Share share) throws Exception {
        try (Lab lab = Lab.setUp()) {
            Bench bench = Bench.of(lab, share, "a", "b");
            bench.start("b", "write", "b1", "60");
            bench.voice("b").await("ack b1", 3, Bench.PATIENCE);
            bench.start("a", "midway", "a");
            bench.voice("a").await("midway", 1, Bench.PATIENCE);
            tell(bench.on("s", "ls -la /mnt/exp/" + share.label() + "/*").output());
            long start = System.nanoTime();
            bench.kill("a");
            tell("killed");
            Thread.sleep(1000);
            Guest.Job later = bench.start("b", "write", "b2", "60");
            later.await(Duration.ofMinutes(4));
            tell(bench.story());
            tell(bench.on("s", "ls -la /mnt/exp/" + share.label() + "/*").output());
            Bench.Count count = bench.count("s");
            tell(share + " " + count);
            assertThat(count).matches(Bench.Count::clean);
        }
    }
}
