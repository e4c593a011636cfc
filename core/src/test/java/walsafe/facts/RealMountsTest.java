package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Verdict;

/** The mount is found exactly where real kernels mount real filesystems. As root only; says which parts it skips. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class RealMountsTest {
    @Test
    void tmpfs_isFoundByItsMountId() throws Exception {
        try (Mounted tmpfs = Mounted.tmpfs()) {
            Storage storage = storage(database(tmpfs.point()));

            assertFound(storage, "tmpfs", tmpfs.point());
            assertThat(storage.blockDevice()).isFalse();
        }
    }

    @Test
    void ext4_liesOnABlockDevice() throws Exception {
        try (Mounted ext4 = Mounted.ext4()) {
            Storage storage = storage(database(ext4.point()));

            assertFound(storage, "ext4", ext4.point());
            assertThat(storage.blockDevice()).isTrue();
        }
    }

    @Test
    void xfs_liesOnABlockDevice() throws Exception {
        try (Mounted xfs = Mounted.xfs()) {
            Storage storage = storage(database(xfs.point()));

            assertFound(storage, "xfs", xfs.point());
            assertThat(storage.blockDevice()).isTrue();
        }
    }

    @Test
    void vfat_isFound() throws Exception {
        try (Mounted vfat = Mounted.vfat()) {
            assertFound(storage(database(vfat.point())), "vfat", vfat.point());
        }
    }

    @Test
    void squashfs_isReadOnlyAsASuperblock() throws Exception {
        try (Mounted content = Mounted.tmpfs()) {
            database(content.point());
            try (Mounted squashfs = Mounted.squashfs(content.point())) {
                Storage storage = storage(squashfs.point().resolve("shop.db"));

                assertFound(storage, "squashfs", squashfs.point());
                assertThat(storage.mount().orElseThrow().superblockReadOnly()).isTrue();
            }
        }
    }

    @Test
    void btrfs_subvolumesShareADeviceAndInodesButNotADomain() throws Exception {
        // st_dev of a subvolume is in no line of mountinfo, so that nothing but the mount id finds btrfs; and both
        // databases have the same inode number, so that nothing but st_dev tells them apart.
        try (Mounted btrfs = Mounted.btrfs()) {
            Path one = btrfs.point().resolve("one");
            Path two = btrfs.point().resolve("two");
            Command.must("btrfs", "subvolume", "create", one.toString());
            Command.must("btrfs", "subvolume", "create", two.toString());

            CoherenceDomain first = domain(database(one));
            CoherenceDomain second = domain(database(two));

            Storage storage = storage(one.resolve("shop.db"));
            assertFound(storage, "btrfs", btrfs.point());
            assertThat(storage.blockDevice()).isTrue();
            assertThat(first.device()).isEqualTo(second.device());
            assertThat(first.inode()).isEqualTo(second.inode());
            assertThat(first).isNotEqualTo(second);
        }
    }

    @Test
    void overlay_namesItsUpperDirectoryAsAnotherWay() throws Exception {
        try (Mounted overlay = Mounted.overlay()) {
            Path merged = database(overlay.point());

            Storage storage = storage(merged);

            assertFound(storage, "overlay", overlay.point());
            assertThat(storage.views()).singleElement().satisfies(view -> {
                assertThat(view.path()).isEqualTo(overlay.behind().toRealPath().toString());
                assertThat(view.relation()).isEqualTo("the upper directory of this overlay mount");
                assertThat(view.mount().type()).isEqualTo("tmpfs");
            });
        }
    }

    @Test
    void overlay_mountedWithRelativeNamesIsSeenThroughAllTheSame() throws Exception {
        try (Mounted overlay = Mounted.overlayWithRelativeNames()) {
            Storage merged = storage(database(overlay.point()));
            Storage upper = storage(overlay.behind().resolve("shop.db"));

            assertThat(merged.mount().orElseThrow().has("upperdir=layers/upper"))
                    .isTrue();
            assertThat(merged.views())
                    .extracting(Storage.View::path)
                    .containsExactly(overlay.behind().toRealPath().toString());
            assertThat(upper.views())
                    .extracting(Storage.View::path)
                    .containsExactly(overlay.point().toString());
        }
    }

    @Test
    void upperDirectory_namesTheOverlayThatShowsIt() throws Exception {
        try (Mounted overlay = Mounted.overlay()) {
            database(overlay.point());

            Storage storage = storage(overlay.behind().resolve("shop.db"));

            assertThat(storage.filesystem()).isEqualTo("tmpfs");
            assertThat(storage.views()).singleElement().satisfies(view -> {
                assertThat(view.path()).isEqualTo(overlay.point().toString());
                assertThat(view.mount().type()).isEqualTo("overlay");
            });
        }
    }

    @Test
    void lowerLayer_isNoOtherWayOnceTheOverlayHasItsOwnCopy() throws Exception {
        try (Mounted overlay = Mounted.overlay()) {
            Path lower = overlay.behind().toRealPath().resolveSibling("lower");
            Path database = database(lower);
            Storage before = storage(database);

            Files.writeString(overlay.point().resolve("shop.db"), "copied up");
            Storage after = storage(database);

            assertThat(before.views()).hasSize(1);
            assertThat(after.views()).isEmpty();
        }
    }

    @Test
    void volatileOverlay_showsThatItKeepsNoSync() throws Exception {
        try (Mounted overlay = Mounted.overlay("volatile")) {
            Mount mount = storage(database(overlay.point())).mount().orElseThrow();

            assertThat(mount.has("volatile") || mount.has("fsync=volatile")).isTrue();
        }
    }

    @Test
    void fuseOverlayfs_namesItsUpperDirectoryAsAnotherWay() throws Exception {
        try (Mounted overlay = Mounted.fuseOverlayfs()) {
            Storage storage = storage(database(overlay.point()));

            assertFound(storage, "fuse.fuse-overlayfs", overlay.point());
            assertThat(storage.views())
                    .extracting(Storage.View::path)
                    .containsExactly(overlay.behind().toRealPath().toString());
        }
    }

    /** The doctor called such an upper directory safe for WAL in the lab; used both ways, it loses rows. */
    @Test
    void fuseOverlayfs_namesItsUpperDirectoryThoughItWasGivenRelativeNames() throws Exception {
        try (Mounted overlay = Mounted.fuseOverlayfsWithRelativeNames()) {
            Path merged = database(overlay.point());
            Path upper = overlay.behind().toRealPath();

            assertThat(storage(merged).views()).extracting(Storage.View::path).containsExactly(upper.toString());
            assertThat(storage(upper.resolve("shop.db")).views())
                    .extracting(Storage.View::path)
                    .containsExactly(overlay.point().toString());
        }
    }

    /** In the lab such a file was opened in WAL mode in the upper directory: through the mount it was not to be seen yet. */
    @Test
    void fuseOverlayfs_isAnotherWayThoughItDoesNotShowTheFileYet() throws Exception {
        try (Mounted overlay = Mounted.fuseOverlayfs()) {
            try (DirectoryStream<Path> names = Files.newDirectoryStream(overlay.point())) {
                assertThat(names).isEmpty(); // from now on it remembers that there is nothing
            }
            assertThat(overlay.point().resolve("shop.db")).doesNotExist();
            Path upper = database(overlay.behind().toRealPath());

            assertThat(storage(upper).views())
                    .extracting(Storage.View::path)
                    .containsExactly(overlay.point().toString());
        }
    }

    @Test
    void bind_isItsOwnMountButTheSameDomain() throws Exception {
        try (Mounted tmpfs = Mounted.tmpfs()) {
            Path data = Files.createDirectory(tmpfs.point().resolve("data"));
            Path original = database(data);
            try (Mounted bind = Mounted.bind(data)) {
                Storage bound = storage(bind.point().resolve("shop.db"));

                assertFound(bound, "tmpfs", bind.point());
                assertThat(bound.mount().orElseThrow().root()).isEqualTo("/data");
                assertThat(bound.mount().orElseThrow().device())
                        .isEqualTo(storage(original).mount().orElseThrow().device());
                assertThat(bound.views()).isEmpty();
                assertThat(domain(bind.point().resolve("shop.db"))).isEqualTo(domain(original));
            }
        }
    }

    @Test
    void readOnlyBind_isReadOnlyHereAndWritableElsewhere() throws Exception {
        // Java's FileStore says that this store can be written, and names the wrong mount.
        try (Mounted tmpfs = Mounted.tmpfs()) {
            database(tmpfs.point());
            try (Mounted bind = Mounted.readOnlyBind(tmpfs.point())) {
                Mount mount = storage(bind.point().resolve("shop.db")).mount().orElseThrow();

                assertThat(mount.mountReadOnly()).isTrue();
                assertThat(mount.superblockReadOnly()).isFalse();
            }
        }
    }

    @Test
    void fileBind_splitsTheDatabaseFromItsWal() throws Exception {
        try (Mounted tmpfs = Mounted.tmpfs();
                Mounted directory = Mounted.tmpfs()) {
            Path mountedOver = database(directory.point());
            directory.bindInto(database(tmpfs.point()), mountedOver);

            Storage storage = storage(mountedOver);

            assertFound(storage, "tmpfs", directory.point());
            assertThat(storage.splitMount().orElseThrow().point()).isEqualTo(mountedOver.toString());
            assertThat(storage.splitMount().orElseThrow().device())
                    .isEqualTo(storage(tmpfs.point()).mount().orElseThrow().device());
        }
    }

    @Test
    void fileBind_thatIsHiddenBelowAnotherMountSplitsNothing() throws Exception {
        try (Mounted tmpfs = Mounted.tmpfs();
                Mounted directory = Mounted.tmpfs()) {
            directory.bindInto(database(tmpfs.point()), database(directory.point()));
            directory.hide();

            Storage storage = storage(database(directory.point()));

            assertThat(storage.splitMount()).isEmpty();
        }
    }

    @Test
    void stackedMounts_theUppermostIsFound() throws Exception {
        // Java's FileStore takes the first line of this directory, which is hidden.
        try (Mounted stack = Mounted.ext4()) {
            stack.hide();

            assertFound(storage(database(stack.point())), "tmpfs", stack.point());
        }
    }

    @Test
    void aMountBelowAHiddenOne_isNotTakenForTheOneAbove() throws Exception {
        // "The longest mount point wins" picks the hidden one below.
        try (Mounted stack = Mounted.tmpfs()) {
            Path below = Files.createDirectory(stack.point().resolve("below"));
            try (Mounted ext4 = Mounted.ext4()) {
                stack.bindInto(ext4.point(), below);
                stack.hide();
                Files.createDirectory(below);

                assertFound(storage(database(below)), "tmpfs", stack.point());
            }
        }
    }

    @Test
    void anOldDescriptorOfAHiddenDirectory_isNotTakenForOurs() throws Exception {
        try (Mounted stack = Mounted.tmpfs();
                DirectoryStream<Path> hidden = Files.newDirectoryStream(stack.point())) {
            assertThat(hidden).isNotNull();
            Mount below = storage(stack.point()).mount().orElseThrow();
            stack.hide();

            Mount above = storage(stack.point()).mount().orElseThrow();

            assertThat(above.id()).isNotEqualTo(below.id());
            assertThat(above.device()).isNotEqualTo(below.device());
        }
    }

    @Test
    void aFileThatDoesNotExistYet_isPlacedByItsNearestDirectory() throws Exception {
        try (Mounted tmpfs = Mounted.tmpfs()) {
            Facts facts = gather(tmpfs.point().resolve("not/yet/shop.db"));

            assertThat(facts.target().state()).isEqualTo(Target.State.NO_DIRECTORY);
            assertFound(facts.storage(), "tmpfs", tmpfs.point());
        }
    }

    @Test
    void autofs_isMountedByLookingAndFoundAsWhatLiesOnIt() throws Exception {
        // Java's FileStore answers "autofs".
        try (Mounted autofs = Mounted.autofs()) {
            Path database = autofs.point().resolve("server/shop.db");

            Storage storage = storage(database);

            assertFound(storage, "tmpfs", autofs.point().resolve("server"));
        }
    }

    @Test
    void anOverlaysViewOfADatabaseToBe_isItsDirectory() throws Exception {
        try (Mounted overlay = Mounted.overlay()) {
            Storage storage = storage(overlay.point().resolve("new.db"));

            assertThat(storage.views())
                    .extracting(Storage.View::path)
                    .containsExactly(overlay.behind().toRealPath().toString());
        }
    }

    @Test
    void bindfs_namesTheDirectoryBehindIt() throws Exception {
        try (Mounted bindfs = Mounted.bindfs()) {
            Storage storage = storage(database(bindfs.point()));

            assertThat(storage.found()).isEqualTo(Storage.Found.MOUNT_ID);
            assertThat(storage.filesystem()).isIn("fuse", "fuse.bindfs"); // by its release
            assertThat(storage.views()).singleElement().satisfies(view -> {
                assertThat(view.path()).isEqualTo(bindfs.behind().toString());
                assertThat(view.relation()).startsWith("the directory behind this fuse");
            });
        }
    }

    @Test
    void theDirectoryBehindBindfs_namesTheMountThatShowsIt() throws Exception {
        try (Mounted bindfs = Mounted.bindfs()) {
            Storage storage = storage(database(bindfs.behind()));

            assertThat(storage.views()).singleElement().satisfies(view -> {
                assertThat(view.path()).isEqualTo(bindfs.point().toString());
                assertThat(view.relation()).startsWith("shown by the fuse").endsWith("mount at " + bindfs.point());
            });
        }
    }

    @Test
    void aDirectoryShownTwice_hasTwoOtherWays() throws Exception {
        try (Mounted bindfs = Mounted.bindfs()) {
            Path again = bindfs.bindfsAgain();

            Storage storage = storage(database(bindfs.behind()));

            assertThat(storage.views())
                    .extracting(Storage.View::path)
                    .containsExactlyInAnyOrder(bindfs.point().toString(), again.toString());
        }
    }

    @Test
    void aShareMountedTwice_isAnotherWayToItself() throws Exception {
        try (Mounted one = Mounted.sshfs()) {
            Path again = one.sshfsAgain();

            Storage storage = storage(database(one.point()));

            assertThat(storage.views())
                    .extracting(Storage.View::path)
                    .containsExactlyInAnyOrder(one.behind().toString(), again.toString());
        }
    }

    @Test
    void sshfsToThisMachine_namesTheDirectoryBehindIt() throws Exception {
        try (Mounted sshfs = Mounted.sshfs()) {
            Storage storage = storage(database(sshfs.point()));

            assertFound(storage, "fuse.sshfs", sshfs.point());
            assertThat(storage.views())
                    .extracting(Storage.View::path)
                    .containsExactly(sshfs.behind().toString());
        }
    }

    @Test
    void ntfs3gOnAnImage_isFuseWithoutAnotherWay() throws Exception {
        try (Mounted ntfs = Mounted.ntfs3g()) {
            Storage storage = storage(database(ntfs.point()));

            assertThat(storage.found()).isEqualTo(Storage.Found.MOUNT_ID);
            assertThat(storage.filesystem()).startsWith("fuse");
            assertThat(storage.views()).isEmpty();
        }
    }

    @Test
    void aDeadMount_isToldAsSilentAndTheProcessCanEnd() throws Exception {
        try (Mounted bindfs = Mounted.bindfs()) {
            Path database = database(bindfs.point()).resolveSibling("never asked before.db");
            long daemon = bindfs.daemon().pid();
            Command.must("kill", "-STOP", String.valueOf(daemon));
            try {
                Facts facts = Facts.gather(database.toString(), Duration.ofMillis(300));
                Process child = new ProcessBuilder(GatherInChild.command(database.toString(), Duration.ofMillis(300)))
                        .redirectErrorStream(true)
                        .start();

                assertThat(facts.target().state()).isEqualTo(Target.State.SILENT);
                assertThat(facts.storage().found()).isEqualTo(Storage.Found.SPELLING);
                assertThat(facts.unseen())
                        .anySatisfy(clause -> assertThat(clause)
                                .startsWith("the storage at " + bindfs.point() + " (fuse")
                                .endsWith(") did not answer in 300 ms"));
                assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
                assertThat(child.exitValue()).isZero();
                assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("SILENT SPELLING fuse");
            } finally {
                Command.must("kill", "-CONT", String.valueOf(daemon));
            }
        }
    }

    /**
     * On a machine under load the look at the mount in front of a directory ran out of time, and the directory was called safe
     * for WAL. In the lab 1,433 of 1,481 acknowledged rows were lost there, between the two ways.
     */
    @Test
    void aDirectoryIsNotCalledSafeIfTheMountInFrontOfItDoesNotAnswer() throws Exception {
        try (Mounted bindfs = Mounted.bindfs()) {
            Path database = bindfs.behind().resolve("shop.db");
            long daemon = bindfs.daemon().pid();
            Command.must("kill", "-STOP", String.valueOf(daemon));
            try {
                Facts facts = Facts.gather(database.toString(), Duration.ofSeconds(2));

                assertThat(facts.storage().reach()).isEqualTo(Reach.UNKNOWN);
                assertThat(Diagnosis.of(facts, Intent.DEFAULT).verdict()).isEqualTo(Verdict.COULD_NOT_TELL);
            } finally {
                Command.must("kill", "-CONT", String.valueOf(daemon));
            }
        }
    }

    @Test
    void aDeadMountBehindALink_isNamedByItsOwnPoint() throws Exception {
        try (Mounted place = Mounted.tmpfs();
                Mounted bindfs = Mounted.bindfs()) {
            Path link = Files.createSymbolicLink(
                    place.point().resolve("link.db"), bindfs.point().resolve("shop.db"));
            long daemon = bindfs.daemon().pid();
            Command.must("kill", "-STOP", String.valueOf(daemon));
            try {
                Facts facts = Facts.gather(link.toString(), Duration.ofMillis(300));

                assertThat(facts.target().state()).isEqualTo(Target.State.SILENT);
                assertThat(facts.storage().mount().orElseThrow().point())
                        .isEqualTo(bindfs.point().toString());
            } finally {
                Command.must("kill", "-CONT", String.valueOf(daemon));
            }
        }
    }

    @Test
    void aMountWhoseServerDied_isToldWithItsError() throws Exception {
        try (Mounted bindfs = Mounted.bindfs()) {
            ProcessHandle daemon = bindfs.daemon();
            Command.must("kill", "-KILL", String.valueOf(daemon.pid()));
            daemon.onExit().get(1, TimeUnit.MINUTES);

            Facts facts = gather(bindfs.point().resolve("shop.db"));

            assertThat(facts.target().state()).isEqualTo(Target.State.SILENT);
            assertThat(facts.storage().mount().orElseThrow().point())
                    .isEqualTo(bindfs.point().toString());
            assertThat(facts.unseen())
                    .anySatisfy(clause -> assertThat(clause).startsWith("the storage at " + bindfs.point()));
        }
    }

    @Test
    void aDeadMountElsewhere_doesNotSilenceUs() throws Exception {
        // The directory behind a bindfs whose daemon hangs: our own storage answers, the other way does not.
        try (Mounted bindfs = Mounted.bindfs()) {
            Path database = database(bindfs.behind());
            long daemon = bindfs.daemon().pid();
            Command.must("kill", "-STOP", String.valueOf(daemon));
            try {
                Facts facts = Facts.gather(database.toString(), Duration.ofSeconds(2));

                assertThat(facts.target().state()).isEqualTo(Target.State.FILE);
                assertThat(facts.storage().found()).isEqualTo(Storage.Found.MOUNT_ID);
                assertThat(facts.unseen())
                        .anySatisfy(clause ->
                                assertThat(clause).contains(bindfs.point().toString(), "did not answer"));
            } finally {
                Command.must("kill", "-CONT", String.valueOf(daemon));
            }
        }
    }

    @Test
    void chrootOnAPlainDirectory_isFoundWithoutAMountOfItsOwn() throws Exception {
        // The mount under "/" is in no line of a chroot's own mountinfo, and Java's FileStore gives up there.
        try (Mounted root = Mounted.nothing()) {
            Path jail = root.point();
            for (String place : places()) putInto(root, Path.of(place));
            Files.createDirectory(jail.resolve("proc"));
            Command.must("mount", "-t", "proc", "proc", jail.resolve("proc").toString());
            try {
                Files.createDirectory(jail.resolve("data"));
                List<String> command = GatherInChild.command("/data/shop.db", Duration.ofSeconds(20));
                command.addAll(0, List.of("chroot", jail.toString()));

                String told = Command.must(command.toArray(String[]::new));

                Mount mount = storage(jail).mount().orElseThrow();
                assertThat(told.strip()).isEqualTo("MISSING MOUNT_ID " + mount.type() + " " + mount.point());
            } finally {
                Command.must("umount", jail.resolve("proc").toString());
            }
        }
    }

    /** What a JVM needs to start. */
    private static List<String> places() {
        List<String> places = new ArrayList<>(List.of("/usr", "/lib", "/lib64", "/bin", "/etc"));
        places.add(System.getProperty("java.home"));
        places.addAll(GatherInChild.classes());
        return places;
    }

    private static void putInto(Mounted root, Path place) throws IOException, InterruptedException {
        Path inside = root.point().resolve(Path.of("/").relativize(place));
        if (!Files.exists(place) || Files.exists(inside)) return;
        Files.createDirectories(inside.getParent());
        if (Files.isSymbolicLink(place)) {
            Files.createSymbolicLink(inside, Files.readSymbolicLink(place));
        } else {
            root.bindInto(place, Files.createDirectory(inside));
        }
    }

    private static void assertFound(Storage storage, String type, Path point) {
        assertThat(storage.found()).isEqualTo(Storage.Found.MOUNT_ID);
        assertThat(storage.filesystem()).isEqualTo(type);
        assertThat(storage.mount().orElseThrow().point()).isEqualTo(point.toString());
    }

    private static Path database(Path directory) throws IOException {
        return Files.writeString(directory.resolve("shop.db"), "some rows");
    }

    private static Storage storage(Path path) {
        return gather(path).storage();
    }

    private static Facts gather(Path path) {
        return Facts.gather(path.toString(), Duration.ofSeconds(30));
    }

    /** As in one boot of one kernel, whatever its name. */
    private static CoherenceDomain domain(Path path) throws IOException {
        Facts facts = gather(path);
        return DomainLook.of(facts.target(), facts.storage(), Optional.of("this boot"))
                .orElseThrow();
    }
}
