package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of {@code /proc}, the odd ones and the broken ones. */
class KernelTextTest {
    @Test
    void aLockLineHasItsDeviceInDecimal() {
        assertThat(LockLine.parse("3: POSIX  ADVISORY  READ 8045 fe:1f:9978621 1073741826 EOF"))
                .contains(new LockLine("POSIX", false, 8045, "254:31", 9978621, 1073741826L, Long.MAX_VALUE));
    }

    @Test
    void aFlockIsNotOnBytes() {
        assertThat(LockLine.parse("3: FLOCK  ADVISORY  WRITE 8 00:15:7 0 EOF"))
                .get()
                .matches(lock -> lock.write() && !lock.onBytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1:",
                "1: -> POSIX  ADVISORY  WRITE 99 08:01:5 0 0",
                "1: POSIX  ADVISORY  READ 8 <none>:0 0 EOF",
                "1: POSIX  ADVISORY  READ 8 08:01:zz 0 EOF",
                "1: POSIX  ADVISORY  READ x 08:01:5 0 EOF",
                "1: POSIX  ADVISORY  READ 8 08:01:5 0 99999999999999999999"
            })
    void whatHoldsNoBytesIsNoLock(String line) {
        assertThat(LockLine.parse(line)).isEmpty();
    }

    @Test
    void anOpenFileIsReadFromLinkAndFdinfo() {
        OpenFile file = OpenFile.of("/a b/x.db-wal (deleted)", List.of("pos:\t0", "mnt_id:\t27", "ino:\t9978623"));

        assertThat(file)
                .isEqualTo(new OpenFile(
                        "/a b/x.db-wal", true, OptionalInt.of(27), OptionalLong.of(9978623), true, List.of()));
        assertThat(file.link()).isEqualTo("/a b/x.db-wal (deleted)");
    }

    @Test
    void anOlderKernelTellsTheInodeWithTheLock() {
        OpenFile file = OpenFile.of(
                "/x.db", List.of("mnt_id:\t27", "lock:\t1: POSIX  ADVISORY  READ 8045 fe:00:42 1073741826 1073742335"));

        assertThat(file.inode()).hasValue(42);
    }

    @Test
    void anEmptyFdinfoIsAFileOfWhichNothingIsKnown() {
        assertThat(OpenFile.of("/x.db", List.of("")))
                .isEqualTo(new OpenFile("/x.db", false, OptionalInt.empty(), OptionalLong.empty(), true, List.of()));
    }

    @Test
    void aProcessMayBeNamedLikeALineOfStat() {
        String line = "42 (x) R 1 (y)) S 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 12345 0 0";

        assertThat(ProcessStat.parse(line)).contains(new ProcessStat("x) R 1 (y)", 'S', false, 12345));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "42", "42 (x)", "42 (x) S 1", ")(", "1 (x) S a b c d e f g h i j k l m n o p q r s t u"})
    void aStatLineThatIsNoneIsNoProcess(String line) {
        assertThat(ProcessStat.parse(line)).isEmpty();
    }

    @Test
    void aCommandLineIsOneShortLineThatUpsetsNoTerminal() {
        assertThat(ProcessLabel.oneLine("java\0-jar\0a\u001b[31mb\nc\u202ed\0")).isEqualTo("java -jar a?[31mb c?d");
        assertThat(ProcessLabel.oneLine("日".repeat(500))).isEqualTo("日".repeat(119) + "…");
        assertThat(ProcessLabel.oneLine("")).isEmpty();
    }

    @Test
    void escapesOfTheKernelAreUndoneAndNoOthers() {
        assertThat(MountTable.unescaped("/a\\040b\\134c\\011\\043")).isEqualTo("/a b\\c\t#");
        assertThat(MountTable.unescaped("/a\\x\\0")).isEqualTo("/a\\x\\0");
    }

    @Test
    void aPlaceIsThePathInsideTheFilesystem() {
        Mount volume = new Mount(1, "8:1", "/vol", "/data", "ext4", "/dev/x", List.of(), List.of());
        Mount root = new Mount(2, "8:1", "/", "/", "ext4", "/dev/x", List.of(), List.of());

        assertThat(SoughtFile.placeInside(volume, "/data/app.db")).contains("/vol/app.db");
        assertThat(SoughtFile.placeInside(root, "/vol/app.db")).contains("/vol/app.db");
        assertThat(SoughtFile.placeInside(volume, "/database/app.db")).isEmpty();
    }
}
