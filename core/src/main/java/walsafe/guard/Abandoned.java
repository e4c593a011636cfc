package walsafe.guard;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import walsafe.finding.Finding;

/**
 * Connections whose locks were lost, and the files they belong to. They are referred to from here as long as the program
 * runs, so that nothing closes them: SQLite would believe that it is the last to leave, checkpoint, and delete a -wal that
 * another program writes to (docs/decisions/0013). Nor is such a file opened again here: SQLite counts the locks of a file
 * for the whole process and would not ask the system for them anew.
 */
final class Abandoned {
    private static final List<Session> SESSIONS = new ArrayList<>(); // this and the next guarded by the class
    private static final Map<Object, Finding> FILES = new HashMap<>();

    private Abandoned() {}

    static synchronized void add(Object file, Finding because, Session session) {
        FILES.putIfAbsent(file, because);
        SESSIONS.add(session);
    }

    /** Why that file must not be opened again in this program. */
    static synchronized Optional<Finding> because(Path database) {
        return OwnDescriptors.identity(database).map(FILES::get);
    }
}
