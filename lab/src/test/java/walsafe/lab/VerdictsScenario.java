package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import walsafe.lab.inside.Round;

/**
 * What the doctor says inside a real guest about each kind of storage, beside the modes in which the same storage failed two
 * kernels, or two views in one (docs/knowledge/lab.md and one-kernel.md). The fixtures of the unit tests were written down by
 * people; these mounts are the kernel's.
 */
class VerdictsScenario extends Scenario {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /**
     * @param mode of the plan, or REFUSE
     * @param failed the modes that were measured to lose rows, to damage the file or to commit nothing there
     */
    private record Expected(String filesystem, String verdict, String mode, Set<String> failed) {
        boolean honest() {
            return !failed.contains(mode) && verdict.equals("UNSAFE") == mode.equals("REFUSE");
        }
    }

    private static final Map<Share, Expected> TABLE = new LinkedHashMap<>();

    static {
        expect(Share.EXT4, "ext4", "SAFE", "WAL");
        expect(Share.XFS, "xfs", "SAFE", "WAL");
        expect(Share.BTRFS, "btrfs", "SAFE", "WAL");
        expect(Share.OVERLAY_ALONE, "overlay", "SAFE", "WAL");
        // The upper directory and the one behind bindfs can be reached here by their own paths, too.
        expect(Share.OVERLAY, "overlay", "UNSAFE", "REFUSE", "WAL");
        expect(Share.BINDFS, "fuse", "UNSAFE", "REFUSE", "WAL", "ROLLBACK");
        expect(Share.FUSE_OVERLAYFS, "fuse.fuse-overlayfs", "UNSAFE", "REFUSE", "WAL", "ROLLBACK");
        expect(Share.NFS42, "nfs4", "SAFE_ONLY_IF", "ROLLBACK", "WAL", "ROLLBACK_DOTFILE");
        expect(Share.NFS3, "nfs", "SAFE_ONLY_IF", "ROLLBACK", "WAL");
        expect(Share.NFS3_NOLOCK, "nfs", "UNSAFE", "REFUSE", "WAL", "ROLLBACK");
        expect(Share.NFS3_LOCAL_LOCK, "nfs", "UNSAFE", "REFUSE", "ROLLBACK");
        expect(Share.SMB, "cifs", "SAFE_ONLY_IF", "ROLLBACK_DOTFILE", "WAL", "ROLLBACK");
        expect(Share.SMB_NOBRL, "cifs", "UNSAFE", "REFUSE", "WAL", "ROLLBACK");
        // diod passes locks on and lost nothing with a rollback journal; other 9p servers do not, and which it is
        // cannot be seen.
        expect(Share.P9, "9p", "UNSAFE", "REFUSE", "WAL");
        expect(Share.P9_MMAP, "9p", "UNSAFE", "REFUSE", "WAL");
        expect(Share.P9_LOOSE, "9p", "UNSAFE", "REFUSE", "WAL", "ROLLBACK");
        expect(Share.SSHFS, "fuse.sshfs", "UNSAFE", "REFUSE", "WAL", "ROLLBACK");
        expect(Share.HOSTFS, "hostfs", "UNSAFE", "REFUSE", "WAL", "ROLLBACK", "ROLLBACK_DOTFILE");
        expect(Share.VIRTIOFS, "virtiofs", "UNSAFE", "REFUSE", "WAL", "ROLLBACK", "ROLLBACK_DOTFILE");
        expect(Share.VIRTIOFS_POSIX_LOCK, "virtiofs", "UNSAFE", "REFUSE", "WAL", "ROLLBACK");
        // Lost nothing with a rollback journal; but which settings a server has cannot be seen.
        expect(Share.VIRTIOFS_NO_CACHE, "virtiofs", "UNSAFE", "REFUSE", "WAL");
    }

    private static void expect(Share share, String filesystem, String verdict, String mode, String... failed) {
        TABLE.put(share, new Expected(filesystem, verdict, mode, Set.of(failed)));
    }

    private static Expected expected(Share share) {
        return Objects.requireNonNull(TABLE.get(share), () -> "no row for " + share);
    }

    private record Seen(String filesystem, String verdict, String mode, String findings) {
        static Seen of(String line) {
            String[] fields = line.split("\t", -1);
            return new Seen(fields[1], fields[2], fields[3], fields[4]);
        }

        boolean as(Expected expected) {
            return filesystem.equals(expected.filesystem)
                    && verdict.equals(expected.verdict)
                    && mode.equals(expected.mode);
        }
    }

    @Test
    void theTableOffersNothingThatFailed() {
        assertThat(TABLE).containsOnlyKeys(Share.values());
        assertThat(TABLE)
                .allSatisfy((share, expected) -> assertThat(expected.honest())
                        .as("%s %s", share, expected)
                        .isTrue());
    }

    @Test
    void theDoctorSaysInAGuestWhatTheTableSays() throws Exception {
        Share[] shares = Stream.of(Share.values())
                .filter(share -> share.whyNot().isEmpty())
                .toArray(Share[]::new);
        Map<Share, Seen> seen;
        try (Lab lab = Lab.setUp()) {
            lab.server(shares);
            Guest host = lab.hosts(1, shares).get(0);

            seen = round(host, shares);
        }

        tell(table(seen));
        assertThat(seen)
                .allSatisfy((share, line) -> assertThat(line)
                        .as("%s, expected %s", share, expected(share))
                        .matches(said -> said.as(expected(share))));
        assertThat(seen).as("most kinds of storage could be had").hasSizeGreaterThanOrEqualTo(12);
    }

    private static Map<Share, Seen> round(Guest host, Share... shares) {
        String paths =
                Stream.of(shares).map(share -> share.place() + "/shop.db").collect(Collectors.joining(" "));
        List<String> lines = host.run(PATIENCE, java(Round.class, paths))
                .orFail("the doctor's round")
                .lines();
        Map<Share, Seen> seen = new LinkedHashMap<>();
        for (int i = 0; i < shares.length; i++) seen.put(shares[i], Seen.of(lines.get(i)));
        return seen;
    }

    private static String table(Map<Share, Seen> seen) {
        StringBuilder table = new StringBuilder(
                row("storage", "filesystem", "the doctor", "plan", "findings", "failed between two openers"));
        table.append(row("---", "---", "---", "---", "---", "---"));
        for (Share share : Share.values()) table.append(line(share, Optional.ofNullable(seen.get(share))));
        return table.toString();
    }

    private static String line(Share share, Optional<Seen> seen) {
        return seen.map(said -> row(
                        share.label(),
                        said.filesystem,
                        words(said.verdict),
                        words(said.mode),
                        said.findings,
                        words(expected(share).failed.stream().sorted().collect(Collectors.joining(", ")))))
                .orElseGet(
                        () -> row(share.label(), "", "NOT RUN", share.whyNot().orElse("no reason known"), "", ""));
    }

    private static String words(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
