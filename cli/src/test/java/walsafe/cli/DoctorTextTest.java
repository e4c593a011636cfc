package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody reads at night, asked of real files. */
class DoctorTextTest {
    @TempDir
    Path folder = Path.of("");

    private Path database = Path.of("");

    @BeforeEach
    void aDatabase() throws SQLException {
        database = folder.resolve("shop.db");
        try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement sql = db.createStatement()) {
            sql.executeUpdate("CREATE TABLE item(name); CREATE TABLE sale(price)");
        }
    }

    @Test
    void aSoundDatabaseComesWithLinesThatOpenIt() {
        assertThat(doctor(database)).contains("\nPlan: ", "\nTo open it so\n", "DriverManager.getConnection");
    }

    /** It said "Change nothing" and, below, a line to paste that sets journal_mode on the damaged file. */
    @Test
    void besideChangeNothingStandsNoLineThatOpensIt() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
            file.setLength(4096);
        }

        String told = doctor(database);

        assertThat(told).startsWith("DAMAGED").contains("Change nothing.", "Plan, once the findings are dealt with: ");
        assertThat(told).doesNotContain("To open it so", "sqlite3.connect");
    }

    @Test
    void aDirectoryIsNotOpenedAsADatabase() {
        String told = doctor(folder);

        assertThat(told).contains("a directory").doesNotContain("To open it so", "WS901", "a user who may read it");
    }

    @Test
    void aClaimThatChangesNoModeIsSaidToNeedLess() throws IOException {
        Files.createLink(folder.resolve("other.db"), database);

        assertThat(doctor(database)).startsWith("SAFE ONLY IF").contains("it may use WAL with fewer conditions:");
    }

    /** On a FUSE mount the same sentence stood there five times, once for each question that it answers. */
    @Test
    void noReasonIsToldTwice() {
        String text = DoctorText.of(Invented.refused(), Ink.NONE);

        assertThat(text.lines().filter(line -> line.contains("source:"))).doesNotHaveDuplicates();
    }

    @Test
    void aNarrowEnvironmentIsNotToldTogetherWithItsWideOne() {
        assertThat(doctor(database)).doesNotContain("a virtual machine and a ", "a container and a ");
    }

    @Test
    void nobodyIsSaidOnce() {
        String told = Asked.walsafe("who", database.toString()).out();

        assertThat(told).startsWith("Nobody ");
        if (!told.startsWith("Nobody that can be seen"))
            assertThat(told.lines()).hasSize(1);
    }

    private static String doctor(Path path) {
        return Asked.walsafe("doctor", path.toString()).out();
    }
}
