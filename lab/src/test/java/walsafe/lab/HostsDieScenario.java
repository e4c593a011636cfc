package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
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
            bench.kill("a");
            tell("killed");
            Thread.sleep(1000);
            Guest.Job later = bench.start("b", "write", "b2", "60");
            later.await(Duration.ofMinutes(4));
            verdict(bench, "s");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Share.class,
            names = {"NFS42", "NFS3", "SMB"})
    void theServerRebootsWhileTwoHostsWrite(Share share) throws Exception {
        try (Lab lab = Lab.setUp()) {
            Bench bench = Bench.of(lab, share, "a", "b");
            Guest.Job a = bench.start("a", "write", "a", "75");
            Guest.Job b = bench.start("b", "write", "b", "75");
            bench.voice("a").await("ack a", 10, Bench.PATIENCE);
            bench.voice("b").await("ack b", 10, Bench.PATIENCE);
            bench.kill("s");
            bench.boot("s2", "s", 1);
            bench.serve("s2", "again");
            bench.on("s2", "busybox ping -c 2 10.9.0.11; busybox ping -c 2 10.9.0.12; true");
            long acksA = bench.voice("a").count("ack a");
            long acksB = bench.voice("b").count("ack b");
            tell("server is back: " + acksA + " " + acksB);
            a.await(Duration.ofMinutes(6));
            b.await(Duration.ofMinutes(6));
            tell("afterwards: " + (bench.voice("a").count("ack a") - acksA) + " "
                    + (bench.voice("b").count("ack b") - acksB));
            verdict(bench, "s2");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Share.class,
            names = {"NFS42"})
    void twoHostsBearOneName(Share share) throws Exception {
        try (Lab lab = Lab.setUp()) {
            Bench bench = Bench.of(lab, share, "a");
            bench.boot("twin", "a", 12);
            bench.mount("twin");
            Guest.Job a = bench.start("a", "write", "a", "40");
            Guest.Job b = bench.start("twin", "write", "twin", "40");
            a.await(Duration.ofMinutes(6));
            b.await(Duration.ofMinutes(6));
            tell(bench.on("a", "dmesg | tail -5").output() + bench.on("twin", "dmesg | tail -5").output());
            verdict(bench, "s");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Share.class,
            names = {"NFS42", "NFS3", "SMB"})
    void aContainerRestarts(Share share) throws Exception {
        String container = "exec unshare --pid --fork --kill-child=KILL --mount-proc --mount --ipc --uts ";
        try (Lab lab = Lab.setUp()) {
            Bench bench = Bench.of(lab, share, "a", "b");
            Guest.Job b = bench.start("b", "write", "b", "60");
            bench.voice("b").await("ack b", 3, Bench.PATIENCE);
            for (int i = 1; i <= 3; i++) {
                bench.startIn("echo $$ >/run/container; " + container, "a", "midway", "a" + i);
                bench.voice("a").await("midway a" + i, 1, Bench.PATIENCE);
                LockSupport.parkNanos(1_000_000_000L);
                bench.on("a", "kill -9 $(cat /run/container); sleep 1; ps -e | grep java || true");
                tell("killed " + i);
            }
            bench.start("a", "write", "a9", "20").await(Duration.ofMinutes(6));
            b.await(Duration.ofMinutes(6));
            verdict(bench, "s");
        }
    }

    private static void verdict(Bench bench, String server) throws Exception {
        tell(bench.story());
        tell(bench.on(server, "ls -la /mnt/exp/*/*").output());
        Bench.Count count = bench.count(server);
        tell(count.toString());
        assertThat(count).matches(Bench.Count::clean);
    }
}
