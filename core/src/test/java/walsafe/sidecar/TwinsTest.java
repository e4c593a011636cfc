package walsafe.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import walsafe.facts.Facts;
import walsafe.facts.Sign;
import walsafe.facts.Signs;

/**
 * Two hosts of one name on NFS are one client to the server, and both were granted every lock: two programs by walsafe
 * destroyed their database in the lab, each with a plan that named the condition and nobody who looked whether it held.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class TwinsTest {
    private static final String NAME = "0badcafe";
    private static final String ID = NAME + "1".repeat(24);
    private static final Duration PAUSE = Duration.ofMillis(5);

    @TempDir
    Path directory;

    private Path database;
    private Path lock;
    private Sign sign;

    @BeforeEach
    void make() throws Exception {
        database = Files.createFile(directory.toRealPath().resolve("shop.db"));
        Files.createDirectory(Folder.path(database));
        lock = Files.createFile(Folder.path(database).resolve("l." + ID));
        Facts facts = Facts.gather(database);
        sign = Signs.own(facts.host(), facts.storage(), ID);
    }

    @Test
    void whoseLockIsGrantedToUsThoughHeLivesIsATwin() {
        AtomicLong generation = new AtomicLong(1);

        assertThat(twins(Duration.ofMinutes(1), () -> List.of(elsewhere(generation.getAndIncrement())))
                        .named(NAME))
                .get()
                .extracting(Sign::id)
                .isEqualTo(ID);
    }

    @Test
    void whoseLockKeepsUsOutIsNoTwinWhateverHisName() throws Exception {
        AtomicLong generation = new AtomicLong(1);
        Process holder = holding(lock);
        try {
            assertThat(twins(Duration.ofMinutes(1), () -> List.of(elsewhere(generation.getAndIncrement())))
                            .named(NAME))
                    .isEmpty();
        } finally {
            holder.destroyForcibly();
        }
    }

    /** The host was killed and has started again under its old name; it must get in, and not wait each time. */
    @Test
    void whoStaysSilentIsDeadAndIsWatchedOnlyOnce() {
        assertThat(twins(PAUSE.multipliedBy(4), () -> List.of(elsewhere(7))).named(NAME))
                .isEmpty();

        assertThat(lock).doesNotExist();
    }

    @Test
    void whoBearsAnotherNameIsNotTried() {
        AtomicLong generation = new AtomicLong(1);

        assertThat(twins(Duration.ofMinutes(1), () -> List.of(elsewhere(generation.getAndIncrement())))
                        .named("00000000"))
                .isEmpty();
        assertThat(lock).exists();
    }

    @Test
    void aTetherIsHeldAsLongAsItsProcessAndTakenAnewWhenItWasTakenAway() throws Exception {
        Folder folder = Folder.of(database);
        try (Tether tether = Tether.hold(folder, "2".repeat(32))) {
            Path file = Folder.path(database).resolve("l." + "2".repeat(32));
            assertThat(triedElsewhere(file)).isEqualTo("held");

            Files.delete(file);
            tether.renew();

            assertThat(triedElsewhere(file)).isEqualTo("held");
        }
        assertThat(Tether.tried(folder, "2".repeat(32))).isEqualTo(Tether.Tried.UNTOLD);
    }

    private Twins twins(Duration patience, Supplier<List<Sign>> look) {
        return new Twins(Folder.of(database), look, patience, PAUSE);
    }

    private Sign elsewhere(long generation) {
        return new Sign(
                "ffffffff",
                sign.device(),
                sign.pidNamespace(),
                sign.pid(),
                sign.start(),
                ID,
                generation,
                Sign.Origin.OTHER_KERNEL,
                Sign.Life.UNTOLD);
    }

    /** A process of its own: within one JVM Java itself keeps such locks apart. */
    public static final class Holder {
        public static void main(String[] arguments) throws Exception {
            try (FileChannel channel =
                    FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                System.out.println(channel.tryLock(0, 1, false) == null ? "held" : "granted");
                if (arguments.length > 1) System.in.transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
    }

    private static Process holding(Path file) throws Exception {
        Process holder = start(file.toString(), "and wait");
        assertThat(holder.inputReader().readLine()).isEqualTo("granted");
        return holder;
    }

    private static String triedElsewhere(Path file) throws Exception {
        Process trying = start(file.toString());
        try (BufferedReader said = trying.inputReader()) {
            return said.readLine();
        } finally {
            trying.destroyForcibly();
        }
    }

    private static Process start(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
