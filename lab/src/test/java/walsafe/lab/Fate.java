package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/** What became of those who lived on, and of what they had been told is kept: a row of the result. */
final class Fate {
    private static final Duration SOON = Duration.ofSeconds(100); // lease, grace and a busy machine, and no hanging
    private static final Duration LEASE = Duration.ofSeconds(40); // longer than anything that ends by itself
    private static final String HEAD =
            "what happens\tstorage\tthe others\tseconds\tacknowledged\tlost\thalf\tintegrity\n";

    private final String disaster;
    private final Share share;
    private String others = "";
    private long seconds;
    private int incarnation = 10;

    Fate(String disaster, Share share) {
        this.disaster = disaster;
        this.share = share;
    }

    private static Path table() throws IOException {
        return Files.createDirectories(Lab.home().resolve("target")).resolve("hosts-die.tsv");
    }

    /** A table that is there goes on: run.sh removes it first. */
    static void begin() throws IOException {
        if (!Files.exists(table())) Files.writeString(table(), HEAD);
    }

    void other(String what) {
        others = what;
    }

    /**
     * Waits until these hosts' programs are acknowledged more, or are told of the lock that stays; then does what they were
     * told to do, and waits again.
     */
    void goesOn(Bench bench, String server, List<String> hosts) throws Exception {
        long start = System.nanoTime();
        boolean remedied = false;
        for (String host : hosts) {
            if (bench.goesOn(host, share == Share.SMB ? LEASE : SOON)) continue;
            assertThat(bench.voice(host).lines().stream().filter(line -> line.startsWith("trouble")))
                    .as("what " + host + " was told while it could not go on: " + bench.story())
                    .anyMatch(line -> line.contains("finding WS218"));
            remedied = true;
        }
        seconds = Math.max(seconds, Duration.ofNanos(System.nanoTime() - start).toSeconds());
        if (remedied) {
            String remedy = remedy(bench, server, hosts);
            others = "kept out, told WS218; went on after: " + remedy;
            for (String host : hosts) {
                assertThat(bench.goesOn(host, SOON))
                        .as(host + " goes on after " + remedy + bench.story())
                        .isTrue();
            }
        } else if (others.isEmpty()) {
            others = "waited and went on";
        }
    }

    /** As page WS218 says. */
    private String remedy(Bench bench, String server, List<String> hosts) throws Exception {
        if (share == Share.SMB) {
            for (String host : hosts) bench.stopAll(host);
            String lock = bench.origin() + ".lock";
            boolean stays = bench.on(server, "rmdir " + lock + " && echo removed || [ ! -e " + lock + " ]")
                    .output()
                    .contains("removed");
            // A dead host's session keeps its files open at the server, and one that is deleted meanwhile cannot be
            // opened.
            String smbd = "smbcontrol -s /run/samba/smb.conf smbd shutdown; sleep 3; busybox killall -9 smbd; sleep 1;"
                    + " smbd -D -s /run/samba/smb.conf; sh " + Lab.scripts().resolve("wait-port.sh") + " 445";
            if (disaster.startsWith("a host")) bench.on(server, smbd);
            for (String host : hosts) bench.write(host, host + ++incarnation);
            String end = disaster.startsWith("a host") ? " and a restart of Samba" : "";
            return (stays ? "rmdir app.db.lock" : "their programs started again") + end;
        }
        bench.boot("a2", "a", 11);
        bench.mountAgain("a2");
        return "the dead host started again";
    }

    /** Stops what still writes, counts, and adds the row. */
    void end(Bench bench, String server) throws Exception {
        bench.stopAll();
        Bench.Count count = bench.count(server);
        String row = String.join(
                "\t",
                disaster,
                share.label(),
                others,
                Long.toString(seconds),
                Integer.toString(count.acknowledged()),
                Integer.toString(count.lost()),
                Integer.toString(count.half().size()),
                count.integrity());
        Files.writeString(table(), row + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Scenario.tell(row.replace("\t", " | "));
        assertThat(count).as(bench.story()).matches(Bench.Count::clean);
        assertThat(count.acknowledged()).isPositive();
    }
}
