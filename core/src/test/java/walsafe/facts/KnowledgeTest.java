package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static walsafe.facts.Answer.Verdict.NO;
import static walsafe.facts.Answer.Verdict.UNKNOWN;
import static walsafe.facts.Answer.Verdict.YES;
import static walsafe.facts.Question.LOCKS_DIE_WITH_OWNER;
import static walsafe.facts.Question.LOCKS_EXCLUDE;
import static walsafe.facts.Question.LOCKS_UPGRADE;
import static walsafe.facts.Question.MEMORY_IS_SHARED;
import static walsafe.facts.Question.NAMES_ARE_FRESH;
import static walsafe.facts.Question.ONE_PAGE_CACHE;
import static walsafe.facts.Question.READS_ARE_FRESH;
import static walsafe.facts.Question.SYNC_IS_KEPT;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.facts.Answer.Verdict;

/** The answers that decide whether people lose data, by name. */
class KnowledgeTest {
    @Test
    void ext4_answersEverythingWellWithinOneKernel() {
        Knowledge ext4 = linux("ext4");

        assertThat(ext4.kind()).isEqualTo(StorageClass.LOCAL);
        assertThat(ext4.reach()).isEqualTo(Reach.THIS_SUPERBLOCK);
        assertThat(Question.values())
                .allSatisfy(question -> assertThat(within(ext4, question)).isEqualTo(YES));
    }

    @Test
    void ext4WithoutBarriers_losesBytesThatWereSynced() {
        assertThat(within(linux("ext4", "rw", "nobarrier"), SYNC_IS_KEPT)).isEqualTo(NO);
        assertThat(within(linux("ext4", "rw", "barrier=0"), SYNC_IS_KEPT)).isEqualTo(NO);
    }

    @Test
    void xfs_inheritsFromExt4AndSpeaksForItselfWhereItWasMeasured() {
        Answers xfs = linux("xfs").answers();

        assertThat(xfs.within(LOCKS_EXCLUDE)).isEqualTo(linux("ext4").answers().within(LOCKS_EXCLUDE));
        assertThat(xfs.within(SYNC_IS_KEPT).because()).contains("xfs");
    }

    @Test
    void zfs_isNotTrustedWithSyncsBecauseItsSwitchIsInvisible() {
        assertThat(within(linux("zfs"), SYNC_IS_KEPT)).isEqualTo(UNKNOWN);
        assertThat(within(linux("zfs"), MEMORY_IS_SHARED)).isEqualTo(YES);
    }

    @Test
    void msdos_makesOneFileOfWalAndShm() {
        assertThat(within(linux("msdos"), NAMES_ARE_FRESH)).isEqualTo(NO);
        assertThat(within(linux("vfat"), NAMES_ARE_FRESH)).isEqualTo(YES);
    }

    @Test
    void tmpfs_keepsNothing() {
        assertThat(linux("tmpfs").kind()).isEqualTo(StorageClass.VOLATILE);
        assertThat(within(linux("tmpfs"), SYNC_IS_KEPT)).isEqualTo(NO);
        assertThat(within(linux("tmpfs"), MEMORY_IS_SHARED)).isEqualTo(YES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4"})
    void nfs_hasLocksThatWorkAcrossHosts_andMemoryThatDoesNot(String type) {
        Knowledge nfs = linux(type, "rw", "vers=4.2", "local_lock=none");

        assertThat(across(nfs, LOCKS_EXCLUDE)).isEqualTo(YES);
        assertThat(across(nfs, LOCKS_UPGRADE)).isEqualTo(YES);
        assertThat(across(nfs, READS_ARE_FRESH)).isEqualTo(YES);
        assertThat(across(nfs, LOCKS_DIE_WITH_OWNER)).isEqualTo(UNKNOWN);
        assertThat(across(nfs, NAMES_ARE_FRESH)).isEqualTo(UNKNOWN);
        assertThat(across(nfs, MEMORY_IS_SHARED)).isEqualTo(NO);
        assertThat(across(nfs, ONE_PAGE_CACHE)).isEqualTo(NO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nolock", "local_lock=all", "local_lock=posix"})
    void nfsWithLocalLocks_excludesNobodyOnAnotherHost(String option) {
        Knowledge nfs = linux("nfs", "rw", "vers=3", option);

        assertThat(across(nfs, LOCKS_EXCLUDE)).isEqualTo(NO);
        assertThat(within(nfs, LOCKS_EXCLUDE)).isEqualTo(YES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local_lock=flock", "local_lock=none"})
    void nfsKeepsByteRangeLocksOnTheServer_whereOnlyFlockOrNothingIsLocal(String option) {
        assertThat(across(linux("nfs4", option), LOCKS_EXCLUDE)).isEqualTo(YES);
    }

    @Test
    void nfsOnThisHostsOwnAddress_isStillANetwork() {
        Mount efs = mount("nfs4", "127.0.0.1:/", List.of("rw"), List.of("rw", "vers=4.1"));

        assertThat(Knowledge.about("Linux", efs).reach()).isEqualTo(Reach.OTHER_KERNELS);
    }

    @Test
    void noacIsNoCure() {
        Knowledge nfs = linux("nfs4", "rw", "noac");

        assertThat(across(nfs, MEMORY_IS_SHARED)).isEqualTo(NO);
        assertThat(nfs.answers().across(MEMORY_IS_SHARED).because()).contains("noac does not help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cifs", "smb3"})
    void defaultSmb_cannotUpgradeALock(String type) {
        assertThat(within(linux(type), LOCKS_UPGRADE)).isEqualTo(NO);
        assertThat(across(linux(type), LOCKS_UPGRADE)).isEqualTo(NO);
        assertThat(across(linux(type), LOCKS_EXCLUDE)).isEqualTo(YES);
    }

    @Test
    void smbNobrl_upgradesLocksAndExcludesNobodyElsewhere() {
        Knowledge nobrl = linux("cifs", "rw", "vers=3.1.1", "nobrl");

        assertThat(within(nobrl, LOCKS_UPGRADE)).isEqualTo(YES);
        assertThat(within(nobrl, LOCKS_EXCLUDE)).isEqualTo(YES);
        assertThat(across(nobrl, LOCKS_EXCLUDE)).isEqualTo(NO);
    }

    @Test
    void smbNostrictsync_doesNotSync() {
        assertThat(across(linux("cifs", "nostrictsync"), SYNC_IS_KEPT)).isEqualTo(NO);
    }

    @Test
    void plan9WithoutACache_refusesSharedMemory() {
        assertThat(within(linux("9p", "rw", "trans=virtio"), MEMORY_IS_SHARED)).isEqualTo(NO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mmap", "cache=mmap", "cache=5", "cache=0x5", "loose", "cache=loose", "cache=f", "fscache"})
    void plan9WithACache_leavesSharedMemoryToAnExperiment(String option) {
        assertThat(within(linux("9p", "rw", option), MEMORY_IS_SHARED)).isEqualTo(UNKNOWN);
        assertThat(across(linux("9p", "rw", option), MEMORY_IS_SHARED)).isEqualTo(NO);
        assertThat(across(linux("9p", "rw", option), LOCKS_EXCLUDE)).isEqualTo(NO);
    }

    @Test
    void aWindowsDriveInWsl_isToldAsOne() {
        Mount drive = mount("9p", "C:\\", List.of("rw"), List.of("rw", "aname=drvfs;path=C:\\;uid=1000", "mmap"));
        Answer locks = Knowledge.about("Linux", drive).answers().across(LOCKS_EXCLUDE);

        assertThat(locks.verdict()).isEqualTo(NO);
        assertThat(locks.because()).contains("Windows programs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtiofs", "fuse.virtiofs"})
    void virtiofs_convictsItselfAcrossKernelsAndIsSilentAboutMemory(String type) {
        assertThat(across(linux(type), LOCKS_EXCLUDE)).isEqualTo(NO);
        assertThat(across(linux(type), READS_ARE_FRESH)).isEqualTo(NO);
        assertThat(within(linux(type), LOCKS_EXCLUDE)).isEqualTo(YES);
        assertThat(within(linux(type), MEMORY_IS_SHARED)).isEqualTo(UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fakeowner", "grpcfuse", "fuse.grpcfuse", "osxfs", "fuse.osxfs"})
    void dockerDesktopsMacFolders_haveNoLocksEvenWithinOneContainer(String type) {
        assertThat(linux(type).kind()).isEqualTo(StorageClass.VM_SHARED);
        assertThat(within(linux(type), LOCKS_EXCLUDE)).isEqualTo(NO);
    }

    @ParameterizedTest
    @CsvSource({"overlay, THIS_SUPERBLOCK", "fuse.bindfs, THIS_KERNEL", "fuse.fuse-overlayfs, THIS_KERNEL"})
    void mirrorsAndUnions_areGoodOnOnePathAndBadOnTwo(String type, Reach reach) {
        Knowledge union = linux(type);

        assertThat(union.reach()).isEqualTo(reach);
        for (Question question : List.of(LOCKS_EXCLUDE, READS_ARE_FRESH, MEMORY_IS_SHARED, ONE_PAGE_CACHE)) {
            assertThat(within(union, question)).isEqualTo(YES);
            assertThat(across(union, question)).isEqualTo(NO);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"volatile", "fsync=volatile"})
    void aVolatileOverlay_keepsNothing(String option) {
        assertThat(within(linux("overlay", "rw", option), SYNC_IS_KEPT)).isEqualTo(NO);
        assertThat(within(linux("overlay", "rw"), SYNC_IS_KEPT)).isEqualTo(UNKNOWN);
    }

    @Test
    void sshfs_hasNoLocksForOtherHosts() {
        assertThat(within(linux("fuse.sshfs"), LOCKS_EXCLUDE)).isEqualTo(YES);
        assertThat(across(linux("fuse.sshfs"), LOCKS_EXCLUDE)).isEqualTo(NO);
        assertThat(across(linux("fuse.sshfs"), READS_ARE_FRESH)).isEqualTo(NO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fuse", "fuse.somebodysnetwork", "fuse.", "fuseblk.somebodysdisk"})
    void anUnknownFuseProgram_getsNoAnswerThatIsYes(String type) {
        Knowledge fuse = linux(type);

        assertThat(fuse.kind()).isEqualTo(StorageClass.FUSE_LOCAL);
        assertThat(fuse.reach()).isEqualTo(Reach.UNKNOWN);
        assertThat(Question.values())
                .allSatisfy(question -> assertThat(within(fuse, question)).isNotEqualTo(YES));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "madeupfs", "ext", "ext44", "EXT4", "filesystem", "ext4\tlinux", "ext4\tlinux\t", "\n", "*"})
    void anUnknownFilesystem_isUnknownAndNoError(String type) {
        assertThat(linux(type)).isEqualTo(new Knowledge(StorageClass.UNKNOWN, Reach.UNKNOWN, Answers.NONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "FreeBSD", "linux\t", "os"})
    void anUnknownSystem_isUnknownAndNoError(String os) {
        assertThat(Knowledge.about(os, mount("ufs", "/dev/ada0", List.of(), List.of()))
                        .kind())
                .isEqualTo(StorageClass.UNKNOWN);
    }

    @Test
    void oneNameMeansDifferentThingsOnDifferentSystems() {
        assertThat(about("Linux", "ntfs").kind()).isEqualTo(StorageClass.LOCAL);
        assertThat(about("Mac OS X", "ntfs").kind()).isEqualTo(StorageClass.READ_ONLY);
        assertThat(about("Windows 11", "ntfs").kind()).isEqualTo(StorageClass.LOCAL);
    }

    @Test
    void apfs_carriesWalAmongItsOwnProcesses() {
        assertThat(within(about("Mac OS X", "apfs"), MEMORY_IS_SHARED)).isEqualTo(YES);
        assertThat(about("Mac OS X", "smbfs").reach()).isEqualTo(Reach.OTHER_KERNELS);
    }

    @ParameterizedTest
    @CsvSource({
        "\\\\server\\share, NETWORK",
        "\\\\?\\UNC\\server\\share, NETWORK",
        "\\\\wsl$\\Debian, VM_SHARED",
        "\\\\wsl.localhost\\Debian, VM_SHARED",
        "\\\\WSL.LOCALHOST\\Debian, VM_SHARED",
        "\\\\?\\UNC\\wsl.localhost\\Debian, VM_SHARED",
        "\\\\?\\Volume{6f1b}\\, LOCAL",
        "\\\\.\\PhysicalDrive0, LOCAL",
        "C:\\, LOCAL",
        "Windows, LOCAL"
    })
    void windowsNamesAFolderByWhereItLies_notByWhatItSaysItIs(String source, StorageClass kind) {
        Mount mount = mount("NTFS", source, List.of(), List.of());

        assertThat(Knowledge.about("Windows Server 2022", mount).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localflocks", "localflock", "noflock"})
    void clusterLocksThatAreLocal_excludeNobodyElsewhere(String option) {
        String type = option.equals("localflocks") ? "gfs2" : "lustre";

        assertThat(across(linux(type, option), LOCKS_EXCLUDE)).isEqualTo(NO);
        assertThat(across(linux(type), LOCKS_EXCLUDE)).isEqualTo(UNKNOWN);
    }

    @Test
    void anObjectStore_keepsNeitherLocksNorBytes() {
        Knowledge s3 = linux("fuse.s3fs");

        assertThat(s3.kind()).isEqualTo(StorageClass.OBJECT_STORE);
        assertThat(across(s3, LOCKS_EXCLUDE)).isEqualTo(NO);
        assertThat(within(s3, SYNC_IS_KEPT)).isEqualTo(NO);
    }

    @Test
    void ofSeveralOptionsTheMostCarefulStands_whateverTheirOrder() {
        KnownAnswer bold = row("bold", YES);
        KnownAnswer careful = row("careful", NO);
        KnownAnswer byDefault = row("", UNKNOWN);
        Mount both = mount("any", "any", List.of("bold"), List.of("careful"));
        Mount bolder = mount("any", "any", List.of("bold"), List.of());

        assertThat(locks(both, bold, careful, byDefault)).isEqualTo(NO);
        assertThat(locks(both, byDefault, careful, bold)).isEqualTo(NO);
        assertThat(locks(bolder, bold, careful, byDefault)).isEqualTo(YES);
    }

    private static KnownAnswer row(String option, Verdict verdict) {
        String[] cells = {"any", "linux", option, "within", "LOCKS_EXCLUDE", verdict.name(), "because", "source"};
        return KnownAnswer.of(cells);
    }

    private static Verdict locks(Mount mount, KnownAnswer... rows) {
        return Objects.requireNonNull(
                        Knowledge.scope(List.of(rows), true, mount).get(LOCKS_EXCLUDE))
                .verdict();
    }

    private static Knowledge linux(String type, String... superOptions) {
        return Knowledge.about("Linux", mount(type, "/dev/vdb", List.of("rw"), List.of(superOptions)));
    }

    private static Knowledge about(String os, String type) {
        return Knowledge.about(os, mount(type, "somewhere", List.of(), List.of()));
    }

    private static Mount mount(String type, String source, List<String> options, List<String> superOptions) {
        return new Mount(1, "0:1", "/", "/", type, source, options, superOptions);
    }

    private static Verdict within(Knowledge knowledge, Question question) {
        return knowledge.answers().within(question).verdict();
    }

    private static Verdict across(Knowledge knowledge, Question question) {
        return knowledge.answers().across(question).verdict();
    }
}
