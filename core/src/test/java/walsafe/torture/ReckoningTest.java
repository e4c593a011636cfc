package walsafe.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import walsafe.policy.Mode;

/** A real database with known faults, counted by a real process: each is told as what it is, and nothing else is. */
@Timeout(120)
final class ReckoningTest {
    private static final long SEED = 4711;

    @TempDir
    Path folder = Path.of("");

    private Path database = folder;
    private final Ledger ledger = new Ledger();
    private final Ledger.Account account = ledger.open(0);
    private final Tally tally = new Tally(List.of("here"), true);

    @BeforeEach
    void tables() throws SQLException {
        database = folder.resolve("count.db");
        run("CREATE TABLE line(writer INTEGER, number INTEGER, part INTEGER, text TEXT)");
        run("CREATE INDEX line_number ON line(writer, number)");
        run("CREATE TABLE latest(writer INTEGER PRIMARY KEY, number INTEGER)");
    }

    @Test
    void whatIsThereAsItWasToldIsKept() throws SQLException {
        for (int number = 1; number <= 5; number++) write(number, '+');
        account.closed();

        Report.Counts counts = counted();

        assertThat(counts.kept()).isEqualTo(5);
        assertThat(counts.unsure()).isZero();
        assertThat(tally.convicted()).isFalse();
    }

    @Test
    void anAcknowledgedCommitThatIsNotThereIsLost() throws SQLException {
        for (int number = 1; number <= 5; number++) write(number, '+');
        run("DELETE FROM line WHERE number = 3");

        Report.Counts counts = counted();

        assertThat(counts.lost()).isEqualTo(1);
        assertThat(counts.kept()).isEqualTo(4);
        assertThat(tally.processes().get(0).lost()).isEqualTo(1);
        assertThat(tally.convicted()).isTrue();
    }

    @Test
    void oneThatWasUnderWayMayBeThereOrNotButNotByHalves() throws SQLException {
        write(1, '+');
        insert(2);
        latest(2);

        assertThat(counted().unsureAndThere()).isEqualTo(1);
        assertThat(tally.convicted()).isFalse();

        int big = aBigOne();
        account.told('?', big);
        insert(big);
        latest(big);
        run("DELETE FROM line WHERE part = 2 AND number = " + big);

        assertThat(counted().half()).isEqualTo(1);
        assertThat(tally.convicted()).isTrue();
    }

    @Test
    void oneThatWasRolledBackAndIsThereIsTold() throws SQLException {
        write(1, '+');
        write(2, '-');
        write(3, '+');

        assertThat(counted().undoneButThere()).isEqualTo(1);
        assertThat(tally.convicted()).isTrue();
    }

    @Test
    void oneThatNobodyBeganIsTold() throws SQLException {
        write(1, '+');
        account.closed();
        insert(2);
        latest(2);

        assertThat(counted().undoneButThere()).isEqualTo(1);
    }

    @Test
    void aRowThatIsThereTwiceIsTold() throws SQLException {
        write(1, '+');
        write(2, '+');
        run("INSERT INTO line SELECT * FROM line WHERE number = 2 AND part = 1");

        Report.Counts counts = counted();

        assertThat(counts.twice()).isEqualTo(1);
        assertThat(counts.kept()).isEqualTo(2);
        assertThat(tally.convicted()).isTrue();
    }

    @Test
    void aRowWithAnotherTextIsTold() throws SQLException {
        write(1, '+');
        write(2, '+');
        run("UPDATE line SET text = 'else' WHERE number = 2 AND part = 1");

        Report.Counts counts = counted();

        assertThat(counts.altered()).isEqualTo(1);
        assertThat(counts.kept()).isEqualTo(1);
        assertThat(tally.processes().get(0).lost()).isEqualTo(1);
    }

    @Test
    void aTransactionThatIsInOneOfTwoTablesIsThereByHalves() throws SQLException {
        write(1, '+');
        write(2, '+');
        run("UPDATE latest SET number = 1");

        assertThat(counted().half()).isEqualTo(1);
        assertThat(tally.convicted()).isTrue();
    }

    /** What SQLite's super-journal is for: a commit over two files is in both or in none. */
    @Test
    void aTransactionThatIsInOneOfTwoFilesIsThereByHalves() throws SQLException {
        write(1, '+');
        write(2, '+');
        run("ATTACH '" + database
                + ".second' AS second; CREATE TABLE second.latest(writer INTEGER PRIMARY KEY, number);"
                + " INSERT INTO second.latest SELECT * FROM latest");
        Means twoFiles =
                new Means(false, Mode.ROLLBACK, "", Means.bare(Way.TRUNCATE).pragmas(), true, true);

        assertThat(counted(twoFiles).half()).isZero();

        run("ATTACH '" + database + ".second' AS second; UPDATE second.latest SET number = 1");

        assertThat(counted(twoFiles).half()).isEqualTo(1);
        assertThat(tally.convicted()).isTrue();
    }

    @Test
    void aFileThatCannotBeReadSaysNothingOfTheRows() throws Exception {
        write(1, '+');
        java.nio.file.Files.writeString(database, "this is no database, and long enough to look like something else");

        Report.Counts counts = counted();

        assertThat(counts.unread()).isEqualTo(1);
        assertThat(counts.lost()).isZero();
        assertThat(tally.convicted()).isTrue();
    }

    private Report.Counts counted() {
        return counted(Means.bare(Way.TRUNCATE));
    }

    private Report.Counts counted(Means means) {
        Spec spec = new Spec(0, SEED, true, Ordeal.DISK_BYTES, database, folder.resolve("libraries"), means);
        Reckoning.of(ledger, ChildLine.HERE, spec, tally);
        return tally.counts();
    }

    private int aBigOne() {
        int number = 10;
        while (new Deed(SEED, account.writer, number).parts() < 3) number++;
        return number;
    }

    private void write(int number, char told) throws SQLException {
        insert(number);
        latest(number);
        account.told(told, number);
    }

    private void insert(int number) throws SQLException {
        Deed deed = new Deed(SEED, account.writer, number);
        try (Connection connection = connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO line VALUES (?, ?, ?, ?)")) {
            for (int part = 1; part <= deed.parts(); part++) {
                insert.setInt(1, deed.writer());
                insert.setInt(2, deed.number());
                insert.setInt(3, part);
                insert.setString(4, deed.text(part));
                insert.executeUpdate();
            }
        }
    }

    private void latest(int number) throws SQLException {
        run("INSERT OR REPLACE INTO latest VALUES (" + account.writer + ", " + number + ")");
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + database);
    }
}
