package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetLookTest {
    @TempDir
    private Path temporary = Path.of("");

    private Path home = Path.of("");

    @BeforeEach
    void temporaryDirectoryMayBeALink() throws IOException {
        home = temporary.toRealPath();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.db", "a shop.db", "kühe 牛.db", "two\nlines.db", "100%.db", "file:shop.db"})
    void aFileIsAFileWhateverItsName(String name) throws IOException {
        Path database = Files.writeString(home.resolve(name), "");

        Target target = look(database.toString());

        assertThat(target.state()).isEqualTo(Target.State.FILE);
        assertThat(target.database()).contains(database.toString());
        assertThat(target.links()).isEmpty();
    }

    @Test
    void aUriNamesTheFileThatSqliteWouldOpen() throws IOException {
        Path database = Files.writeString(home.resolve("a shop.db"), "");

        Target target = look("file://" + home + "/a%20shop.db?mode=ro&vfs=unix-dotfile#top");

        assertThat(target.database()).contains(database.toString());
        assertThat(target.uriParameters()).containsExactly("mode=ro", "vfs=unix-dotfile");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":memory:", "file::memory:", "file:x?mode=memory", "file:/x?vfs=memdb", "file:"})
    void memoryIsNowhere(String name) {
        Target target = look(name);

        assertThat(target.state()).isEqualTo(Target.State.MEMORY);
        assertThat(target.database()).isEmpty();
    }

    @Test
    void aRelativeNameIsMeantFromTheWorkingDirectory() throws IOException {
        Path here = Path.of("").toRealPath();

        assertThat(look("no such.db").database())
                .contains(here.resolve("no such.db").toString());
    }

    @Test
    void linksAreFollowedAndToldOutermostFirst() throws IOException {
        Path real = Files.createDirectory(home.resolve("real"));
        Path database = Files.writeString(real.resolve("shop.db"), "");
        Path inner = Files.createSymbolicLink(home.resolve("inner"), Path.of("real"));
        Path outer = Files.createSymbolicLink(home.resolve("outer.db"), Path.of("inner/shop.db"));

        Target target = look(outer.toString());

        assertThat(target.database()).contains(database.toString());
        assertThat(target.links()).containsExactly(outer.toString(), inner.toString());
    }

    @Test
    void theWalLiesWhereSqlitePutsIt() throws Exception {
        // SQLite itself is asked: through a link in a directory that is a link, with ".." after it.
        Path real = Files.createDirectories(home.resolve("real/deep"));
        Files.createSymbolicLink(home.resolve("link"), real);
        Files.createSymbolicLink(real.resolveSibling("outer.db"), Path.of("shop.db"));
        String asked = home + "/link/../outer.db";

        try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + asked);
                Statement statement = sqlite.createStatement()) {
            statement.executeUpdate("PRAGMA journal_mode=WAL");
            statement.executeUpdate("CREATE TABLE t(x)");

            Target target = look(asked);

            assertThat(target.database()).contains(home + "/real/shop.db");
            assertThat(Path.of(target.database().orElseThrow() + "-wal")).exists();
        }
    }

    @Test
    void aMissingFileIsAppendedToWhatExists() throws IOException {
        Files.createSymbolicLink(home.resolve("link"), Files.createDirectory(home.resolve("real")));

        Target target = look(home + "/link/new/./other/../shop.db");

        assertThat(target.state()).isEqualTo(Target.State.NO_DIRECTORY);
        assertThat(target.database()).contains(home + "/real/new/shop.db");
    }

    /** Where a mount is missing there is a directory's name too few, and nobody knows what will lie there. */
    @Test
    void aMissingDirectoryIsToldFromAMissingFile() {
        assertThat(look(home + "/new/shop.db").state()).isEqualTo(Target.State.NO_DIRECTORY);
        assertThat(look(home + "/new/../shop.db").state()).isEqualTo(Target.State.MISSING);
        assertThat(look(home + "/a/b/c/../../shop.db").state()).isEqualTo(Target.State.NO_DIRECTORY);
        assertThat(look(home + "/shop.db").state()).isEqualTo(Target.State.MISSING);
    }

    @Test
    void aLinkToNothingNamesTheFileThatWouldBeMade() throws IOException {
        Path link = Files.createSymbolicLink(home.resolve("link.db"), Path.of("elsewhere.db"));

        Target target = look(link.toString());

        assertThat(target.state()).isEqualTo(Target.State.MISSING);
        assertThat(target.database()).contains(home + "/elsewhere.db");
    }

    @Test
    void aLoopOfLinksIsTold() throws IOException {
        Files.createSymbolicLink(home.resolve("one"), Path.of("two"));
        Files.createSymbolicLink(home.resolve("two"), Path.of("one"));

        assertThat(look(home + "/one").state()).isEqualTo(Target.State.SYMLINK_LOOP);
    }

    @Test
    void aDirectoryIsTold() {
        assertThat(look(home.toString()).state()).isEqualTo(Target.State.DIRECTORY);
        assertThat(look("/").database()).contains("/");
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void aPipeIsNeverOpened() throws Exception {
        // Opening it would wait for a writer for ever.
        Path pipe = home.resolve("pipe");
        Command.must("mkfifo", pipe.toString());

        assertThat(look(pipe.toString()).state()).isEqualTo(Target.State.NOT_A_FILE);
        assertThat(look("/dev/null").state()).isEqualTo(Target.State.NOT_A_FILE);
        assertThat(Facts.gather(pipe).target().state()).isEqualTo(Target.State.NOT_A_FILE);
    }

    @Test
    void belowAFileThereIsNothing() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "");

        TargetLook look = new TargetLook(file + "/shop.db");

        assertThat(look.look("Linux").state()).isEqualTo(Target.State.NOT_A_FILE);
        assertThat(look.unseen()).containsExactly(file + " is a file, so nothing can lie below it");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aForbiddenDirectoryIsTold() throws IOException {
        Path closed = Files.createDirectory(home.resolve("closed"));
        String database = Files.writeString(closed.resolve("shop.db"), "").toString();
        Files.setPosixFilePermissions(closed, Set.of());
        try {
            String target = Files.isExecutable(closed) // to root
                    ? AsNobody.output(home, LookAsNobody.class, database)
                    : look(database).toString();

            assertThat(target).contains("state=FORBIDDEN").contains("database=Optional[" + database + "]");
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    static final class LookAsNobody {
        private LookAsNobody() {}

        public static void main(String[] database) {
            System.out.println(new TargetLook(database[0]).look(System.getProperty("os.name")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nul\0.db", "file://nas/shop.db"})
    void aNameThatNoFileCanHaveIsAnAnswer(String name) {
        TargetLook look = new TargetLook(name);

        Target target = look.look("Linux");

        assertThat(target.state()).isEqualTo(Target.State.NOT_A_FILE);
        assertThat(target.database()).isEmpty();
        assertThat(look.unseen()).hasSize(1);
    }

    @Test
    void aNameLongerThanAnyPathIsAnAnswer() {
        assertThat(look("x/".repeat(1 << 20)).state()).isEqualTo(Target.State.NOT_A_FILE);
        assertThat(look("x".repeat(5000)).state()).isNotEqualTo(Target.State.FILE);
    }

    private static Target look(String name) {
        Target target = new TargetLook(name).look(System.getProperty("os.name"));
        assertThat(target.asked()).isEqualTo(name);
        return target;
    }
}
