package walsafe;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import walsafe.facts.Facts;
import walsafe.facts.Target;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.format.Header;
import walsafe.policy.Intent;
import walsafe.transfer.BeforeOpening;
import walsafe.transfer.Elsewhere;

/** Opens SQLite databases so that they stay whole where they lie. */
public final class Walsafe {
    /** Who finds the mode switched so often stands between two programs that quarrel about it. */
    private static final int ATTEMPTS = 3;

    private Walsafe() {}

    /** Opens with {@link Intent#DEFAULT}: keeps every commit, and reckons with everybody who can reach the storage. */
    public static SafeDatabase open(Path database) throws SQLException {
        return open(database, Intent.DEFAULT);
    }

    /**
     * Opens the database as the doctor would advise, or not at all. Makes the file if there is none. Opening it again in
     * this program gives another handle to the same connections, and looks at nothing anew but whether the file is still the
     * same; {@code :memory:} is a new database each time. Costs some
     * milliseconds beyond SQLite's own opening; where knowledge is silent and the intent allows it, about a second more for
     * the first time.
     *
     * @throws WalsafeException if it cannot be opened safely here, with what to do instead
     * @throws SQLException if SQLite itself cannot open it
     */
    public static SafeDatabase open(Path database, Intent intent) throws SQLException {
        if (database.toString().equals(":memory:")) return Handles.alone(database, intent);
        Optional<SafeDatabase> again = Handles.again(database, intent);
        if (again.isPresent()) return again.get();
        Facts facts = Facts.gather(database); // waits no longer than its patience, whatever the storage does
        if (facts.target().state() == Target.State.SILENT
                && Thread.currentThread().isInterrupted()) {
            throw new SQLException(database
                    + " was not opened: this thread was interrupted while its place was looked at. Do: clear the"
                    + " interrupt, and open it again; nothing was changed.");
        }
        Path file = Path.of(facts.target().database().orElse(database.toString()));
        Optional<Path> elsewhere = elsewhere(facts, intent);
        if (elsewhere.isPresent()) return open(elsewhere.get(), intent);
        return Handles.share(file, intent, () -> opened(file, facts, intent));
    }

    /** Another program may switch the journal mode between our look and our opening; then all is looked at anew. */
    static Handles.Opened opened(Path file, Facts first, Intent intent) throws SQLException {
        Facts facts = first;
        for (int attempt = 1; ; attempt++) {
            try {
                return new Opening(file, prepared(facts, intent), intent).open();
            } catch (WalsafeException e) {
                if (e.finding().problem() != Problem.MODE_UNSAFE_HERE || attempt == ATTEMPTS) throw e;
                Facts now = Facts.gather(file);
                if (wal(now) == wal(facts)) throw e;
                facts = now;
            }
        }
    }

    private static boolean wal(Facts facts) {
        return facts.database().header().map(Header::wal).orElse(false);
    }

    /** What is put right first may change the place's facts; what was tried there is remembered. */
    private static Facts prepared(Facts facts, Intent intent) throws SQLException {
        Facts tried = Trying.where(facts, intent);
        Facts ready = BeforeOpening.of(tried, intent);
        return ready.equals(tried) ? tried : Trying.where(ready, intent);
    }

    private static Optional<Path> elsewhere(Facts facts, Intent intent) throws SQLException {
        try {
            return Elsewhere.of(facts, intent);
        } catch (IOException e) {
            throw new SQLException("the data could not be carried elsewhere: " + e, e);
        }
    }
}
