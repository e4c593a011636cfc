package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Invented kernels and filesystems: what the machine at hand cannot show. */
@EnabledOnOs(OS.LINUX)
class NeighbourLookFixtureTest {
    private static final String SHARED = " 1073741826 1073742335";

    @TempDir
    Path directory;

    private Path db;
    private String inode;
    private FakeProc proc;

    @BeforeEach
    void database() throws IOException {
        db = Files.createFile(directory.toRealPath().resolve("app.db"));
        inode = Files.getAttribute(db, "unix:ino").toString();
        proc = new FakeProc(directory.resolve("proc")).mounts(mount(30, "8:1", "/", "/", "ext4"));
    }

    private static String mount(int id, String device, String root, String point, String type) {
        return id + " 1 " + device + " " + root + " " + point + " rw,relatime shared:1 - " + type + " /dev/x rw";
    }

    private Neighbours look(String type, Storage.View... views) {
        Mount mount = new Mount(30, "8:1", "/", "/", type, "/dev/x", List.of(), List.of());
        Storage storage = new Storage(
                Optional.of(mount),
                Storage.Found.MOUNT_ID,
                StorageClass.LOCAL,
                Reach.THIS_SUPERBLOCK,
                Answers.NONE,
                Optional.empty(),
                List.of(views),
                true);
        Target target = new Target(db.toString(), Optional.of(db.toString()), Target.State.FILE, List.of(), List.of());
        return NeighbourLook.of(proc.procfs(), target, storage, Looking.HOST, Looking.facts(1, Optional.empty()));
    }

    private static Neighbour only(Neighbours neighbours) {
        assertThat(neighbours.processes()).hasSize(1);
        return neighbours.processes().get(0);
    }

    @Test
    void aKernelBefore5_14TellsNoInodeAndThePlaceSuffices() throws IOException {
        proc.process(7, 0).open(7, 3, db.toString(), "pos:\t0", "flags:\t02", "mnt_id:\t30");

        Neighbour neighbour = only(look("ext4"));

        assertThat(neighbour.pid()).isEqualTo(7);
        assertThat(neighbour.command()).isEqualTo("program of 7");
        assertThat(neighbour.startedAt()).contains("2023-11-14T22:15:23Z"); // 1 700 000 000 s + 123 s
    }

    @Test
    void ourselvesAreMarked() throws IOException {
        proc.open(1, 3, db.toString(), "mnt_id:\t30", "ino:\t" + inode);

        assertThat(only(look("ext4")).self()).isTrue();
        assertThat(look("ext4").others()).isEmpty();
    }

    /** It reads bytes for some walsafe, and is gone in a moment: nobody should be told to stop it. */
    @Test
    void aChildThatReadsBytesIsNoNeighbour() throws IOException {
        proc.process(7, 0).open(7, 3, db.toString(), "flags:\t0100000", "mnt_id:\t30", "ino:\t" + inode);
        proc.command(7, "java", "-cp", "walsafe.jar", "walsafe.child.ChildMain", "walsafe.facts.ReadBytes");
        assertThat(look("ext4").processes()).isEmpty();

        proc.command(7, "java", "-cp", "walsafe.jar", "Shop", "walsafe.facts.ReadBytes.db");
        assertThat(look("ext4").processes()).hasSize(1);
    }

    /** A descriptor that can only be read by is a walsafe's: SQLite opens a -shm for writing, if it may. */
    @Test
    void ofAShmOnlyDescriptorsToWriteByAreCounted() throws IOException {
        Path shm = Files.createFile(db.resolveSibling("app.db-shm"));
        String shmInode = "ino:\t" + Files.getAttribute(shm, "unix:ino");
        proc.process(7, 0).open(7, 3, shm.toString(), "flags:\t0500000", "mnt_id:\t30", shmInode);
        assertThat(only(look("ext4")).descriptorsOf(DatabasePart.SHM)).isEqualTo(1);

        proc.open(7, 4, shm.toString(), "flags:\t02500002", "mnt_id:\t30", shmInode);
        assertThat(only(look("ext4")).descriptorsOf(DatabasePart.SHM)).isEqualTo(1);

        proc.open(7, 5, shm.toString(), "flags:\t02500002", "mnt_id:\t30", shmInode);
        assertThat(only(look("ext4")).descriptorsOf(DatabasePart.SHM)).isEqualTo(2);
    }

    @Test
    void anotherSuperblockWithTheSameNumberIsNotOurs() throws IOException {
        proc.mounts(mount(30, "8:1", "/", "/", "ext4"), mount(31, "8:2", "/", "/other", "ext4"));
        proc.process(7, 0).open(7, 3, "/other/app.db", "mnt_id:\t31", "ino:\t" + inode);

        assertThat(look("ext4").processes()).isEmpty();
    }

    @Test
    void aSnapshotOnBtrfsHasOurNumberAndIsNotOurs() throws IOException {
        proc.process(7, 0).open(7, 3, "/snapshots/1" + db, "mnt_id:\t30", "ino:\t" + inode);

        assertThat(look("btrfs").processes()).isEmpty();
        assertThat(look("ext4").processes()).hasSize(1); // a hard link of the same name
    }

    @Test
    void aBindMountOnBtrfsIsFoundByItsPlace() throws IOException {
        proc.mounts(
                mount(30, "8:1", "/", "/", "btrfs"),
                mount(
                        31,
                        "8:1",
                        db.toString().substring(0, db.toString().lastIndexOf('/')),
                        "/with\\040blank",
                        "btrfs"));
        proc.process(7, 0).open(7, 3, "/with blank/app.db", "mnt_id:\t31", "ino:\t" + inode);

        assertThat(only(look("btrfs")).open()).containsExactly(DatabasePart.DATABASE);
    }

    @Test
    void aLockOnBtrfsIsNobodysThatCanBeNamed() throws IOException {
        proc.locks("1: POSIX  ADVISORY  READ 0 08:01:" + inode + SHARED);

        assertThat(look("btrfs").unseenHolders()).isEmpty();
        assertThat(look("ext4").unseenHolders()).extracting(SqliteLock::name).containsExactly("SHARED");
    }

    @Test
    void aLockThatIsWaitedForIsNotHeld() throws IOException {
        proc.locks("1: -> POSIX  ADVISORY  WRITE 99 08:01:" + inode + SHARED);

        assertThat(look("ext4").unseenHolders()).isEmpty();
    }

    @Test
    void aLockSeenOnADescriptorIsNotNobodysEvenIfItsPidHasEnded() throws IOException {
        String lock = "OFDLCK ADVISORY  READ -1 08:01:" + inode + SHARED;
        proc.locks("1: " + lock);
        proc.process(7, 0).open(7, 3, db.toString(), "mnt_id:\t30", "ino:\t" + inode, "lock:\t1: " + lock);

        Neighbours neighbours = look("ext4");

        assertThat(neighbours.unseenHolders()).isEmpty();
        assertThat(only(neighbours).locks()).extracting(SqliteLock::name).containsExactly("SHARED");
    }

    @Test
    void aLockThatIsListedOnTwoDescriptorsIsToldOnce() throws IOException {
        String lock = "lock:\t1: POSIX  ADVISORY  READ 7 08:01:" + inode + SHARED;
        proc.process(7, 0).open(7, 3, db.toString(), "mnt_id:\t30", "ino:\t" + inode, lock);
        proc.open(7, 4, db.toString(), "mnt_id:\t30", "ino:\t" + inode, lock);

        assertThat(only(look("ext4")).locks()).hasSize(1);
    }

    @Test
    void nfsCallsALivingFileDeletedAndTheNumberContradicts() throws IOException {
        proc.process(7, 0).open(7, 3, db + " (deleted)", "mnt_id:\t30", "ino:\t" + inode);

        assertThat(only(look("nfs4")).deleted()).isEmpty();
    }

    @Test
    void theFileBehindAViewIsToldAsAnotherDomain() throws IOException {
        proc.mounts(mount(30, "8:1", "/", "/", "ext4"), mount(31, "0:44", "/", "/mirror", "fuse.bindfs"));
        proc.process(7, 0).open(7, 3, "/mirror/app.db", "mnt_id:\t31", "ino:\t" + inode);
        proc.open(7, 4, "/mirror/app.db-wal (deleted)", "mnt_id:\t31", "ino:\t5");
        Mount mirror = new Mount(31, "0:44", "/", "/mirror", "fuse.bindfs", "/", List.of(), List.of());

        Neighbour neighbour = only(look("ext4", new Storage.View("/mirror", mirror, "mirrored by a bindfs")));

        assertThat(neighbour.otherDomain()).isTrue();
        assertThat(look("ext4").processes()).isEmpty();
    }

    @Test
    void aProcessClosedToUsMakesTheLookIncompleteAndAKernelThreadDoesNot() throws IOException {
        proc.closed(7, 0x00200040);
        assertThat(look("ext4").complete()).isTrue();

        proc.closed(8, 0x40);
        Neighbours neighbours = look("ext4");
        assertThat(neighbours.complete()).isFalse();
        assertThat(neighbours.denied()).isEqualTo(1);
    }

    @Test
    void aProcessClosedToUsIsNamedByItsLock() throws IOException {
        proc.closed(8, 0x40).locks("1: POSIX  ADVISORY  WRITE 8 08:01:" + inode + SHARED);

        Neighbours neighbours = look("ext4");

        assertThat(only(neighbours).locks()).extracting(SqliteLock::name).containsExactly("EXCLUSIVE");
        assertThat(neighbours.unseenHolders()).isEmpty();
    }

    @Test
    void withoutProcNobodyLooked() {
        Neighbours neighbours = NeighbourLook.of(
                new Procfs(directory.resolve("no-proc")),
                new Target(db.toString(), Optional.of(db.toString()), Target.State.FILE, List.of(), List.of()),
                StorageLook.NOWHERE,
                Looking.HOST,
                DatabaseFacts.NONE);

        assertThat(neighbours).isSameAs(Neighbours.NOT_LOOKED);
    }
}
