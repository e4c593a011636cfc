package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import walsafe.format.Journal;

final class RedactionTest {
    private static final String BOOT = "6b0f8d3e-1111-2222-3333-444455556666";

    @Test
    void nothingThatNamesAPersonIsLeft() {
        String redacted = invented().redacted().toString();

        assertThat(redacted)
                .doesNotContain(
                        "alice", "bob", "carol", "workstation", "nas.example", "192.0.2.7", BOOT, "--password", "corp");
    }

    @Test
    void whatWasEqualStaysEqual() {
        Facts redacted = invented().redacted();

        assertThat(redacted.target().database()).contains("/home/~user2/shop.db");
        assertThat(redacted.target().asked()).isEqualTo("/home/~user2/shop.db");
        assertThat(redacted.database().owner()).contains("~user2");
        assertThat(redacted.host().bootId())
                .contains(redacted.domain().orElseThrow().bootId());
        Mount mount = redacted.storage().mount().orElseThrow();
        assertThat(mount.source()).isEqualTo("~source");
        assertThat(redacted.unseen())
                .containsExactly(
                        "the storage at /home/~user2/net (fuse.sshfs, ~source) did not answer in 5 s of ~host");
    }

    @Test
    void whatDecidesIsKept() {
        Facts redacted = invented().redacted();
        Mount mount = redacted.storage().mount().orElseThrow();

        assertThat(mount.type()).isEqualTo("fuse.sshfs");
        assertThat(mount.superOptions()).containsExactly("rw", "user_id=1000", "username=~", "addr=~", "nobrl");
        assertThat(redacted.neighbours().processes()).extracting(Neighbour::pid).containsExactly(7L);
        assertThat(redacted.domain().orElseThrow().inode()).isEqualTo(12);
        assertThat(redacted.database().content()).isEqualTo(DatabaseFacts.Content.DATABASE);
    }

    @Test
    void rootIsNoPerson() {
        assertThat(invented()
                        .redacted()
                        .neighbours()
                        .processes()
                        .get(0)
                        .sqlites()
                        .get(0)
                        .where())
                .isEqualTo("C:\\Users\\~user3\\sqlite3.dll");
        assertThat(new Redaction(invented()).facts().toString()).contains("root");
    }

    @Test
    void redactingTwiceChangesOnlyTheHash() {
        Facts once = invented().redacted();

        assertThat(once.redacted().target()).isEqualTo(once.target());
        assertThat(once.redacted().storage()).isEqualTo(once.storage());
        assertThat(once.redacted().unseen()).isEqualTo(once.unseen());
    }

    private static Facts invented() {
        Mount mount = new Mount(
                7,
                "0:40",
                "/",
                "/home/alice/net",
                "fuse.sshfs",
                "alice@nas.example:/home/alice",
                List.of("rw"),
                List.of("rw", "user_id=1000", "username=corp\\alice", "addr=192.0.2.7", "nobrl"));
        Neighbour process = new Neighbour(
                7,
                "/home/bob/bin/server --password secret",
                Optional.of("bob"),
                Optional.empty(),
                Set.of(DatabasePart.WAL),
                Set.of(),
                Map.of(DatabasePart.WAL, 1),
                List.of(),
                Optional.empty(),
                List.of(new Neighbour.SqliteLibrary(
                        "C:\\Users\\carol\\sqlite3.dll", Optional.empty(), "the file's name")),
                false,
                false);
        Signal signal = new Signal(Environment.VM, 50, "workstation, as root", false);
        return new Facts(
                new Target(
                        "/home/alice/shop.db",
                        Optional.of("/home/alice/shop.db"),
                        Target.State.FILE,
                        List.of("/home/alice/link"),
                        List.of()),
                new Storage(
                        Optional.of(mount),
                        Storage.Found.MOUNT_ID,
                        StorageClass.FUSE_NETWORK,
                        Reach.OTHER_KERNELS,
                        Answers.NONE,
                        Optional.empty(),
                        List.of(new Storage.View("/home/alice/x", mount, "the directory behind /home/alice/x")),
                        false),
                Optional.of(new CoherenceDomain(BOOT, "0:40", 40, 12, 2, "shop.db-wal")),
                new Host(
                        "Linux",
                        "6.1",
                        "amd64",
                        true,
                        4096,
                        Optional.of(BOOT),
                        false,
                        Optional.of("4026531836"),
                        true,
                        Optional.of("workstation"),
                        Set.of(),
                        List.of(signal)),
                database(),
                new Neighbours(true, List.of(process), List.of(), 0, true),
                Optional.empty(),
                List.of(new Evidence(
                        Question.NAMES_ARE_FRESH,
                        Evidence.Scope.WITHIN,
                        "a file was made in /home/alice",
                        new Answer(
                                Answer.Verdict.UNKNOWN, "/home/bob/x: denied to carol's friend bob", "probe names"))),
                List.of(
                        "the storage at /home/alice/net (fuse.sshfs, alice@nas.example:/home/alice) did not answer in 5 s"
                                + " of workstation"));
    }

    private static DatabaseFacts database() {
        return new DatabaseFacts(
                DatabaseFacts.Content.DATABASE,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.of(4096),
                Optional.empty(),
                Optional.of("rw-r--r--"),
                Optional.of("alice"),
                true,
                true,
                true,
                1,
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Journal(512, true, 1, 1, 4096, Optional.of("/home/alice/shop.db-mj01"), false)),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.of(new Signpost("/home/alice/local/shop.db", "t0ken", "buero", "boot", "", 4096, "", 3, 0)),
                Optional.empty());
    }
}
