package walsafe.probe;

import java.nio.file.Path;
import java.util.List;
import walsafe.child.Parent;
import walsafe.child.UsesSqlite;

/** An actor in a process of its own. When its parent is killed it clears the stage. */
final class ActorTask implements UsesSqlite {
    static final String END = "end";

    /** The third argument: the scratch directory is this actor's to remove, should its parent be killed. */
    static final String OWNER = "owner";

    /** Or: it is somebody else's. */
    static final String GUEST = "guest";

    @Override
    public void run(List<String> arguments, Parent parent) throws InterruptedException {
        Path scratch = Path.of(arguments.get(0));
        Path libraries = Path.of(arguments.get(1));
        boolean owner = arguments.get(2).equals(OWNER);
        parent.atItsEnd(() -> {
            if (owner) Scratch.clear(scratch);
            Scratch.clear(libraries);
        });
        warmUp(scratch, libraries);
        try (Deeds deeds = new Deeds(scratch, libraries)) {
            for (String line = parent.next(); !line.equals(END); line = parent.next()) {
                parent.tell(deeds.answer(line));
            }
        }
    }

    /** Beside the first experiments, which need no SQLite. */
    private static void warmUp(Path scratch, Path libraries) {
        Thread warming = new Thread(new Smoke(scratch, libraries)::warmUp, "walsafe: SQLite");
        warming.setDaemon(true);
        warming.start();
    }
}
