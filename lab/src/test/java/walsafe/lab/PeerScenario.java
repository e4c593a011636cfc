package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Question;

/**
 * Two kernels find each other through the directory alone and try it together, on each storage that two hosts can share. What
 * is known to lose rows must be convicted, and nothing that knowledge has convicted may come out better.
 */
@Timeout(3600)
class PeerScenario extends Scenario {
    private static final String SHARES = System.getProperty("lab.shares", "nfs42|smb|hostfs|p9");

    /** Refused by knowledge, whatever two hosts show each other (VerdictsScenario). */
    private static final Set<Share> CONVICTED = Set.of(
            Share.NFS3_NOLOCK,
            Share.NFS3_LOCAL_LOCK,
            Share.SMB_NOBRL,
            Share.P9,
            Share.P9_MMAP,
            Share.P9_LOOSE,
            Share.SSHFS,
            Share.HOSTFS,
            Share.VIRTIOFS,
            Share.VIRTIOFS_POSIX_LOCK);

    /** What the lab measured across two hosts by hand (docs/knowledge/lab.md). */
    private static final Map<Share, Question> KNOWN_NO = Map.of(
            Share.HOSTFS, Question.LOCKS_EXCLUDE,
            Share.SMB_NOBRL, Question.LOCKS_EXCLUDE,
            Share.SSHFS, Question.LOCKS_EXCLUDE,
            Share.VIRTIOFS, Question.LOCKS_EXCLUDE,
            Share.NFS3_NOLOCK, Question.LOCKS_EXCLUDE,
            Share.NFS3_LOCAL_LOCK, Question.LOCKS_EXCLUDE,
            Share.NFS42, Question.NAMES_ARE_FRESH,
            Share.VIRTIOFS_POSIX_LOCK, Question.READS_ARE_FRESH,
            Share.SMB, Question.LOCKS_UPGRADE);

    @Test
    void twoKernelsConvictWhatIsKnownToLose_andAcquitNothing() throws Exception {
        Share[] shares = Stream.of(Share.values())
                .filter(share -> share.shared() && share.label().matches(SHARES))
                .filter(share -> share.whyNot().isEmpty())
                .toArray(Share[]::new);
        Map<Share, TwoHostProbe> probes = new LinkedHashMap<>();
        tell("| storage | what two hosts said | seconds | because |\n|---|---|---|---|");
        try (Lab lab = Lab.setUp()) {
            lab.server(shares);
            List<Guest> hosts = lab.hosts(2, shares);

            for (Share share : shares) {
                TwoHostProbe probe = TwoHostProbe.of(hosts, share);
                probes.put(share, probe);
                tell("| " + share.label() + " | " + probe.words() + " | " + probe.seconds() + " | " + probe.because()
                        + " |");
                probe.said().forEach(said -> System.out.println(said.output()));
            }
        }

        assertThat(probes).isNotEmpty().allSatisfy((share, probe) -> {
            assertThat(probe.outcome()).as("%s: %s", share, probe).isIn("PASSED", "CONVICTED");
            assertThat(probe.across().get(Question.MEMORY_IS_SHARED))
                    .as("%s", share)
                    .isNotEqualTo(Verdict.YES);
            if (CONVICTED.contains(share))
                assertThat(probe.mode()).as("%s", share).isEqualTo("REFUSE");
            assertThat(probe.mode()).as("%s", share).isNotEqualTo("WAL");
            Question no = KNOWN_NO.get(share);
            if (no != null)
                assertThat(probe.across().get(no)).as("%s %s", share, no).isEqualTo(Verdict.NO);
        });
    }

    /**
     * A client of NFS remembers names and sizes for seconds, a journal's among them: a host reads what another left half
     * done, and only a mount that remembers nothing ({@code noac}) sees the journal in time.
     */
    @Test
    void onNfsAJournalIsSeenInTimeOnlyIfNothingIsRemembered() throws Exception {
        try (Lab lab = Lab.setUp()) {
            lab.server(Share.NFS42);
            List<Guest> hosts = lab.hosts(2, Share.NFS42);
            for (Guest host : hosts) {
                host.run(
                                Duration.ofMinutes(1),
                                "umount /mnt/nfs42 && mount -t nfs -o vers=4.2,noac 10.9.0.1:/nfs42 /mnt/nfs42")
                        .orFail("mounting with noac");
            }

            TwoHostProbe probe = TwoHostProbe.of(hosts, Share.NFS42);

            tell("| nfs42, noac | " + probe.words() + " | " + probe.seconds() + " | " + probe.because() + " |");
            probe.said().forEach(said -> System.out.println(said.output()));
            assertThat(probe.across().get(Question.NAMES_ARE_FRESH))
                    .as("%s", probe)
                    .isEqualTo(Verdict.YES);
            assertThat(probe.mode()).isEqualTo("ROLLBACK");
            assertThat(probe.verdict()).isEqualTo("SAFE_ONLY_IF");
        }
    }
}
