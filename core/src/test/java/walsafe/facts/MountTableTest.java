package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tables as kernels write them; {@code mountinfo/README.md} among the resources says where each comes from. */
final class MountTableTest {
    @Test
    void manPageExample_hasItsFieldsInTheirPlaces() {
        Mount mount = parse("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n")
                .byId(36)
                .orElseThrow();

        assertThat(mount.device()).isEqualTo("98:0");
        assertThat(mount.root()).isEqualTo("/mnt1");
        assertThat(mount.point()).isEqualTo("/mnt2");
        assertThat(mount.options()).containsExactly("rw", "noatime");
        assertThat(mount.type()).isEqualTo("ext3");
        assertThat(mount.source()).isEqualTo("/dev/root");
        assertThat(mount.superOptions()).containsExactly("rw", "errors=continue");
    }

    @Test
    void optionalFieldsMayBeNoneOrMany() {
        MountTable table = parse("""
                1 0 8:1 / /a rw - ext4 /dev/sda1 rw
                2 0 8:1 / /b rw shared:1 master:2 propagate_from:3 unbindable - ext4 /dev/sda1 rw
                """);

        assertThat(table.all()).extracting(Mount::type).containsExactly("ext4", "ext4");
    }

    @Test
    void octalEscapesAreBytesOfUtf8() {
        Mount mount = parse("1 0 0:5 / /a\\040b\\011c\\012d\\134e\\043f\\303\\274 rw - tmpfs x rw\n")
                .byId(1)
                .orElseThrow();

        assertThat(mount.point()).isEqualTo("/a b\tc\nd\\e#f\u00fc");
    }

    @Test
    void bytesOfUtf8NeedNoEscape() {
        assertThat(parse("1 0 0:5 / /m\u00fcll/\u725b rw - tmpfs x rw\n")
                        .all()
                        .get(0)
                        .point())
                .isEqualTo("/m\u00fcll/\u725b");
    }

    @Test
    void commaInsideAnOption_doesNotSplitIt() {
        // Overlay escapes the commas of its directories, so options are split before they are unescaped.
        Mount mount = parse("1 0 0:5 / /m rw - overlay overlay rw,upperdir=/a\\054b,workdir=/w\n")
                .all()
                .get(0);

        assertThat(mount.superOptions()).containsExactly("rw", "upperdir=/a,b", "workdir=/w");
    }

    @Test
    void anEmptySourceIsKeptEmpty() {
        Mount mount = parse("1 0 0:5 / /m rw - tmpfs  rw,size=1k\n").all().get(0);

        assertThat(mount.source()).isEmpty();
        assertThat(mount.has("size=1k")).isTrue();
    }

    @Test
    void wsl2_windowsDrivesKeepTheirBackslashes() throws IOException {
        Mount drive = fixture("wsl2").above("/mnt/c/Users/someone/shop.db").orElseThrow();

        assertThat(drive.type()).isEqualTo("9p");
        assertThat(drive.source()).isEqualTo("C:\\");
        assertThat(drive.superOptions()).contains("aname=drvfs;path=C:\\;uid=1000;gid=1000;symlinkroot=/mnt/");
    }

    @Test
    void docker_theRootIsAnOverlayAndAVolumeIsNot() throws IOException {
        MountTable docker = fixture("docker");

        assertThat(docker.above("/app/shop.db").orElseThrow().type()).isEqualTo("overlay");
        assertThat(docker.above("/data/shop.db").orElseThrow().type()).isEqualTo("ext4");
        assertThat(docker.above("/src/shop.db").orElseThrow().type()).isEqualTo("fakeowner");
    }

    @Test
    void btrfs_subvolumesAreRoots() throws IOException {
        MountTable btrfs = fixture("btrfs");

        Mount home = btrfs.above("/home/x/shop.db").orElseThrow();
        assertThat(home.root()).isEqualTo("/@home");
        assertThat(StorageLook.onBlockDevice(home)).isTrue();
    }

    @Test
    void relativeLayersOfAnOverlayMayLieInAnyDirectoryAboveIt() throws IOException {
        Mount overlay = fixture("overlay").above("/merged/shop.db").orElseThrow();

        assertThat(overlay.superOptions()).contains("lowerdir=lo", "upperdir=up");
        assertThat(Backing.of(overlay, List.of()))
                .extracting(Backing::directory)
                .containsExactlyInAnyOrder("/lo", "/up");
    }

    @Test
    void aBindOfARemovedDirectoryKeepsItsMark() throws IOException {
        Mount mount = fixture("deleted").above("/tmp/shop.db").orElseThrow();

        assertThat(mount.root()).endsWith("/tmp//deleted");
    }

    @Test
    void inAChroot_theMountOfTheRootIsNotListed() throws IOException {
        MountTable chroot = fixture("chroot");

        assertThat(chroot.above("/data/shop.db")).isEmpty();
        assertThat(chroot.above("/usr/lib/x")).isPresent();
    }

    @Test
    void ofTwoMountsAtOnePointTheLastCounts() {
        MountTable table = parse("1 0 8:1 / /m rw - ext4 /dev/a rw\n2 1 0:9 / /m rw - tmpfs tmpfs rw\n");

        assertThat(table.above("/m/x").orElseThrow().id()).isEqualTo(2);
    }

    @Test
    void aNameThatOnlyBeginsAlikeIsNotInside() {
        assertThat(MountTable.inside("/mnt/database", "/mnt/data")).isFalse();
        assertThat(MountTable.inside("/mnt/data", "/mnt/data")).isTrue();
        assertThat(MountTable.inside("/mnt/data/x", "/mnt/data")).isTrue();
        assertThat(MountTable.inside("/anything", "/")).isTrue();
        assertThat(MountTable.below("/mnt/data/x", "/mnt/data")).isEqualTo("/x");
        assertThat(MountTable.below("/x", "/")).isEqualTo("/x");
        assertThat(MountTable.below("/", "/")).isEmpty();
    }

    @Test
    void noBytesAreTooStrange() {
        long seed = 20261120;
        Random random = new Random(seed);
        byte[] line =
                "36 35 98:0 /m\\0401 /mnt2 rw,x=\\1 master:1 - ext3 /dev/root rw\n".getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = line.clone();
            for (int i = 0; i < 4; i++) damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            assertThat(MountTable.parse(damaged).all())
                    .as("seed %d, round %d", seed, round)
                    .hasSizeLessThan(5);
        }
    }

    @Test
    void blockDevicesAreToldByNumberAndType() {
        assertThat(StorageLook.onBlockDevice(mount("8:1", "ext4", "/dev/sda1"))).isTrue();
        assertThat(StorageLook.onBlockDevice(mount("0:40", "btrfs", "/dev/sda1")))
                .isTrue();
        assertThat(StorageLook.onBlockDevice(mount("7:0", "fuseblk", "/dev/loop0")))
                .isTrue();
        assertThat(StorageLook.onBlockDevice(mount("0:30", "9p", "/dev/root"))).isFalse();
        assertThat(StorageLook.onBlockDevice(mount("0:31", "fuse", "/dev/fuse")))
                .isFalse();
        assertThat(StorageLook.onBlockDevice(mount("0:32", "nfs4", "server:/export")))
                .isFalse();
    }

    private static Mount mount(String device, String type, String source) {
        return parse("1 0 " + device + " / /m rw - " + type + " " + source + " rw\n")
                .all()
                .get(0);
    }

    private static MountTable parse(String text) {
        return MountTable.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static MountTable fixture(String name) throws IOException {
        try (InputStream fixture = Optional.ofNullable(
                        MountTableTest.class.getResourceAsStream("mountinfo/" + name + ".txt"))
                .orElseThrow()) {
            return MountTable.parse(fixture.readAllBytes());
        }
    }
}
