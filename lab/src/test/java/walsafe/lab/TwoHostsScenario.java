package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import walsafe.lab.inside.Bare;
import walsafe.lab.inside.Writer;

/**
 * The ground truth: two kernels write one database, on each storage that two hosts can share, bare with WAL, bare with a
 * rollback journal, and by walsafe. What was acknowledged is looked for on the storage's own side. walsafe must refuse or
 * lose nothing; the bare programs must be seen to fail where the doctor says so, or the lab proves nothing.
 */
@Timeout(2400)
class TwoHostsScenario extends Scenario {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SECONDS = Integer.getInteger("lab.seconds", 5);
    private static final String SHARES = System.getProperty("lab.shares", ".*");
    private static final int ROWS = 60;

    /** Storages on which two kernels have failed with WAL in each run of a few seconds that was ever made. */
    private static final List<Share> NEVER_WITH_WAL =
            List.of(Share.NFS42, Share.NFS3_NOLOCK, Share.HOSTFS, Share.VIRTIOFS, Share.VIRTIOFS_POSIX_LOCK);

    private record Result(int acknowledged, int lost, String integrity, String troubles) {
        boolean clean() {
            return lost == 0 && integrity.equals("ok") && troubles.isEmpty();
        }

        @Override
        public String toString() {
            String damage = integrity.equals("ok") ? "" : ", damaged";
            return lost + " of " + acknowledged + " lost" + damage + (troubles.isEmpty() ? "" : " (" + troubles + ")");
        }
    }

    @Test
    void whereTwoKernelsFail_walsafeRefusesOrLosesNothing() throws Exception {
        Share[] shares = Stream.of(Share.values())
                .filter(share -> share.shared() && share.label().matches(SHARES))
                .filter(share -> share.whyNot().isEmpty())
                .toArray(Share[]::new);
        Map<Share, Result> wal = new LinkedHashMap<>();
        Map<Share, Result> walsafe = new LinkedHashMap<>();
        tell("| storage | bare, WAL | bare, TRUNCATE | walsafe |\n|---|---|---|---|");
        try (Lab lab = Lab.setUp()) {
            Guest server = lab.server(shares);
            List<Guest> hosts = lab.hosts(2, shares);

            for (Share share : shares) {
                Table table = new Table(lab, server, hosts, share);
                wal.put(share, table.bare("wal"));
                Result truncate = table.bare("truncate");
                walsafe.put(share, table.walsafe());
                tell("| " + share.label() + " | " + wal.get(share) + " | " + truncate + " | " + walsafe.get(share)
                        + " |");
            }
        }

        assertThat(walsafe)
                .allSatisfy((share, result) -> assertThat(result)
                        .as(share.label())
                        .matches(kept -> kept.lost == 0 && kept.integrity.equals("ok")));
        assertThat(NEVER_WITH_WAL)
                .filteredOn(wal::containsKey)
                .allSatisfy(share -> assertThat(wal.get(share)).matches(result -> !result.clean()));
    }

    /** One storage on the bench. */
    private record Table(Lab lab, Guest server, List<Guest> hosts, Share share) {
        Result bare(String journal) throws IOException {
            String name = journal + ".db";
            atTheOrigin(java(Bare.class, "create", at(name), journal)).orFail("making " + name);
            List<Outcome> writers = new ArrayList<>();
            List<Guest.Job> jobs = new ArrayList<>();
            for (int i = 0; i < hosts.size(); i++) {
                jobs.add(hosts.get(i)
                        .start(java(Bare.class, "write", share.place() + "/" + name, host(i), SECONDS + "", journal)));
            }
            for (Guest.Job job : jobs) writers.add(job.await(PATIENCE));
            return result(name, writers);
        }

        Result walsafe() throws IOException {
            String name = "walsafe.db";
            atTheOrigin(java(Bare.class, "create", at(name), "delete")).orFail("making " + name);
            List<Outcome> writers = new ArrayList<>();
            List<Guest.Job> jobs = new ArrayList<>();
            for (int i = 0; i < hosts.size(); i++) {
                jobs.add(hosts.get(i).start(java(Writer.class, share.place() + "/" + name, host(i), ROWS + "")));
            }
            for (Guest.Job job : jobs) writers.add(job.await(PATIENCE));
            return result(name, writers);
        }

        private static String host(int number) {
            return String.valueOf((char) ('a' + number));
        }

        private String at(String name) {
            return share.origin(lab).resolve(name).toString();
        }

        private Result result(String name, List<Outcome> writers) throws IOException {
            Ledger ledger = new Ledger();
            writers.forEach(ledger::hear);
            Outcome count = atTheOrigin(java(Bare.class, "count", at(name)));
            String integrity = count.lines().stream()
                    .filter(line -> line.startsWith("integrity "))
                    .map(line -> line.substring("integrity ".length()))
                    .collect(Collectors.joining(", "));
            return new Result(ledger.size(), ledger.missingFrom(count).size(), integrity, troubles(writers));
        }

        private static String troubles(List<Outcome> writers) {
            TreeSet<String> troubles = new TreeSet<>();
            for (Outcome writer : writers) {
                writer.lines().stream().flatMap(Table::trouble).forEach(troubles::add);
                if (writer.code() > 128) troubles.add("killed by signal " + (writer.code() - 128));
                if (writer.lines().stream().noneMatch(line -> line.startsWith("ack ")))
                    troubles.add("a host kept nothing");
            }
            if (troubles.stream().anyMatch(trouble -> trouble.startsWith("refused")))
                troubles.remove("a host kept nothing");
            return String.join(", ", troubles);
        }

        /** BUSY is nobody's fault. */
        private static Stream<String> trouble(String line) {
            if (line.startsWith("refused ")) return Stream.of(line.substring(0, "refused WS101".length()));
            if (!line.startsWith("trouble [") || line.startsWith("trouble [SQLITE_BUSY")) return Stream.empty();
            return Stream.of(line.substring("trouble [SQLITE_".length(), line.indexOf(']')));
        }

        private Outcome atTheOrigin(String command) throws IOException {
            return share.server() == Share.Server.NONE ? here(command) : server.run(PATIENCE, command);
        }

        private static Outcome here(String command) throws IOException {
            // The command is for guests, which have a folder of that name.
            String own = command.replace("/run/tmp", System.getProperty("java.io.tmpdir"));
            Process process = new ProcessBuilder("sh", "-c", own)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.onExit().join().exitValue(), said);
        }
    }
}
