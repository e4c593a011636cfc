package walsafe;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import walsafe.facts.Facts;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.guard.Guard;
import walsafe.policy.Intent;

/** One guard per database in this program, and how many handles there are to it. */
final class Handles {
    private static final Object MONITOR = new Object();
    private static final Map<Path, Shared> OPEN = new HashMap<>(); // guarded by MONITOR

    private Handles() {}

    record Opened(Facts facts, Guard guard) {}

    interface Opening {
        Opened open() throws SQLException;
    }

    /** A guard and its handles; closes with the last of them. */
    static final class Shared {
        private final Path key;
        private final Intent intent;
        private final Opened opened;
        private int handles;

        private Shared(Path key, Intent intent, Opened opened) {
            this.key = key;
            this.intent = intent;
            this.opened = opened;
        }

        Opened opened() {
            return opened;
        }

        void release() {
            synchronized (MONITOR) {
                if (--handles > 0) return;
                OPEN.remove(key);
                opened.guard().close();
            }
        }
    }

    /** @param database its resolved path, the same for all its names */
    static SafeDatabase share(Path database, Intent intent, Opening opening) throws SQLException {
        synchronized (MONITOR) {
            Shared shared = OPEN.get(database);
            if (shared == null) {
                shared = new Shared(database, intent, opening.open());
                OPEN.put(database, shared);
            }
            if (!shared.intent.equals(intent)) throw disagree(database, shared.intent, intent);
            shared.handles++;
            return new SafeDatabase(shared);
        }
    }

    private static WalsafeException disagree(Path database, Intent first, Intent second) {
        return new WalsafeException(new Finding(
                Problem.INTENTS_DISAGREE,
                database.toString(),
                "open here with " + first + ", asked for with " + second,
                Remedy.of("Open it everywhere in this program with the same intent.")));
    }
}
