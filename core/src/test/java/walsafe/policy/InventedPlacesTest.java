package walsafe.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static walsafe.policy.Intent.DEFAULT;
import static walsafe.policy.Sharing.ONE_HOST;
import static walsafe.policy.Sharing.SEVERAL_HOSTS;
import static walsafe.policy.Sharing.THIS_PROCESS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import walsafe.facts.DatabaseFacts.Content;
import walsafe.facts.DatabasePart;
import walsafe.facts.Environment;
import walsafe.facts.Facts;
import walsafe.facts.Neighbour;
import walsafe.facts.Neighbours;
import walsafe.facts.SqliteLock;
import walsafe.facts.SqliteVersion;
import walsafe.facts.Storage;
import walsafe.facts.StorageClass;
import walsafe.facts.Target;
import walsafe.finding.Finding;

/**
 * What the doctor says in invented places, word for word: {@code src/test/resources/golden}. Whoever changes a rule, a
 * row of knowledge or a sentence sees here what that does to everybody; {@code -Dgolden.update=true} writes the files
 * anew, to be read before they are committed.
 */
final class InventedPlacesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    private record Scene(Facts facts, Intent intent) {}

    private static Map<String, Scene> scenes() {
        Map<String, Scene> scenes = new LinkedHashMap<>();
        localDisks(scenes);
        readOnlyPlaces(scenes);
        unionsAndFuse(scenes);
        networks(scenes);
        virtualMachines(scenes);
        clustersAndStores(scenes);
        unknowns(scenes);
        otherSystems(scenes);
        files(scenes);
        neighbours(scenes);
        wishes(scenes);
        return scenes;
    }

    private static void localDisks(Map<String, Scene> scenes) {
        add(scenes, "ext4", Place.ordinary());
        add(scenes, "ext4-in-wal-mode", Place.ordinary().walMode().wal(0, Optional.of(true), "it is empty"));
        add(scenes, "ext4-of-another-user", Place.ordinary().unreadable());
        add(scenes, "ext4-this-process", Place.ordinary(), DEFAULT.with(THIS_PROCESS));
        add(scenes, "ext4-several-hosts", Place.ordinary(), DEFAULT.with(SEVERAL_HOSTS));
        add(
                scenes,
                "ext4-may-lose-last-commits",
                Place.ordinary(),
                DEFAULT.with(Intent.Durability.MAY_LOSE_LAST_COMMITS));
        add(scenes, "ext4-nobarrier", Place.ordinary().superOptions("rw", "nobarrier"));
        add(scenes, "xfs", Place.on("xfs", "/dev/sdb1", "/data"));
        add(
                scenes,
                "btrfs",
                Place.on("btrfs", "/dev/sdb1", "/data").superOptions("rw", "subvolid=256", "subvol=/data"));
        add(scenes, "zfs", Place.on("zfs", "tank/data", "/data"));
        add(scenes, "vfat", Place.on("vfat", "/dev/sdc1", "/media/stick"));
        add(
                scenes,
                "f2fs-checkpoint-disabled",
                Place.on("f2fs", "/dev/sdb1", "/data").superOptions("rw", "checkpoint=disable"));
        add(scenes, "tmpfs", Place.on("tmpfs", "tmpfs", "/run"));
        add(
                scenes,
                "tmpfs-may-lose",
                Place.on("tmpfs", "tmpfs", "/run"),
                DEFAULT.with(Intent.Durability.MAY_LOSE_LAST_COMMITS));
    }

    private static void readOnlyPlaces(Map<String, Scene> scenes) {
        add(
                scenes,
                "squashfs",
                Place.on("squashfs", "/dev/loop0", "/snap/shop").options("rw").superOptions("ro"));
        add(
                scenes,
                "squashfs-with-rows-in-the-wal",
                Place.on("squashfs", "/dev/loop0", "/snap/shop")
                        .superOptions("ro")
                        .walMode()
                        .wal(12, Optional.of(true), "its pages fit"));
        add(scenes, "ext4-superblock-read-only", Place.ordinary().superOptions("ro"));
        add(
                scenes,
                "ext4-read-only-bind",
                Place.on("ext4", "/dev/sda1", "/config")
                        .options("ro", "relatime")
                        .in(Environment.CONTAINER, Environment.DOCKER));
        add(
                scenes,
                "nfs-read-only",
                Place.on("nfs4", "server:/export", "/mnt/shop").superOptions("ro", "local_lock=none"));
    }

    private static void unionsAndFuse(Map<String, Scene> scenes) {
        add(
                scenes,
                "overlay-container-layer",
                Place.on("overlay", "overlay", "/")
                        .superOptions("rw", "upperdir=/var/lib/docker/overlay2/x/diff")
                        .in(Environment.CONTAINER, Environment.DOCKER));
        add(
                scenes,
                "overlay-volatile",
                Place.on("overlay", "overlay", "/")
                        .superOptions("rw", "volatile")
                        .in(Environment.CONTAINER));
        add(
                scenes,
                "overlay-upper-directory-in-view",
                Place.on("overlay", "overlay", "/merged")
                        .view("/upper/shop.db", "the upper directory of this overlay"));
        add(
                scenes,
                "overlay-upper-directory-in-view-one-host",
                Place.on("overlay", "overlay", "/merged").view("/upper/shop.db", "the upper directory of this overlay"),
                DEFAULT.with(ONE_HOST));
        add(
                scenes,
                "overlay-baked-in",
                Place.on("overlay", "overlay", "/").bakedIn().in(Environment.CONTAINER));
        add(
                scenes,
                "ext4-mirrored-by-bindfs",
                Place.ordinary().view("/mnt/view/shop.db", "mirrored by the FUSE mount at /mnt/view"));
        add(scenes, "bindfs", Place.on("fuse", "/home/data", "/mnt/view"));
        add(scenes, "bindfs-one-host", Place.on("fuse", "/home/data", "/mnt/view"), DEFAULT.with(ONE_HOST));
        add(scenes, "fuseblk", Place.on("fuseblk", "/dev/sdb1", "/media/disk"));
        add(scenes, "gocryptfs", Place.on("fuse.gocryptfs", "/home/a/cipher", "/home/a/plain"));
        add(
                scenes,
                "fuse-overlayfs-rootless",
                Place.on("fuse.fuse-overlayfs", "fuse-overlayfs", "/").in(Environment.CONTAINER, Environment.PODMAN));
        add(
                scenes,
                "file-bind-mount",
                Place.ordinary().path("/data/shop.db").splitOff().in(Environment.CONTAINER, Environment.DOCKER));
    }

    private static void networks(Map<String, Scene> scenes) {
        String[] nfs4 = {"rw", "vers=4.2", "local_lock=none"};
        add(scenes, "nfs4", Place.on("nfs4", "server:/export", "/mnt/shop").superOptions(nfs4));
        add(
                scenes,
                "nfs4-in-wal-mode",
                Place.on("nfs4", "server:/export", "/mnt/shop")
                        .superOptions(nfs4)
                        .walMode()
                        .wal(40, Optional.of(true), "its pages fit"));
        add(
                scenes,
                "nfs4-one-host",
                Place.on("nfs4", "server:/export", "/mnt/shop").superOptions(nfs4),
                DEFAULT.with(ONE_HOST));
        add(
                scenes,
                "nfs4-this-process",
                Place.on("nfs4", "server:/export", "/mnt/shop").superOptions(nfs4),
                DEFAULT.with(THIS_PROCESS));
        add(
                scenes,
                "nfs4-kubernetes",
                Place.on("nfs4", "10.0.0.7:/pvc-1", "/data")
                        .superOptions("rw", "vers=4.1", "local_lock=posix")
                        .in(Environment.CONTAINER, Environment.KUBERNETES));
        add(
                scenes,
                "nfs4-efs-through-a-tunnel",
                Place.on("nfs4", "127.0.0.1:/", "/efs").superOptions(nfs4).in(Environment.CLOUD));
        add(
                scenes,
                "nfs3-nolock",
                Place.on("nfs", "server:/export", "/mnt/shop")
                        .superOptions("rw", "vers=3", "nolock", "local_lock=all"));
        add(
                scenes,
                "nfs3-nolock-one-host",
                Place.on("nfs", "server:/export", "/mnt/shop").superOptions("rw", "vers=3", "nolock", "local_lock=all"),
                DEFAULT.with(ONE_HOST));
        add(
                scenes,
                "cifs",
                Place.on("cifs", "//server/share", "/mnt/share").superOptions("rw", "vers=3.1.1", "cache=strict"));
        add(
                scenes,
                "cifs-this-process",
                Place.on("cifs", "//server/share", "/mnt/share").superOptions("rw", "vers=3.1.1"),
                DEFAULT.with(THIS_PROCESS));
        add(
                scenes,
                "cifs-nobrl",
                Place.on("cifs", "//server/share", "/mnt/share").superOptions("rw", "vers=3.1.1", "nobrl"));
        add(
                scenes,
                "cifs-nobrl-one-host",
                Place.on("cifs", "//server/share", "/mnt/share").superOptions("rw", "vers=3.1.1", "nobrl"),
                DEFAULT.with(ONE_HOST));
        add(scenes, "sshfs", Place.on("fuse.sshfs", "me@server:/srv", "/mnt/ssh"));
        add(scenes, "sshfs-one-host", Place.on("fuse.sshfs", "me@server:/srv", "/mnt/ssh"), DEFAULT.with(ONE_HOST));
        add(scenes, "afs", Place.on("afs", "%root.cell", "/afs"));
    }

    private static void virtualMachines(Map<String, Scene> scenes) {
        add(
                scenes,
                "9p",
                Place.on("9p", "share", "/mnt/host")
                        .superOptions("rw", "trans=virtio")
                        .in(Environment.VM));
        add(
                scenes,
                "9p-mmap-this-process",
                Place.on("9p", "share", "/mnt/host").superOptions("rw", "mmap").in(Environment.VM),
                DEFAULT.with(THIS_PROCESS));
        add(
                scenes,
                "9p-drvfs-wsl2",
                Place.on("9p", "C:\\", "/mnt/c")
                        .superOptions("rw", "aname=drvfs;path=C:\\", "cache=5")
                        .in(Environment.WSL2));
        add(scenes, "virtiofs-lima", Place.on("virtiofs", "mount0", "/Users/a").in(Environment.VM, Environment.LIMA));
        add(
                scenes,
                "virtiofs-one-host",
                Place.on("virtiofs", "mount0", "/mnt/host").in(Environment.VM),
                DEFAULT.with(ONE_HOST));
        add(
                scenes,
                "virtiofs-this-process",
                Place.on("virtiofs", "mount0", "/mnt/host").in(Environment.VM),
                DEFAULT.with(THIS_PROCESS));
        add(
                scenes,
                "fakeowner-docker-desktop",
                Place.on("fakeowner", "/run/host_mark/Users", "/data")
                        .in(Environment.CONTAINER, Environment.DOCKER, Environment.DOCKER_DESKTOP));
        add(scenes, "vboxsf", Place.on("vboxsf", "share", "/media/sf_share").in(Environment.VM));
        add(scenes, "hostfs-uml", Place.on("hostfs", "none", "/host").in(Environment.UML));
    }

    private static void clustersAndStores(Map<String, Scene> scenes) {
        add(scenes, "ceph", Place.on("ceph", "mon:/", "/mnt/ceph"));
        add(
                scenes,
                "lustre-flock",
                Place.on("lustre", "mgs@tcp:/fs", "/scratch").superOptions("rw", "flock"));
        add(
                scenes,
                "gfs2-one-node",
                Place.on("gfs2", "/dev/sdb1", "/data").superOptions("rw", "localflocks"),
                DEFAULT.with(ONE_HOST));
        add(scenes, "s3fs", Place.on("fuse.s3fs", "s3fs", "/mnt/bucket"));
        add(scenes, "rclone-this-process", Place.on("fuse.rclone", "drive:", "/mnt/drive"), DEFAULT.with(THIS_PROCESS));
        add(scenes, "proc", Place.on("proc", "proc", "/proc").holding(Content.NONE));
    }

    private static void unknowns(Map<String, Scene> scenes) {
        add(scenes, "unknown-filesystem", Place.on("newfs", "/dev/sdb1", "/data"));
        add(
                scenes,
                "unknown-filesystem-this-process",
                Place.on("newfs", "/dev/sdb1", "/data"),
                DEFAULT.with(THIS_PROCESS));
        add(scenes, "unknown-fuse", Place.on("fuse.magic", "magic", "/mnt/magic"));
        add(scenes, "no-mount-found", Place.ordinary().notMounted());
        add(
                scenes,
                "silent-storage",
                Place.on("fuse.sshfs", "me@server:/srv", "/mnt/ssh")
                        .holding(Content.NONE)
                        .state(Target.State.SILENT)
                        .found(Storage.Found.SPELLING)
                        .unseen("the storage at /mnt/ssh (fuse.sshfs, me@server:/srv) did not answer in 5 s"));
        add(scenes, "found-by-file-store-only", Place.ordinary().found(Storage.Found.FILE_STORE));
    }

    private static void otherSystems(Map<String, Scene> scenes) {
        add(
                scenes,
                "macos-apfs",
                Place.on("apfs", "/dev/disk3s5", "/").os("Mac OS X").found(Storage.Found.FILE_STORE));
        add(
                scenes,
                "macos-smbfs",
                Place.on("smbfs", "//me@server/share", "/Volumes/share")
                        .os("Mac OS X")
                        .found(Storage.Found.FILE_STORE));
        add(
                scenes,
                "windows-ntfs",
                Place.on("NTFS", "C:\\", "C:\\")
                        .path("C:\\shop.db")
                        .os("Windows 11")
                        .found(Storage.Found.FILE_STORE));
        add(
                scenes,
                "windows-network-drive",
                Place.on("NTFS", "\\\\server\\share", "Z:\\")
                        .path("Z:\\shop.db")
                        .os("Windows 11")
                        .found(Storage.Found.FILE_STORE));
    }

    private static void files(Map<String, Scene> scenes) {
        add(scenes, "not-there-yet", Place.ordinary().holding(Content.NONE));
        add(
                scenes,
                "a-directory",
                Place.ordinary().path("/srv").holding(Content.NONE).state(Target.State.DIRECTORY));
        add(
                scenes,
                "in-memory",
                Place.ordinary().path(":memory:").holding(Content.NONE).state(Target.State.MEMORY));
        add(scenes, "a-pipe", Place.ordinary().holding(Content.NONE).state(Target.State.NOT_A_FILE));
        add(scenes, "symlink-loop", Place.ordinary().holding(Content.NONE).state(Target.State.SYMLINK_LOOP));
        add(scenes, "forbidden", Place.ordinary().holding(Content.NONE).state(Target.State.FORBIDDEN));
        add(scenes, "empty-file", Place.ordinary().holding(Content.EMPTY));
        add(
                scenes,
                "a-picture",
                Place.ordinary().holding(Content.SOMETHING_ELSE).looksLike("a PNG image"));
        add(scenes, "perhaps-encrypted", Place.ordinary().holding(Content.PERHAPS_ENCRYPTED));
        add(scenes, "cut-short", Place.ordinary().cutTo(60));
        add(
                scenes,
                "wal-without-database",
                Place.ordinary()
                        .holding(Content.NONE)
                        .wal(181, Optional.empty(), "there is no database to compare with"));
        add(
                scenes,
                "wal-that-does-not-belong",
                Place.ordinary()
                        .wal(181, Optional.of(false), "the database is in rollback mode, so it never wrote this -wal"));
        add(scenes, "wal-that-shrinks-the-database", Place.ordinary().walMode().walOfPages(4));
        add(scenes, "wal-left-by-a-crash", Place.ordinary().walMode().wal(181, Optional.of(true), "its pages fit"));
        add(scenes, "wal-of-115-gib", Place.ordinary().walMode().walBytes(115L << 30));
        add(scenes, "hot-journal", Place.ordinary().hotJournal());
        add(scenes, "super-journal", Place.ordinary().journalOf("/srv/shop.db-mj1A2B", true));
        add(scenes, "super-journal-gone", Place.ordinary().journalOf("/srv/shop.db-mj1A2B", false));
        add(scenes, "no-such-directory", Place.ordinary().holding(Content.NONE).state(Target.State.NO_DIRECTORY));
        add(
                scenes,
                "a-directory-that-takes-no-file",
                Place.ordinary().holding(Content.NONE).readableOnly());
        add(scenes, "two-names", Place.ordinary().hardLinks(2));
        add(
                scenes,
                "in-a-dropbox",
                Place.ordinary().path("/home/a/Dropbox/shop.db").cloud("Dropbox"));
        add(scenes, "no-permission-to-write", Place.ordinary().readableOnly());
        add(scenes, "disk-full", Place.ordinary().free(1 << 20));
        add(
                scenes,
                "leftovers",
                Place.on("nfs4", "server:/export", "/mnt/shop")
                        .superOptions("rw", "local_lock=none")
                        .leftovers(".nfs0000000000bc"));
        add(
                scenes,
                "open-in-this-process",
                Place.on("nfs4", "server:/export", "/mnt/shop")
                        .superOptions("rw", "local_lock=none")
                        .notRead("it is open through SQLite in this process"));
    }

    private static void neighbours(Map<String, Scene> scenes) {
        Place wal = Place.ordinary().walMode().wal(62, Optional.of(true), "its pages fit");
        add(scenes, "reader-pins-the-wal", wal.shm(62, 3, 0L, 3L).with(reader(Optional.of(3L))));
        add(
                scenes,
                "deleted-wal",
                Place.ordinary()
                        .walMode()
                        .with(process(Set.of(DatabasePart.WAL), List.of(new SqliteVersion(3, 54, 1)))));
        add(
                scenes,
                "two-sqlites-in-one-process",
                Place.ordinary().with(twoSqlites(Map.of(DatabasePart.DATABASE, 2, DatabasePart.SHM, 2))));
        add(
                scenes,
                "perhaps-two-sqlites-in-one-process",
                Place.ordinary().with(twoSqlites(Map.of(DatabasePart.DATABASE, 2))));
        add(
                scenes,
                "two-sqlites-of-which-one-has-it-open",
                Place.ordinary().with(twoSqlites(Map.of(DatabasePart.DATABASE, 1, DatabasePart.SHM, 1))));
        add(
                scenes,
                "vulnerable-neighbour",
                Place.ordinary().walMode().with(process(Set.of(), List.of(new SqliteVersion(3, 40, 1)))));
        add(scenes, "vulnerable-last-writer", Place.ordinary().walMode().writtenBy(3_040_001));
        add(scenes, "vulnerable-sqlite-of-our-own", Place.ordinary().sqlite(46, 0));
        add(
                scenes,
                "lock-without-holder",
                Place.ordinary()
                        .neighbours(new Neighbours(
                                true,
                                List.of(),
                                List.of(new SqliteLock(
                                        DatabasePart.DATABASE, "EXCLUSIVE", true, 0x40000002L, 0x400001ffL)),
                                0,
                                false)));
        add(
                scenes,
                "not-all-seen",
                Place.ordinary().neighbours(new Neighbours(true, List.of(), List.of(), 212, false)));
        add(
                scenes,
                "wal-on-nfs-with-a-live-writer",
                Place.on("nfs4", "server:/export", "/mnt/shop")
                        .superOptions("rw", "local_lock=none")
                        .walMode()
                        .with(reader(Optional.empty())));
        add(
                scenes,
                "this-process-but-two-have-it-open",
                Place.on("nfs4", "server:/export", "/mnt/shop")
                        .superOptions("rw", "local_lock=none")
                        .with(reader(Optional.empty()), process(Set.of(), List.of())),
                DEFAULT.with(THIS_PROCESS));
    }

    private static void wishes(Map<String, Scene> scenes) {
        add(
                scenes,
                "wishes-granted",
                Place.ordinary(),
                DEFAULT.wishing("busy_timeout", "30000")
                        .wishing("foreign_keys", "on")
                        .wishing("mmap_size", "268435456"));
        add(
                scenes,
                "wishes-refused",
                Place.on("nfs4", "server:/export", "/mnt/shop").superOptions("rw", "local_lock=none"),
                DEFAULT.wishing("journal_mode", "wal")
                        .wishing("synchronous", "off")
                        .wishing("mmap_size", "134217728"));
        add(scenes, "wish-for-delete", Place.ordinary(), DEFAULT.wishing("journal_mode", "delete"));
        add(
                scenes,
                "wishes-that-are-more-than-a-word",
                Place.ordinary(),
                DEFAULT.wishing("cache_size", "1; DROP TABLE t").wishing("writable_schema", "on"));
        add(scenes, "wish-for-no-journal", Place.ordinary(), DEFAULT.wishing("journal_mode", "off"));
    }

    private static Neighbour reader(Optional<Long> pins) {
        return new Neighbour(
                4711,
                "python3 report.py",
                Optional.of("app"),
                Optional.of("2026-11-20T07:00:00Z"),
                EnumSet.of(DatabasePart.DATABASE, DatabasePart.WAL, DatabasePart.SHM),
                Set.of(),
                Map.of(DatabasePart.DATABASE, 1, DatabasePart.WAL, 1, DatabasePart.SHM, 1),
                List.of(
                        new SqliteLock(DatabasePart.DATABASE, "SHARED", false, 0x40000002L, 0x400001ffL),
                        new SqliteLock(DatabasePart.SHM, "READ 1", false, 124, 124)),
                pins,
                List.of(new Neighbour.SqliteLibrary(
                        "/usr/lib/libsqlite3.so.0", Optional.of(new SqliteVersion(3, 53, 4)), "its text")),
                false,
                false);
    }

    private static Neighbour twoSqlites(Map<DatabasePart, Integer> descriptors) {
        return process(Set.of(), List.of(new SqliteVersion(3, 54, 1), new SqliteVersion(3, 53, 4)), descriptors);
    }

    private static Neighbour process(Set<DatabasePart> deleted, List<SqliteVersion> versions) {
        return process(deleted, versions, Map.of(DatabasePart.DATABASE, 1));
    }

    private static Neighbour process(
            Set<DatabasePart> deleted, List<SqliteVersion> versions, Map<DatabasePart, Integer> descriptors) {
        return new Neighbour(
                4712,
                "java -jar shop.jar",
                Optional.of("app"),
                Optional.empty(),
                EnumSet.of(DatabasePart.DATABASE),
                deleted,
                descriptors,
                List.of(),
                Optional.empty(),
                versions.stream()
                        .map(version -> new Neighbour.SqliteLibrary(
                                "/tmp/sqlite-" + version + ".so", Optional.of(version), "its name"))
                        .toList(),
                false,
                false);
    }

    private static void add(Map<String, Scene> scenes, String name, Place place) {
        add(scenes, name, place, DEFAULT);
    }

    private static void add(Map<String, Scene> scenes, String name, Place place, Intent intent) {
        Scene previous = scenes.put(name, new Scene(place.facts(), intent));
        if (previous != null) throw new IllegalStateException("two scenes are named " + name);
    }

    @TestFactory
    Stream<DynamicTest> theDoctorSays() {
        return scenes().entrySet().stream()
                .map(scene -> DynamicTest.dynamicTest(scene.getKey(), () -> compare(scene.getKey(), scene.getValue())));
    }

    @Test
    void everyClassOfStorageIsAmongThem() {
        Set<StorageClass> seen = scenes().values().stream()
                .map(scene -> scene.facts().storage().kind())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(StorageClass.class)));

        assertThat(seen).containsExactlyInAnyOrder(StorageClass.values());
        assertThat(scenes()).hasSizeGreaterThan(40);
    }

    @Test
    void everyReasonQuotesASourceThatExists() {
        for (Map.Entry<String, Scene> scene : scenes().entrySet()) {
            for (Reason reason : Policy.decide(
                            scene.getValue().facts(), scene.getValue().intent())
                    .reasons()) {
                assertThat(exists(reason.source()))
                        .as("%s: %s", scene.getKey(), reason)
                        .isTrue();
            }
        }
    }

    private static boolean exists(String source) {
        if (source.startsWith("https://") || source.equals("none") || source.equals("/proc")) return true;
        if (source.equals("/proc/self/mountinfo") || source.equals("walsafe")) return true;
        String[] parts = source.split("#", 2);
        try (Stream<String> lines = Files.lines(Path.of("..").resolve(parts[0]))) {
            return lines.filter(line -> line.startsWith("#"))
                    .map(InventedPlacesTest::anchor)
                    .anyMatch(parts[1]::equals);
        } catch (IOException e) {
            throw new UncheckedIOException(source, e);
        }
    }

    /** As GitHub makes them. */
    private static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9 _-]", "")
                .replace(' ', '-');
    }

    @Test
    void noGoldenFileIsLeftOver() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            Set<String> names = files.map(file -> file.getFileName().toString().replace(".txt", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(names).isEqualTo(new TreeSet<>(scenes().keySet()));
        }
    }

    private static void compare(String name, Scene scene) throws IOException {
        Path golden = GOLDEN.resolve(name + ".txt");
        String said = told(Diagnosis.of(scene.facts(), scene.intent()));
        if (UPDATE) Files.writeString(golden, said);
        assertThat(said).isEqualTo(Files.readString(golden));
    }

    private static String told(Diagnosis diagnosis) {
        var text = new StringBuilder();
        text.append(diagnosis.verdict())
                .append("  ")
                .append(diagnosis.headline())
                .append('\n');
        diagnosis.plan().ifPresent(plan -> text.append(plan.explain()));
        diagnosis
                .alternatives()
                .forEach(alternative -> text.append("Claim ")
                        .append(alternative.sharing().option())
                        .append(": ")
                        .append(alternative.mode().words())
                        .append('\n'));
        for (Finding finding : diagnosis.findings()) {
            text.append(finding.weight()).append("  ").append(finding).append('\n');
            finding.remedy()
                    .commands()
                    .forEach(command -> text.append("    ").append(command).append('\n'));
        }
        return text.toString();
    }
}
