package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import walsafe.facts.DatabasePart;
import walsafe.facts.Facts;
import walsafe.facts.Neighbour;
import walsafe.facts.Neighbours;
import walsafe.facts.SqliteLock;

/** SQLite's names of locks mean nothing to whoever reads "database is locked", so their consequence is told too. */
class WhoTextTest {
    private static final SqliteLock SHARED = database("SHARED", false);

    @Test
    void aWriterOfARollbackDatabaseKeepsOtherWritersOut() {
        assertThat(told(holder(false, SHARED, database("RESERVED", true)))).contains("nobody else can write before");
    }

    @Test
    void aCommitKeepsReadersOutToo() {
        assertThat(told(holder(false, database("EXCLUSIVE", true)))).contains("nobody else can write or begin to read");
    }

    @Test
    void aReaderOfARollbackDatabaseKeepsCommitsOut() {
        assertThat(told(holder(false, SHARED))).contains("nobody else can commit before it has read");
    }

    @Test
    void aReaderOfAWalDatabaseKeepsNobodyOut() {
        assertThat(told(holder(true, SHARED))).doesNotContain("nobody else");
    }

    /** Everybody who begins to read holds PENDING for a moment, for reading. */
    @Test
    void aPendingLockForReadingKeepsNobodyFromReading() {
        assertThat(told(holder(true, SHARED, database("PENDING", false)))).doesNotContain("nobody else");
    }

    @Test
    void thatNobodyIsSeenIsSaidOnce() {
        Facts facts = Invented.all().get("safe").facts();
        Facts nobody = new Facts(
                facts.target(),
                facts.storage(),
                facts.domain(),
                facts.host(),
                facts.database(),
                new Neighbours(true, List.of(), List.of(), 212, false),
                facts.sqlite(),
                facts.evidence(),
                facts.unseen());

        assertThat(WhoText.of(nobody, Ink.NONE)).containsOnlyOnce("Nobody").contains("212 processes belong");
    }

    private static String told(Neighbour holder) {
        Paper paper = new Paper(Ink.NONE);
        WhoText.write(new Neighbours(true, List.of(holder), List.of(), 0, true), paper);
        return paper.toString();
    }

    private static SqliteLock database(String name, boolean write) {
        return new SqliteLock(DatabasePart.DATABASE, name, write, 0, 0);
    }

    private static Neighbour holder(boolean wal, SqliteLock... locks) {
        Set<DatabasePart> open = wal ? EnumSet.allOf(DatabasePart.class) : EnumSet.of(DatabasePart.DATABASE);
        return new Neighbour(
                412,
                "python3 app.py",
                Optional.empty(),
                Optional.empty(),
                open,
                Set.of(),
                Map.of(),
                List.of(locks),
                Optional.empty(),
                List.of(),
                false,
                false);
    }
}
