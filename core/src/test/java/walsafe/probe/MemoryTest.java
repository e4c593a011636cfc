package walsafe.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Answers;
import walsafe.facts.DatabaseFacts;
import walsafe.facts.Evidence;
import walsafe.facts.Facts;
import walsafe.facts.Host;
import walsafe.facts.Mount;
import walsafe.facts.Neighbours;
import walsafe.facts.Reach;
import walsafe.facts.SqliteVersion;
import walsafe.facts.Storage;
import walsafe.facts.StorageClass;
import walsafe.facts.Target;

/** What is remembered, what is forgotten, and what is not believed. */
final class MemoryTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final SqliteVersion SQLITE = new SqliteVersion(3, 54, 1);
    private static final Mount MOUNT =
            new Mount(40, "0:52", "/", "/mnt", "fuse.x", "server", List.of("rw"), List.of("rw", "user_id=0"));

    @TempDir
    Path folder;

    @Test
    void whatWasShownIsRememberedWithItsDate() throws IOException {
        List<Evidence> shown = shown(Budget.GLANCE, Verdict.YES);
        memory().keep(facts(MOUNT), Budget.GLANCE, shown, NOW);

        List<Evidence> recalled = memory().recall(facts(MOUNT), Budget.GLANCE, NOW.plusSeconds(60))
                .orElseThrow();

        assertThat(recalled).hasSameSizeAs(shown);
        for (int i = 0; i < shown.size(); i++) {
            assertThat(recalled.get(i).question()).isEqualTo(shown.get(i).question());
            assertThat(recalled.get(i).answer().verdict())
                    .isEqualTo(shown.get(i).answer().verdict());
            assertThat(recalled.get(i).answer().because())
                    .isEqualTo(shown.get(i).answer().because());
            assertThat(recalled.get(i).answer().source())
                    .isEqualTo(shown.get(i).answer().source() + ", 2026-11-26T12:00:00Z");
        }
        assertThat(Files.getPosixFilePermissions(place())).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void anotherStorageIsNotTheSame() {
        memory().keep(facts(MOUNT), Budget.GLANCE, shown(Budget.GLANCE, Verdict.YES), NOW);

        for (Mount other : List.of(
                mount("0:53", "fuse.x", "server", "rw", "user_id=0"),
                mount("0:52", "fuse.y", "server", "rw", "user_id=0"),
                mount("0:52", "fuse.x", "another", "rw", "user_id=0"),
                mount("0:52", "fuse.x", "server", "rw,noatime", "user_id=0"),
                mount("0:52", "fuse.x", "server", "rw", "user_id=1"))) {
            assertForgotten(facts(other), Budget.GLANCE);
        }
        assertForgotten(facts(MOUNT, Optional.of("another boot"), false, Optional.of(SQLITE)), Budget.GLANCE);
        assertForgotten(
                facts(MOUNT, Optional.of("boot"), false, Optional.of(new SqliteVersion(3, 54, 2))), Budget.GLANCE);
    }

    @Test
    void whereOneBootCouldBeTakenForAnotherNothingIsKept() {
        for (Facts facts : List.of(
                facts(MOUNT, Optional.empty(), false, Optional.of(SQLITE)),
                facts(MOUNT, Optional.of("boot"), true, Optional.of(SQLITE)),
                facts(MOUNT, Optional.of("boot"), false, Optional.empty()),
                facts(mount("", "fuse.x", "server", "rw", "rw")))) {
            memory().keep(facts, Budget.GLANCE, shown(Budget.GLANCE, Verdict.YES), NOW);
            assertForgotten(facts, Budget.GLANCE);
        }
    }

    @Test
    void aMonthLaterItIsForgotten() {
        memory().keep(facts(MOUNT), Budget.GLANCE, shown(Budget.GLANCE, Verdict.YES), NOW);

        assertThat(memory().recall(facts(MOUNT), Budget.GLANCE, NOW.plus(Duration.ofDays(29))))
                .isPresent();
        assertThat(memory().recall(facts(MOUNT), Budget.GLANCE, NOW.plus(Duration.ofDays(31))))
                .isEmpty();
        assertThat(memory().recall(facts(MOUNT), Budget.GLANCE, NOW.minus(Duration.ofDays(2))))
                .isEmpty();
    }

    @Test
    void tortureServesForAGlanceAndNotTheOtherWayRound() {
        memory().keep(facts(MOUNT), Budget.GLANCE, shown(Budget.GLANCE, Verdict.UNKNOWN), NOW);
        assertForgotten(facts(MOUNT), Budget.TORTURE);

        memory().keep(facts(MOUNT), Budget.TORTURE, shown(Budget.TORTURE, Verdict.YES), NOW);
        assertThat(memory().recall(facts(MOUNT), Budget.GLANCE, NOW).orElseThrow())
                .hasSameSizeAs(Experiment.of(Budget.TORTURE));
    }

    /** Each byte changed, each length cut: never believed in another way than it was written. */
    @Test
    void whatIsNotExactlyOursIsIgnored() throws IOException {
        memory().keep(facts(MOUNT), Budget.GLANCE, shown(Budget.GLANCE, Verdict.YES), NOW);
        Path file = file();
        byte[] whole = Files.readAllBytes(file);

        for (int i = 0; i < whole.length; i++) {
            byte[] bad = whole.clone();
            bad[i] ^= 1;
            Files.write(file, bad);
            assertForgotten(facts(MOUNT), Budget.GLANCE);
            Files.write(file, java.util.Arrays.copyOf(whole, i));
            assertForgotten(facts(MOUNT), Budget.GLANCE);
        }
        Files.write(file, whole);
        assertThat(memory().recall(facts(MOUNT), Budget.GLANCE, NOW)).isPresent();
    }

    @Test
    void noiseIsIgnored() throws IOException {
        memory().keep(facts(MOUNT), Budget.GLANCE, shown(Budget.GLANCE, Verdict.YES), NOW);
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            byte[] noise = new byte[random.nextInt(5_000)];
            random.nextBytes(noise);
            Files.write(file(), noise);
            assertThat(memory().recall(facts(MOUNT), Budget.GLANCE, NOW))
                    .as("seed %d", seed)
                    .isEmpty();
        }
        Files.write(file(), new byte[1 << 20]);
        assertForgotten(facts(MOUNT), Budget.GLANCE);
    }

    /** With a right sum all the same: an experiment that never says yes, one missing, one too many, a verdict unknown. */
    @Test
    void aWellMadeForgeryIsIgnoredWhereItSaysTheImpossible() throws Exception {
        memory().keep(facts(MOUNT), Budget.GLANCE, shown(Budget.GLANCE, Verdict.YES), NOW);
        String text = Files.readString(file());
        String body = text.substring(0, text.stripTrailing().lastIndexOf('\n') + 1);
        forge(body);
        assertThat(memory().recall(facts(MOUNT), Budget.GLANCE, NOW))
                .as("the forger knows his craft")
                .isPresent();

        for (String bad : List.of(
                body.replace("sync-time\tUNKNOWN", "sync-time\tYES"),
                body.replaceFirst("(?m)^probe kill.*\n", ""),
                body + "probe kill\tYES\tagain\n",
                body.replace("probe kill\tYES", "probe kill\tMAYBE"),
                body.replace("walsafe probe 1", "walsafe probe 2"),
                body.replace("2026-11-26T12:00:00Z", "yesterday"))) {
            assertThat(bad).isNotEqualTo(body);
            forge(bad);
            assertForgotten(facts(MOUNT), Budget.GLANCE);
        }
    }

    private void forge(String body) throws Exception {
        byte[] sum = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
        Files.writeString(file(), body + HexFormat.of().formatHex(sum) + "\n");
    }

    @Test
    void whatOthersCouldHaveWrittenIsIgnored() throws IOException {
        memory().keep(facts(MOUNT), Budget.GLANCE, shown(Budget.GLANCE, Verdict.YES), NOW);
        Path file = file();

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        assertForgotten(facts(MOUNT), Budget.GLANCE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(place(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertForgotten(facts(MOUNT), Budget.GLANCE);
        Files.setPosixFilePermissions(place(), PosixFilePermissions.fromString("rwx------"));
        assertThat(memory().recall(facts(MOUNT), Budget.GLANCE, NOW)).isPresent();

        Path elsewhere = Files.move(file, folder.resolve("elsewhere"));
        Files.createSymbolicLink(file, elsewhere);
        assertForgotten(facts(MOUNT), Budget.GLANCE);
    }

    @Test
    void aFolderThatCannotBeMadeIsDoneWithout() throws IOException {
        Path file = Files.createFile(folder.resolve("a file"));
        Memory nowhere = Memory.in(file.resolve("below"));

        nowhere.keep(facts(MOUNT), Budget.GLANCE, shown(Budget.GLANCE, Verdict.YES), NOW);

        assertThat(nowhere.recall(facts(MOUNT), Budget.GLANCE, NOW)).isEmpty();
    }

    private void assertForgotten(Facts facts, Budget budget) {
        assertThat(memory().recall(facts, budget, NOW)).isEmpty();
    }

    private Path place() {
        return folder.resolve("cache/walsafe/probes");
    }

    private Memory memory() {
        return Memory.in(place());
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(place())) {
            return files.findFirst().orElseThrow();
        }
    }

    private static List<Evidence> shown(Budget budget, Verdict verdict) {
        return Experiment.of(budget).stream()
                .map(experiment -> experiment.evidence(new Seen(
                        experiment.name().equals("sync-time") ? Verdict.UNKNOWN : verdict,
                        "seen by " + experiment.name())))
                .toList();
    }

    private static Mount mount(String device, String type, String source, String options, String superOptions) {
        return new Mount(
                40, device, "/", "/mnt", type, source, List.of(options.split(",")), List.of("rw", superOptions));
    }

    private static Facts facts(Mount mount) {
        return facts(mount, Optional.of("boot"), false, Optional.of(SQLITE));
    }

    static Facts facts(Mount mount, Optional<String> boot, boolean replaced, Optional<SqliteVersion> sqlite) {
        Storage storage = new Storage(
                Optional.of(mount),
                Storage.Found.MOUNT_ID,
                StorageClass.UNKNOWN,
                Reach.UNKNOWN,
                Answers.NONE,
                Optional.empty(),
                List.of(),
                false);
        Host host = new Host(
                "Linux",
                "6.1",
                "amd64",
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN,
                4096,
                boot,
                replaced,
                Optional.empty(),
                true,
                Optional.empty(),
                Set.of(),
                List.of());
        return new Facts(
                new Target("/mnt/x.db", Optional.of("/mnt/x.db"), Target.State.MISSING, List.of(), List.of()),
                storage,
                Optional.empty(),
                host,
                DatabaseFacts.NONE,
                Neighbours.NOT_LOOKED,
                sqlite,
                List.of(),
                List.of());
    }
}
