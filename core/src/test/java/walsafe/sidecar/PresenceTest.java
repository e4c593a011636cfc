package walsafe.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import walsafe.facts.Facts;
import walsafe.facts.Host;
import walsafe.facts.Reach;
import walsafe.facts.Sign;
import walsafe.facts.Sign.Life;
import walsafe.facts.Sign.Origin;
import walsafe.facts.Signs;
import walsafe.facts.Storage;

/** Signs beside a database: of this process, of one that was killed, of another kernel, of another mount. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class PresenceTest {
    private static final Duration FAST = Duration.ofMillis(50);
    private static final Duration NEVER = Duration.ofDays(1);
    private static final String ELSEWHERE = "ffffffff-0000-4000-8000-000000000000";

    @TempDir
    Path directory;

    private Path database;

    @BeforeEach
    void make() throws Exception {
        database = Files.createFile(directory.toRealPath().resolve("shop & café 数.db"));
    }

    @Test
    void aSignIsThereAsLongAsItIsShown() throws Exception {
        Facts facts = Facts.gather(database);
        try (Presence presence = Presence.show(database, facts, NEVER)) {
            assertThat(names()).containsExactly(presence.name());
            assertThat(seenFrom(facts)).singleElement().satisfies(sign -> {
                assertThat(sign.origin()).isEqualTo(Origin.THIS_PROCESS);
                assertThat(sign.life()).isEqualTo(Life.LIVES);
                assertThat(sign.pid()).isEqualTo(ProcessHandle.current().pid());
            });
            assertThat(Facts.gather(database).neighbours().signs()).hasSize(1);
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void aNameHasNothingThatSomeFilesystemForbids() throws Exception {
        try (Presence presence = Presence.show(database, Facts.gather(database), NEVER)) {
            assertThat(presence.name()).matches("[0-9a-z.-]+").hasSizeLessThan(160);
            assertThat(presence.name()).doesNotEndWith(".");
        }
    }

    @Test
    void aHeartbeatGivesTheNextName() throws Exception {
        try (Presence presence = Presence.show(database, Facts.gather(database), NEVER)) {
            presence.beat();
            presence.beat();

            assertThat(names()).containsExactly(presence.name());
            assertThat(presence.name()).endsWith(".g3");
        }
    }

    @Test
    void aProcessThatDiedBetweenTheNextNameAndTheLastIsOneSign() throws Exception {
        Facts facts = Facts.gather(database);
        try (Presence presence = Presence.show(database, facts, NEVER)) {
            Path folder = Folder.path(database);
            Files.createFile(folder.resolve(presence.name().replace(".g1", ".g2")));

            assertThat(seenFrom(facts))
                    .singleElement()
                    .extracting(Sign::generation)
                    .isEqualTo(2L);
        }
    }

    @Test
    void signsOfProcessesOfThisKernelThatEndedAreRemovedAndNoOthers() throws Exception {
        Facts facts = Facts.gather(database);
        Sign own = Signs.own(facts.host(), facts.storage(), "0".repeat(32));
        Path folder = Files.createDirectory(Folder.path(database));
        String dead = leave(folder, own.name().replace("." + own.start() + ".", "." + (own.start() + 1) + "."));
        String foreign = leave(folder, own.renamed("1".repeat(32)).name().replace(own.bootId(), "ffffffff"));
        String strange = leave(folder, "p.of somebody else");
        String stamp = leave(folder, "closed.1.2.3.4.5");
        Facts shared = at(facts, facts.host(), Reach.OTHER_KERNELS);

        try (Presence presence = Presence.show(database, shared, NEVER)) {
            assertThat(names())
                    .doesNotContain(dead)
                    .containsExactlyInAnyOrder(presence.name(), foreign, strange, stamp);
        }
        assertThat(names()).containsExactlyInAnyOrder(foreign, strange, stamp);
    }

    @Test
    void anEarlierBootIsDeadOnlyWhereNoOtherKernelCanReachTheFile() throws Exception {
        Facts facts = Facts.gather(database);
        Path folder = Files.createDirectory(Folder.path(database));
        Sign own = Signs.own(facts.host(), facts.storage(), "0".repeat(32));
        leave(folder, own.name().replace(own.bootId(), "ffffffff"));

        assertThat(seenFrom(at(facts, facts.host(), Reach.OTHER_KERNELS)))
                .singleElement()
                .satisfies(sign -> assertThat(sign.vetoes()).isTrue());
        assertThat(seenFrom(onADisk(facts)))
                .singleElement()
                .satisfies(sign -> assertThat(sign.life()).isEqualTo(Life.ENDED));
    }

    @Test
    void aFolderThatCannotBeMadeIsAnErrorAndLeavesNothing() throws Exception {
        Files.writeString(Folder.path(database), "somebody else's file");
        Facts facts = Facts.gather(database);

        assertThatThrownBy(() -> Presence.show(database, facts, NEVER)).isInstanceOf(IOException.class);
        assertThat(Folder.path(database)).hasContent("somebody else's file");
    }

    @Test
    void aFolderThatIsALinkIsNotFollowed() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(Folder.path(database), elsewhere);
        Facts facts = Facts.gather(database);

        assertThatThrownBy(() -> Presence.show(database, facts, NEVER)).isInstanceOf(IOException.class);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aFolderThatIsDeletedUnderALiveProcessComesBack() throws Exception {
        try (Presence presence = Presence.show(database, Facts.gather(database), NEVER)) {
            Files.delete(Folder.path(database).resolve(presence.name()));
            Files.delete(Folder.path(database));

            presence.beat();

            assertThat(names()).containsExactly(presence.name());
        }
    }

    /** Clones of one machine's memory have the same boot id, pid, start and id. */
    @Test
    void aCloneThatUsesTheSameNameIsNotOverwritten() throws Exception {
        try (Presence presence = Presence.show(database, Facts.gather(database), NEVER)) {
            String first = presence.name();
            String taken = leave(Folder.path(database), first.replace(".g1", ".g2"));

            presence.beat();
            presence.beat();

            assertThat(names()).containsExactlyInAnyOrder(first, taken, presence.name());
            assertThat(presence.name()).isNotEqualTo(taken);
        }
    }

    @Test
    void closingTwiceIsHarmlessAndKeepsAnInterrupt() throws Exception {
        Presence presence = Presence.show(database, Facts.gather(database), FAST);
        Thread.currentThread().interrupt();

        presence.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThatCode(presence::close).doesNotThrowAnyException();
        assertThat(names()).isEmpty();
    }

    @Test
    void aProcessUnderAnotherKernelThatLivesIsSeenToLive() throws Exception {
        Facts here = at(Facts.gather(database), Facts.gather(database).host(), Reach.OTHER_KERNELS);
        try (Presence there =
                Presence.show(database, at(here, anotherKernel(here.host()), Reach.OTHER_KERNELS), FAST)) {
            assertThat(there.name()).startsWith("p.ffffffff.");
            Facts seen = here.seeing(seenFrom(here));
            assertThat(seen.neighbours().signs()).singleElement().satisfies(sign -> {
                assertThat(sign.origin()).isEqualTo(Origin.OTHER_KERNEL);
                assertThat(sign.life()).isEqualTo(Life.UNTOLD);
            });

            List<Sign> watched = Watch.of(database, seen);

            assertThat(watched).singleElement().extracting(Sign::life).isEqualTo(Life.LIVES);
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void oneThatShowsNoLifeIsSuspectAndItsSignStays() throws Exception {
        Facts here = at(Facts.gather(database), Facts.gather(database).host(), Reach.OTHER_KERNELS);
        Path folder = Files.createDirectory(Folder.path(database));
        Sign own = Signs.own(here.host(), here.storage(), "0".repeat(32));
        String dead = leave(folder, own.name().replace(own.bootId(), "ffffffff"));

        List<Sign> watched = new Watch(() -> seenFrom(here), FAST.multipliedBy(3), FAST).from(seenFrom(here));

        assertThat(watched).singleElement().satisfies(sign -> {
            assertThat(sign.life()).isEqualTo(Life.SUSPECT);
            assertThat(sign.vetoes()).isFalse();
        });
        assertThat(names()).containsExactly(dead);
    }

    @Test
    void oneThatComesBetweenTwoLooksLives() throws Exception {
        Facts here = at(Facts.gather(database), Facts.gather(database).host(), Reach.OTHER_KERNELS);
        try (Presence there =
                Presence.show(database, at(here, anotherKernel(here.host()), Reach.OTHER_KERNELS), NEVER)) {
            assertThat(there.name()).endsWith(".g1");
            assertThat(Watch.again(database, here))
                    .singleElement()
                    .extracting(Sign::life)
                    .isEqualTo(Life.LIVES);
        }
    }

    /** Or each look of one opening would wait for it anew. */
    @Test
    void whatWasFoundSuspectStaysSoUntilItMoves() {
        Sign sign = new Sign("ffffffff", "0-1", "1", 1, 1, "0".repeat(32), 1, Origin.OTHER_KERNEL, Life.UNTOLD);
        List<Sign> suspect = List.of(sign.with(Life.SUSPECT));

        assertThat(new Watch(() -> List.of(sign), FAST, FAST).once(suspect)).isEqualTo(suspect);
        assertThat(new Watch(() -> List.of(sign.next()), FAST, FAST).once(suspect))
                .containsExactly(sign.next().with(Life.LIVES));
    }

    /** A listing that falls between the two names of a heartbeat may show neither. */
    @Test
    void oneThatIsMissedOnceIsStillWatchedAndOneThatWasClosedIsForgotten() {
        Sign sign = new Sign("ffffffff", "0-1", "1", 1, 1, "0".repeat(32), 1, Origin.OTHER_KERNEL, Life.UNTOLD);
        List<List<Sign>> looks = new ArrayList<>(List.of(List.of(), List.of(sign.next())));

        assertThat(new Watch(() -> looks.remove(0), NEVER, Duration.ofMillis(1)).from(List.of(sign)))
                .singleElement()
                .extracting(Sign::life)
                .isEqualTo(Life.LIVES);
        assertThat(new Watch(List::of, NEVER, Duration.ofMillis(1)).from(List.of(sign)))
                .isEmpty();
    }

    /** The first hundred names that the folder listed were told, whoever they were of; a living one was among the rest. */
    @Test
    void manyDeadHideNobodyWhoLives() throws Exception {
        Facts facts = Facts.gather(database);
        Path folder = Files.createDirectory(Folder.path(database));
        Sign own = Signs.own(facts.host(), facts.storage(), "f".repeat(32));
        String foreign = own.name().replace("." + own.device() + ".", ".0-4711.");
        String dead = own.name().replace("." + own.start() + ".", "." + (own.start() + 1) + ".");
        for (int i = 0; i < 2000; i++) leave(folder, dead.replace("f".repeat(32), "%032x".formatted(i)));
        leave(folder, foreign);

        assertThat(seenFrom(facts)).hasSize(100).anyMatch(Sign::vetoes);
    }

    @Test
    void theSameKernelByAnotherMountIsForeign() throws Exception {
        Facts facts = Facts.gather(database);
        Path folder = Files.createDirectory(Folder.path(database));
        Sign own = Signs.own(facts.host(), facts.storage(), "0".repeat(32));
        leave(folder, own.name().replace("." + own.device() + ".", ".0-4711."));

        assertThat(seenFrom(facts)).singleElement().satisfies(sign -> {
            assertThat(sign.origin()).isEqualTo(Origin.OTHER_SUPERBLOCK);
            assertThat(sign.life()).isEqualTo(Life.LIVES);
        });
    }

    private List<Sign> seenFrom(Facts facts) {
        return Signs.beside(database, facts.host(), facts.storage());
    }

    private static String leave(Path folder, String name) throws IOException {
        Files.createFile(folder.resolve(name));
        return name;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(Folder.path(database))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static Host anotherKernel(Host host) {
        return new Host(
                host.os(),
                host.kernel(),
                host.arch(),
                host.littleEndian(),
                host.memoryPageBytes(),
                Optional.of(ELSEWHERE),
                host.bootIdReplaced(),
                host.pidNamespace(),
                host.allProcessesVisible(),
                host.name(),
                host.environments(),
                host.signals());
    }

    private static Facts onADisk(Facts facts) {
        Storage disk = facts.storage();
        return withStorage(
                facts,
                facts.host(),
                new Storage(
                        disk.mount(),
                        disk.found(),
                        walsafe.facts.StorageClass.LOCAL,
                        Reach.THIS_SUPERBLOCK,
                        disk.answers(),
                        disk.splitMount(),
                        disk.views(),
                        true));
    }

    private static Facts at(Facts facts, Host host, Reach reach) {
        Storage storage = facts.storage();
        return withStorage(
                facts,
                host,
                new Storage(
                        storage.mount(),
                        storage.found(),
                        storage.kind(),
                        reach,
                        storage.answers(),
                        storage.splitMount(),
                        storage.views(),
                        storage.blockDevice()));
    }

    private static Facts withStorage(Facts facts, Host host, Storage storage) {
        return new Facts(
                facts.target(),
                storage,
                facts.domain(),
                host,
                facts.database(),
                facts.neighbours(),
                facts.sqlite(),
                facts.evidence(),
                facts.unseen());
    }
}
