package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

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
    private static final Duration PATIENCE = Duration.ofMinutes(1);
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
            assertThat(doctor.code()).isEqualTo(3);
            assertThat(doctor.output()).startsWith("UNSAFE ").contains("WS305", "WS304", "nfs4");

            bringBack(a);

            Guest.Job onA = a.start(java(Writer.class, DATABASE, "a", EACH + ""));
            Guest.Job onB = b.start(java(Writer.class, DATABASE, "b", EACH + ""));
            Outcome byA = onA.await(PATIENCE).orFail("the writer on a");
            Outcome byB = onB.await(PATIENCE).orFail("the writer on b");
            // On the server's own disk, by a program that knows nothing of walsafe, when both have gone.
            Outcome count = server.run(PATIENCE, java(Bare.class, "count", "/mnt/exp/nfs42/app.db"))
                    .orFail("counting");

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

    /** Made on a local disk, killed with rows in its -wal only, then copied with it, as people move a home. */
    private static void aProgramDiedAndItsHomeIsOnNfs(Guest host) {
        host.run(PATIENCE, java(Bare.class, "crash", "/mnt/disk/app.db", BEFORE + ""))
                .orFail("the program that dies");
        host.run(PATIENCE, "cp /mnt/disk/app.db /mnt/disk/app.db-wal " + Share.NFS42.place() + " && sync")
                .orFail("copying");
    }

    /** Opening brings it back; a walsafe that only refuses is helped by what its doctor says to do. */
    private static void bringBack(Guest host) throws Exception {
        Outcome opening = host.run(PATIENCE, java(Writer.class, DATABASE, "a", "0"));
        tell(opening.output());
        if (opening.code() == 0) return;
        assertThat(opening.output()).startsWith("refused WS305");
        String remedy = "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=TRUNCATE";
        tell(host.run(PATIENCE, java(Bare.class, "do", DATABASE, "'" + remedy + "'"))
                .orFail("the doctor's remedy")
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
