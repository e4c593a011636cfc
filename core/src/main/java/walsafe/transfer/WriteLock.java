package walsafe.transfer;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import walsafe.format.Ledger;
import walsafe.policy.Mode;
import walsafe.policy.Plan;

/**
 * Keeps every writer out of a database while its data is carried away, readers not: {@code BEGIN IMMEDIATE}, and no write.
 * It is closed before the {@link Source} that reads, so that it is never the last connection, which would checkpoint.
 */
final class WriteLock implements AutoCloseable {
    private final Ledger.Opening ledger;
    private final Optional<Database> database;

    private WriteLock(Ledger.Opening ledger, Optional<Database> database) {
        this.ledger = ledger;
        this.database = database;
    }

    static WriteLock of(Source source, Plan.Open plan, Budget budget) throws SQLException, IOException {
        Ledger.Opening ledger = Source.onceNobodyReadsItsBytes(source.file());
        try {
            return new WriteLock(ledger, locking(source, plan, budget));
        } catch (SQLException | RuntimeException | Error e) {
            ledger.close();
            throw e;
        }
    }

    /** A dot-file lock knows no readers beside writers: there the reader's own keeps everybody out. */
    private static Optional<Database> locking(Source source, Plan.Open plan, Budget budget) throws SQLException {
        if (plan.mode() == Mode.ROLLBACK_DOTFILE) {
            source.database().beginReading();
            return Optional.empty();
        }
        Database database = Database.open(source.file(), "mode=rw", budget.lockMillis());
        try {
            database.run("BEGIN IMMEDIATE");
            return Optional.of(database);
        } catch (SQLException | RuntimeException | Error e) {
            database.close();
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            if (database.isPresent()) database.get().close(); // rolls back, and there is nothing to roll back
        } finally {
            ledger.close();
        }
    }
}
