package walsafe;

import java.nio.file.Path;
import java.sql.SQLException;
import walsafe.facts.Facts;
import walsafe.finding.WalsafeException;
import walsafe.policy.Intent;

/** Opens SQLite databases so that they stay whole where they lie. */
public final class Walsafe {
    private Walsafe() {}

    /** Opens with {@link Intent#DEFAULT}: keeps every commit, and reckons with everybody who can reach the storage. */
    public static SafeDatabase open(Path database) throws SQLException {
        return open(database, Intent.DEFAULT);
    }

    /**
     * Opens the database as the doctor would advise, or not at all. Makes the file if there is none. Opening it again in
     * this program gives another handle to the same connections. Costs some milliseconds beyond SQLite's own opening; where
     * knowledge is silent and the intent allows it, about a second more for the first time.
     *
     * @throws WalsafeException if it cannot be opened safely here, with what to do instead
     * @throws SQLException if SQLite itself cannot open it
     */
    public static SafeDatabase open(Path database, Intent intent) throws SQLException {
        Facts facts = Facts.gather(database); // waits no longer than its patience, whatever the storage does
        Path file = Path.of(facts.target().database().orElse(database.toString()));
        return Handles.share(file, intent, () -> new Opening(file, Trying.where(facts, intent), intent).open());
    }
}
