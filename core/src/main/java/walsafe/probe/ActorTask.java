package walsafe.probe;

import java.nio.file.Path;
import java.util.List;
import walsafe.child.Parent;
import walsafe.child.UsesSqlite;

/** An actor in a process of its own. When its parent is killed it clears the stage. */
final class ActorTask implements UsesSqlite {
    static final String END = "end";

    /** A third argument: the scratch directory is somebody else's to remove. */
    static final String GUEST = "guest";

    @Override
    public void run(List<String> arguments, Parent parent) throws InterruptedException {
        Path scratch = Path.of(arguments.get(0));
        Path libraries = Path.of(arguments.get(1));
        boolean guest = arguments.size() > 2 && arguments.get(2).equals(GUEST);
        parent.atItsEnd(() -> {
            if (!guest) Scratch.clear(scratch);
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
