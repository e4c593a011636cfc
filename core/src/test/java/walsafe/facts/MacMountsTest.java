package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A listing in the format that mount(8) of macOS documents; written by hand, not captured on a Mac. */
final class MacMountsTest {
    private static final String LISTING = """
            /dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
            devfs on /dev (devfs, local, nobrowse)
            /dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect)
            map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
            //someone@nas/share on /Volumes/My Share (1) (smbfs, nodev, nosuid, mounted by someone)
            nas:/export on /private/nfs (nfs, nodev, nosuid, automounted, nobrowse)

            this is no mount
            """;

    @Test
    void firmlinksAreFollowedByTheSource() {
        // /Users lies on the data volume though its path is below "/", which is sealed and read-only.
        Mount mount = MacMounts.under(MacMounts.parse(LISTING), "/dev/disk3s5", "/Users/someone/shop.db")
                .orElseThrow();

        assertThat(mount.point()).isEqualTo("/System/Volumes/Data");
        assertThat(mount.has("local")).isTrue();
        assertThat(mount.superblockReadOnly()).isFalse();
    }

    @Test
    void aShareIsNotLocal() {
        Mount mount = MacMounts.under(MacMounts.parse(LISTING), "?", "/Volumes/My Share (1)/shop.db")
                .orElseThrow();

        assertThat(mount.type()).isEqualTo("smbfs");
        assertThat(mount.source()).isEqualTo("//someone@nas/share");
        assertThat(mount.has("local")).isFalse();
    }

    @Test
    void theSealedSystemVolumeIsReadOnly() {
        Mount mount = MacMounts.under(MacMounts.parse(LISTING), "/dev/disk3s1s1", "/bin")
                .orElseThrow();

        assertThat(mount.mountReadOnly()).isTrue();
        assertThat(mount.superblockReadOnly()).isTrue();
    }

    @Test
    void linesThatAreNoMountsAreLeftOut() {
        assertThat(MacMounts.parse(LISTING)).hasSize(6);
        assertThat(MacMounts.parse("x on /y\nx on / ()\n (a)\non / (apfs)\n")).isEqualTo(List.of());
    }
}
