package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walsafe.lab.inside.PowerCut;
import walsafe.lab.inside.Settings;

/**
 * Power cuts. A kernel is killed while it commits to databases on ext4, xfs and btrfs with each settings of walsafe's; a fresh
 * one mounts the disks, opens the databases by walsafe and counts, and the host's ledger of acknowledgements says what must be
 * there. One cut serves all filesystems and settings, each with a disk of its own.
 *
 * <p>Every second cut is one of an eager kernel, which writes back after a fifth of a second instead of 30 seconds, with
 * checkpoints each 40 pages instead of each 1,000: then more is under way, and less is lost by those that sync late.
 */
@Timeout(4 * 3600)
class PowerCutScenario extends Scenario {
    private static final int CUTS = Integer.getInteger("lab.cuts", 60);
    private static final long SEED = Long.getLong("lab.seed", System.nanoTime() & 0xFFFFFF);
    private static final Path RESULT = Lab.home().resolve("target/power-cuts.tsv");
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int MEBIBYTES = 768;
    private static final int LATEST_MILLIS = 3000;
    private static final List<String> FILESYSTEMS = List.of("ext4", "xfs", "btrfs");

    /** A filesystem and settings; its place in the list is its number everywhere. */
    private record Place(String filesystem, Settings settings) {
        boolean is(PowerTally.Key key) {
            return key.filesystem().equals(filesystem) && key.settings() == settings;
        }
    }

    private static final List<Place> PLACES = FILESYSTEMS.stream()
            .flatMap(filesystem -> List.of(Settings.values()).stream().map(settings -> new Place(filesystem, settings)))
            .toList();

    /** One boot, and what was acknowledged in it. */
    private static final class Life {
        final int number;
        final boolean last;
        final PowerLedger ledger = new PowerLedger();
        final CountDownLatch counted = new CountDownLatch(1);
        final CountDownLatch underWay = new CountDownLatch(PLACES.size());
        volatile String trouble = "";
        long cutNanos;

        Life(int number, boolean last) {
            this.number = number;
            this.last = last;
        }

        boolean eager() {
            return number % 2 == 1;
        }

        String pace() {
            return eager() ? "eager" : "usual";
        }

        void hear(String what, String told) {
            switch (what) {
                case "ack" -> ledger.hear(told, System.nanoTime());
                case "counted" -> counted.countDown();
                case "underway" -> underWay.countDown();
                case "trouble" -> trouble = told;
                default -> {}
            }
        }
    }

    @BeforeAll
    static void heading() throws IOException, SQLException {
        if (Lab.whyNot().isPresent()) return;
        Files.createDirectories(RESULT.getParent());
        Files.writeString(
                RESULT,
                "# " + LocalDate.now(ZoneOffset.UTC) + ", lab/run PowerCut -Dlab.cuts=" + CUTS + " -Dlab.seed=" + SEED
                        + "\n# " + machine() + "\n" + PowerTally.HEADING + "\n");
    }

    @BeforeEach
    void thereAreTheseFilesystems() {
        for (String tool : List.of("mkfs.xfs", "mkfs.btrfs", "python3", "setsid"))
            assumeTrue(Lab.find(tool).isPresent(), "NO LAB: not installed: " + tool + " (lab/run installs it)");
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @EnumSource(names = {"PLAIN", "VOLATILE"})
    void noPlanLosesWhatItPromisesToKeep(PowerDisk disk) throws Exception {
        PowerTally tally = new PowerTally();
        try {
            cut(disk, CUTS, tally);
        } finally {
            Files.write(RESULT, tally.lines(), StandardOpenOption.APPEND);
        }
        whatWasPromisedWasKept(disk, tally);
    }

    /** Else a disk could lose what it likes, and this would say that nothing was lost. */
    @Test
    void aDiskThatLiesIsNoticed() throws Exception {
        PowerTally tally = new PowerTally();
        cut(PowerDisk.FORGETFUL, 2, tally);

        assertThat(tally.of(key -> key.settings().keepsEveryCommit()).lost).isPositive();
    }

    private static void cut(PowerDisk disk, int cuts, PowerTally tally) throws Exception {
        try (Lab lab = Lab.setUp()) {
            List<String> words =
                    disk.make(lab, PLACES.stream().map(Place::filesystem).toList(), SEED);
            Random chance = new Random(SEED);
            Optional<Life> before = Optional.empty();
            for (int number = 0; number <= cuts; number++) {
                Life life = new Life(number, number == cuts);
                Guest guest = lab.host("p" + number, MEBIBYTES, words).tellingAll(life::hear);
                live(lab, guest.awaitReady(), disk, before, life, tally);
                before = Optional.of(life);
                if (number % 10 == 0) System.out.println(disk + ": " + number + " of " + cuts + " cuts");
                if (!life.last) Thread.sleep(chance.nextInt(LATEST_MILLIS)); // the random moment
                life.cutNanos = System.nanoTime();
                guest.cut();
            }
            report(disk, disk.blocks(lab, PLACES.size()), tally);
        }
    }

    /** Mounts, has the last life's databases counted, and waits until all writers of this one are under way. */
    private static void live(Lab lab, Guest guest, PowerDisk disk, Optional<Life> before, Life life, PowerTally tally)
            throws Exception {
        Set<Integer> failed = mount(lab, guest, disk, life);
        String trouble = "/mnt/jobs/trouble.txt";
        guest.start(java(
                        PowerCut.class,
                        life.number + "",
                        life.pace(),
                        "/mnt/jobs/counts.txt",
                        PLACES.stream()
                                .map(place -> directory(PLACES.indexOf(place)) + "=" + place.settings())
                                .collect(Collectors.joining(" ")))
                + " 2>" + trouble);
        await(guest, life, life.counted, "counting");
        if (before.isPresent()) add(disk, failed, guest.wrote("counts.txt"), before.get(), tally);
        if (!life.last) await(guest, life, life.underWay, "writing");
    }

    private static void await(Guest guest, Life life, CountDownLatch event, String what) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!event.await(100, TimeUnit.MILLISECONDS)) {
            if (life.trouble.isEmpty() && System.nanoTime() < end) continue;
            guest.run(PATIENCE, "sync");
            throw new IllegalStateException(what + " in life " + life.number + ": trouble with '" + life.trouble + "': "
                    + guest.wrote("trouble.txt"));
        }
    }

    /** A disk that cannot be mounted is told, kept as it is under target for whoever wants to know why, and made anew. */
    private static Set<Integer> mount(Lab lab, Guest guest, PowerDisk disk, Life life) throws IOException {
        StringBuilder script = new StringBuilder(disk == PowerDisk.PLAIN ? "" : "/run/modprobe virtio_blk\n");
        if (life.eager()) {
            script.append("cd /proc/sys/vm; echo 10 >dirty_writeback_centisecs; echo 20 >dirty_expire_centisecs\n");
        }
        for (int place = 0; place < PLACES.size(); place++)
            script.append("mkdir -p " + directory(place) + "; " + mount(disk, life, place) + " || echo 'not mounted: "
                    + place + "'\n");
        Outcome mounting = guest.run(PATIENCE, script.toString()).orFail("mounting");
        Set<Integer> failed = new TreeSet<>();
        for (String line : mounting.lines())
            if (line.startsWith("not mounted: ")) failed.add(Integer.valueOf(line.substring("not mounted: ".length())));
        for (int place : failed) {
            if (disk != PowerDisk.FORGETFUL) keep(lab, guest, disk, life, place, mounting);
            String anew = PowerDisk.format(PLACES.get(place).filesystem()) + " " + disk.device(place);
            guest.run(PATIENCE, anew + " && " + mount(disk, life, place)).orFail("making a disk anew");
        }
        return failed;
    }

    private static void keep(Lab lab, Guest guest, PowerDisk disk, Life life, int place, Outcome mounting)
            throws IOException {
        Path kept = Lab.home().resolve("target/not-mounted-" + disk + "-" + place); // the last one only: they are large
        Lab.command("cp", "--sparse=always", PowerDisk.image(lab, place).toString(), kept.toString());
        tell("life " + life.number + ", " + PLACES.get(place) + ": " + mounting.output() + "kept as " + kept + "\n"
                + guest.run(PATIENCE, "dmesg | tail -20").output());
    }

    private static String mount(PowerDisk disk, Life life, int place) {
        String filesystem = PLACES.get(place).filesystem();
        String options = life.eager() && !filesystem.equals("xfs") ? "commit=1" : "defaults";
        return "mount -t " + filesystem + " -o " + options + " " + disk.device(place) + " " + directory(place);
    }

    private static String directory(int place) {
        return "/mnt/p" + place;
    }

    private static void add(PowerDisk disk, Set<Integer> failed, String counts, Life life, PowerTally tally)
            throws IOException {
        for (String line : counts.lines().toList()) {
            int number = Integer.parseInt(line.substring(0, line.indexOf('\t')));
            Place place = PLACES.get(number);
            PowerTally.Key key = new PowerTally.Key(disk, place.filesystem(), place.settings(), life.pace());
            PowerLedger.Loss loss = life.ledger.held(number, line.substring(line.indexOf('\t') + 1), life.cutNanos);
            tally.add(key, loss);
            if (failed.contains(number)) tally.notMounted(key);
            if (disk != PowerDisk.FORGETFUL && broken(place.settings(), loss))
                tell("BROKEN: life " + life.number + " " + place + " " + loss + "\n  " + line);
        }
    }

    private static boolean broken(Settings settings, PowerLedger.Loss loss) {
        boolean wrong = loss.damaged().isPresent() || loss.refused().isPresent();
        return (settings.keepsTheDatabase() && wrong) || (settings.keepsEveryCommit() && loss.lost() > 0);
    }

    private static void whatWasPromisedWasKept(PowerDisk disk, PowerTally tally) {
        for (Place place : PLACES) {
            PowerTally.Sum sum = tally.of(place::is);
            assertThat(sum.cuts).as("cuts of " + place).isEqualTo(CUTS);
            assertThat(sum.acknowledged).as("acknowledged, " + place).isPositive();
            if (place.settings().keepsEveryCommit())
                assertThat(sum.lostNothing()).as(place + ": " + sum).isTrue();
            if (place.settings().keepsTheDatabase())
                assertThat(sum.keptTheDatabase()).as(place + ": " + sum).isTrue();
        }
        if (disk == PowerDisk.PLAIN) return;
        assertThat(tally.of(key -> key.settings() == Settings.WAL_NORMAL).lost)
                .as("WAL with NORMAL was not seen to lose, so this disk proves nothing")
                .isPositive();
        assertThat(tally.of(key -> key.settings() == Settings.DELETE_OFF).lost)
                .as("a bare database that syncs nothing was not seen to lose, so this disk proves nothing")
                .isPositive();
    }

    private static void report(PowerDisk disk, long[] blocks, PowerTally tally) throws IOException {
        StringBuilder words = new StringBuilder("power cuts, " + disk + " disk, seed " + SEED);
        words.append("; blocks of 4 KiB written and not flushed: ")
                .append(blocks[0])
                .append(", of these not kept as written: ")
                .append(blocks[1]);
        for (Place place : PLACES) {
            words.append("\n  ")
                    .append(place.filesystem())
                    .append(' ')
                    .append(place.settings())
                    .append(": ")
                    .append(tally.of(place::is));
        }
        tell(words.toString());
    }

    /** The processor, the kernels, Java and SQLite. */
    private static String machine() throws IOException, SQLException {
        String processor = Lab.processor().orElse(System.getProperty("os.arch"));
        try (Connection db = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement sql = db.createStatement()) {
            return processor + " with " + Runtime.getRuntime().availableProcessors() + " cores, Linux "
                    + System.getProperty("os.version").replaceFirst("-.*", "") + ", guests " + Lab.guestVersion()
                    + ", Java "
                    + System.getProperty("java.version") + ", SQLite "
                    + sql.executeQuery("SELECT sqlite_version()").getString(1);
        }
    }
}
