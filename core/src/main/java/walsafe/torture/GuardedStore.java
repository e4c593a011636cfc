package walsafe.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.guard.Guard;
import walsafe.guard.Work;

/** Through walsafe's guard, as a program that trusts it would. */
final class GuardedStore implements Store {
    private final Guard guard;

    GuardedStore(Path database, Means means) throws SQLException {
        try {
            guard = Guard.open(database, means.plan(), means.local());
        } catch (IOException e) {
            throw new SQLException(e.getMessage(), e);
        }
    }

    @Override
    public void write(Work<Boolean> work) throws SQLException {
        try {
            guard.write(work);
        } catch (WalsafeException e) {
            boolean unsure = e.finding().problem() == Problem.OUTCOME_UNKNOWN;
            if (unsure && e.getCause() instanceof SQLException cause) throw new Unsure(cause);
            throw e;
        }
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        return guard.read(work);
    }

    @Override
    public void outside(Work<Boolean> work) throws SQLException {
        guard.maintain(work);
    }

    @Override
    public void close() {
        guard.close();
    }
}
