package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import walsafe.lab.inside.Bare;
import walsafe.lab.inside.Writer;

/**
 * The first story (docs/guide/first-story.md). A program keeps its database in WAL mode in the home directory; homes are
 * on NFS and used from several machines; rows vanish. Here: the database of a program that was killed lies on NFS 4.2 with
 * its -wal, two machines open it by walsafe and write at once, and the server of the storage counts.
 */
class FirstSeedScenario extends Scenario {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String DATABASE = Share.NFS42.place() + "/app.db";
    private static final int BEFORE = 200;
    private static final int EACH = 150;

    @Test
    void aWalDatabaseOnNfsIsToldBroughtBackAndLosesNothingToTwoHosts() throws Exception {
        try (Lab lab = Lab.setUp()) {
            Guest server = lab.server(Share.NFS42);
            List<Guest> hosts = lab.hosts(2, Share.NFS42);
            Guest a = hosts.get(0);
            Guest b = hosts.get(1);
            aProgramDiedAndItsHomeIsOnNfs(a);

            Outcome doctor = a.run(PATIENCE, java(MAIN, "doctor", DATABASE));
            tell(doctor.output());
            keep(a.run(PATIENCE, java(MAIN, "doctor", "--format", "json", DATABASE)));
            assertThat(doctor.code()).isEqualTo(3);
            assertThat(doctor.output()).startsWith("UNSAFE ").contains("WS305", "WS304", "nfs4");

            openedOnce(a);

            Guest.Job onA = a.start(java(Writer.class, DATABASE, "a", EACH + ""));
            Guest.Job onB = b.start(java(Writer.class, DATABASE, "b", EACH + ""));
            Outcome byA = onA.await(PATIENCE).orFail("the writer on a");
            Outcome byB = onB.await(PATIENCE).orFail("the writer on b");
            Outcome count = counted(server);

            Ledger ledger = new Ledger().hear("before", BEFORE).hear(byA).hear(byB);
            tell("host a: " + story(byA) + "\nhost b: " + story(byB) + "\nacknowledged: " + ledger.size()
                    + ", missing: " + ledger.missingFrom(count).size() + ", "
                    + count.lines().get(1));
            assertThat(ledger.size()).isEqualTo(BEFORE + 2 * EACH);
            assertThat(ledger.missingFrom(count)).isEmpty();
            assertThat(count.output()).contains("integrity ok").doesNotContain("mode wal");
            assertThat(byA.output()).contains("opened ROLLBACK");
        }
    }

    /** The report in the guide is made from it, by FirstStoryTest of the command line. */
    private static void keep(Outcome report) throws IOException {
        Files.writeString(
                Files.createDirectories(Lab.home().resolve("target")).resolve("first-story.json"), report.output());
    }

    /** Nothing on host a shows who is there: only the lock that the other one holds does. */
    @Test
    void aWalDatabaseThatAnotherHostHasOpenIsNotConverted() throws Exception {
        try (Lab lab = Lab.setUp()) {
            Guest server = lab.server(Share.NFS42);
            List<Guest> hosts = lab.hosts(2, Share.NFS42);
            Guest a = hosts.get(0);
            Guest b = hosts.get(1);
            aProgramDiedAndItsHomeIsOnNfs(a);
            Guest.Job holder = b.start(java(Bare.class, "hold", DATABASE, "/run/held", "/run/release"));
            b.run(PATIENCE, "until [ -e /run/held ]; do sleep 0.1; done").orFail("holding it");

            Outcome opening = a.run(PATIENCE, java(Writer.class, DATABASE, "a", "1"));

            Outcome held = stop(b, holder);
            tell("while host b has it open: " + opening.output());
            assertThat(opening.code()).isEqualTo(3);
            Outcome count = counted(server);
            assertThat(new Ledger().hear("before", BEFORE).hear(held).missingFrom(count))
                    .isEmpty();
            assertThat(count.output()).contains("integrity ok");
        }
    }

    private static Outcome stop(Guest host, Guest.Job holder) {
        host.run(PATIENCE, "touch /run/release").orFail("releasing");
        return holder.await(PATIENCE).orFail("the program that held it");
    }

    /** On the server's own disk, by a program that knows nothing of walsafe, when all others have gone. */
    private static Outcome counted(Guest server) {
        return server.run(PATIENCE, java(Bare.class, "count", "/mnt/exp/nfs42/app.db"))
                .orFail("counting");
    }

    /** Made on a local disk, killed with rows in its -wal only, then copied with it, as people move a home. */
    private static void aProgramDiedAndItsHomeIsOnNfs(Guest host) {
        host.run(PATIENCE, java(Bare.class, "crash", "/mnt/disk/app.db", BEFORE + ""))
                .orFail("the program that dies");
        host.run(PATIENCE, "cp /mnt/disk/app.db /mnt/disk/app.db-wal " + Share.NFS42.place() + " && sync")
                .orFail("copying");
    }

    /** Opening it is enough: the frames of the -wal are carried over, and it has a rollback journal. */
    private static void openedOnce(Guest host) throws Exception {
        Outcome opening =
                host.run(PATIENCE, java(Writer.class, DATABASE, "a", "0")).orFail("opening");
        tell(opening.output());
        assertThat(opening.output())
                .contains("was in WAL mode", "frames of its -wal were carried over", "opened ROLLBACK");
        tell(host.run(PATIENCE, "cd " + Share.NFS42.place() + " && find . -type f | xargs ls -l")
                .output());
    }

    private static String story(Outcome writer) {
        Optional<String> opened =
                writer.lines().stream().filter(l -> l.startsWith("opened")).findFirst();
        Optional<String> wrote =
                writer.lines().stream().filter(l -> l.startsWith("wrote")).findFirst();
        return opened.orElse("not opened") + ", " + wrote.orElse("not done");
    }
}
