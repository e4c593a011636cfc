package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds every row of the tables to what docs/knowledge/README.md promises. */
class KnowledgeTableTest {
    /** Every name that walsafe knows. Kept here as well, so that a row that gets lost is noticed. */
    private static final String LINUX =
            "9p acfs affs afs aufs auristorfs autofs bcachefs beegfs binfmt_misc bpf btrfs ceph"
                    + " cgroup cgroup2 cifs coda configfs cramfs davfs debugfs devpts devtmpfs drvfs ecryptfs efivarfs efs erofs exfat"
                    + " ext2 ext3 ext4 f2fs fakeowner fhgfs fuse fuse-overlayfs fuse.archivemount fuse.bindfs fuse.blobfuse2 fuse.ceph"
                    + " fuse.ceph-fuse fuse.cryfs fuse.curlftpfs fuse.davfs fuse.encfs fuse.exfat fuse.fuse-overlayfs fuse.fusefat"
                    + " fuse.gcsfuse fuse.glusterfs fuse.gocryptfs fuse.goofys fuse.grpcfuse fuse.gvfsd-fuse fuse.juicefs fuse.kio-fuse"
                    + " fuse.litefs fuse.lxcfs fuse.mergerfs fuse.mfs fuse.mountpoint-s3 fuse.ntfs-3g fuse.osxfs fuse.portal fuse.rclone"
                    + " fuse.s3fs fuse.seaweedfs fuse.sshfs fuse.unionfs fuse.virtiofs fuse.vmhgfs-fuse fuseblk fusectl gfs gfs2"
                    + " glusterfs gpfs grpcfuse hfs hfsplus hostfs hugetlbfs ibrix iso9660 jffs2 jfs lustre lxfs minix mqueue msdos ncp"
                    + " ncpfs nfs nfs4 nilfs2 ntfs ntfs3 ocfs2 orangefs osxfs overlay panfs prl_fs proc pstore pvfs2 ramfs reiserfs romfs"
                    + " securityfs shiftfs smb2 smb3 smbfs snfs squashfs sysfs tmpfs tracefs ubifs udf ufs unionfs vboxsf vfat virtiofs"
                    + " vmhgfs vxfs wekafs wslfs xfs zfs zonefs";

    private static final String MACOS =
            "AppleVirtIOFS acfs afpfs apfs exfat hfs macfuse msdos nfs ntfs osxfuse smbfs ufs virtio-fs webdav";
    private static final String WINDOWS = "CDFS CSVFS Dokan FAT FAT32 NTFS ReFS UDF UNC WinFsp exFAT wsl.localhost";

    @Test
    void noNameIsLost() {
        assertThat(names("linux")).containsExactlyInAnyOrder(LINUX.split(" "));
        assertThat(names("macos")).containsExactlyInAnyOrder(MACOS.split(" "));
        assertThat(names("windows")).containsExactlyInAnyOrder(WINDOWS.split(" "));
    }

    @Test
    void everyNameIsFound() {
        for (String[] row : KnowledgeTable.FILESYSTEMS.all()) {
            assertThat(KnowledgeTable.FILESYSTEMS.about(row[1], row[0]))
                    .as(row[0])
                    .hasSize(1);
        }
    }

    @Test
    void everyFilesystemIsOfAClassThatSaysSomething() {
        for (String[] row : KnowledgeTable.FILESYSTEMS.all()) {
            assertThat(KnownFilesystem.of(row).kind()).as(row[0]).isNotEqualTo(StorageClass.UNKNOWN);
        }
    }

    @Test
    void likenessGoesOneStepAndNoFurther() {
        for (String[] row : KnowledgeTable.FILESYSTEMS.all()) {
            if (row[4].isEmpty()) continue;
            assertThat(KnowledgeTable.FILESYSTEMS.about(row[1], row[4]))
                    .as("%s is like %s", row[0], row[4])
                    .hasSize(1)
                    .allSatisfy(like -> assertThat(like[4]).isEmpty());
        }
    }

    @Test
    void everyAnswerIsAboutAFilesystemOfTheList() {
        for (String[] row : KnowledgeTable.ANSWERS.all()) {
            assertThat(names(row[1])).contains(row[0]);
        }
    }

    @Test
    void everyAnswerIsMadeOfKnownWords() {
        for (String[] row : KnowledgeTable.ANSWERS.all()) {
            KnownAnswer answer = KnownAnswer.of(row);

            assertThat(answer.options()).as(Arrays.toString(row)).doesNotContain("", "*", "ro");
            assertThat(answer.options())
                    .allSatisfy(option -> assertThat(option.indexOf('*')).isIn(-1, option.length() - 1));
        }
    }

    @Test
    void everyReasonIsAClauseThatCanStandInASentence() {
        for (String[] row : KnowledgeTable.ANSWERS.all()) {
            assertThat(row[6]).as(Arrays.toString(row)).isNotBlank().isEqualTo(row[6].strip());
            assertThat(row[6]).doesNotEndWith(".").hasSizeLessThan(200);
        }
    }

    @Test
    void nothingIsSaidTwice() {
        Set<List<String>> said = new HashSet<>();
        for (String[] row : KnowledgeTable.ANSWERS.all()) {
            for (String option : row[2].split("\\|", -1)) {
                List<String> place = List.of(row[0], row[1], option, row[3], row[4]);
                assertThat(said.add(place)).as("%s is said twice", place).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTableIsSortedAndPlain(KnowledgeTable table) {
        List<String> lines = table.text().lines().skip(1).toList();

        assertThat(lines).isSorted().doesNotHaveDuplicates();
        assertThat(table.text()).endsWith("\n").matches(text -> text.chars().allMatch(c -> c < 128), "is ASCII");
    }

    @Test
    void everySourceExists() throws IOException {
        Map<String, Set<String>> anchors = new HashMap<>();
        for (String source : sources()) {
            if (source.startsWith("docs/"))
                assertThat(isHeading(source, anchors)).as(source).isTrue();
            else if (source.startsWith("lab/notes/"))
                assertThat(Path.of("..", source, "result.tsv")).as(source).isNotEmptyFile();
            else assertThat(isAddress(source)).as(source).isTrue();
        }
    }

    @Test
    void nothingThatIsOnlyInferredOrReportedIsYes() {
        for (String[] row : KnowledgeTable.ANSWERS.all()) {
            if (row[5].equals("YES")) assertThat(row[7]).doesNotContain("inferred.md", "reported.md");
        }
    }

    @Test
    void everyPageOfKnowledgeIsCitedOrExplainsTheTables() throws IOException {
        Set<String> cited = sources().stream()
                .filter(source -> source.startsWith("docs/"))
                .map(source -> source.substring("docs/knowledge/".length(), source.indexOf('#')))
                .collect(Collectors.toSet());
        cited.addAll(Set.of("README.md", "environment.md", "torture.md", "verdicts.md"));

        try (Stream<Path> pages = Files.list(docs().resolve("knowledge"))) {
            assertThat(pages.map(page -> page.getFileName().toString())).containsExactlyInAnyOrderElementsOf(cited);
        }
    }

    @Test
    void aScopeThatIsNoneIsAMistakeThatNamesItself() {
        String[] row = {"ext4", "linux", "", "between", "LOCKS_EXCLUDE", "YES", "because", "source"};

        assertThatThrownBy(() -> KnownAnswer.of(row)).hasMessageContaining("between");
    }

    private static Set<String> names(String system) {
        return KnowledgeTable.FILESYSTEMS.all().stream()
                .filter(row -> row[1].equals(system))
                .map(row -> row[0])
                .collect(Collectors.toSet());
    }

    private static Set<String> sources() {
        return KnowledgeTable.ANSWERS.all().stream().map(row -> row[7]).collect(Collectors.toSet());
    }

    private static boolean isAddress(String source) {
        URI address = URI.create(source);
        return "https".equals(address.getScheme()) && address.getHost() != null;
    }

    private static boolean isHeading(String source, Map<String, Set<String>> anchors) throws IOException {
        int hash = source.indexOf('#');
        String page = source.substring("docs/".length(), hash);
        if (!anchors.containsKey(page)) anchors.put(page, anchors(docs().resolve(page)));
        return anchors.get(page).contains(source.substring(hash + 1));
    }

    /** The anchors that GitHub gives to the headings of a page: lower case, hyphens for spaces, no punctuation. */
    private static Set<String> anchors(Path page) throws IOException {
        try (Stream<String> lines = Files.lines(page)) {
            return lines.filter(line -> line.startsWith("#"))
                    .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                    .map(title -> title.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
                    .collect(Collectors.toSet());
        }
    }

    private static Path docs() {
        return Path.of("..", "docs");
    }
}
