package walsafe.probe;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import walsafe.child.Child;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Evidence;
import walsafe.facts.Question;

/** Where the experiments happen, and by whom: a scratch directory and two actors. Gone when it is closed. */
final class Stage {
    private final Path directory;
    private final Budget budget;
    private final List<Path> litter = new CopyOnWriteArrayList<>(); // to be removed, whoever gets to it
    private final List<ChildLine> children = new CopyOnWriteArrayList<>(); // to be killed from another thread
    private final List<Actor> actors = new ArrayList<>();
    private final List<Evidence> evidence = new CopyOnWriteArrayList<>();

    Stage(Path directory, Budget budget) {
        this.directory = directory;
        this.budget = budget;
    }

    /** With actors that somebody else has made, in a directory that somebody else removes. */
    static Stage of(Path scratch, Budget budget, Actor a, Actor b) {
        Stage stage = new Stage(scratch, budget);
        stage.actors.addAll(List.of(a, b));
        return stage;
    }

    /** @throws IOException if there can be none, with the reason */
    void build() throws IOException {
        Path scratch = made(directory);
        litter.add(scratch);
        for (int i = 0; i < budget.children(); i++) {
            Path libraries = libraries(scratch);
            litter.add(0, libraries);
            Child child = Child.start(ActorTask.class, scratch.toString(), libraries.toString(), ActorTask.OWNER);
            ChildLine line = new ChildLine(child, budget.patience());
            children.add(line);
            actors.add(new Actor("actor" + i, line));
        }
        if (actors.size() < 2) actors.add(new Actor("caller", new OwnLine(scratch)));
    }

    /** A scratch directory, or why there can be none. */
    static Path made(Path directory) throws IOException {
        try {
            return Scratch.in(directory);
        } catch (AccessDeniedException e) {
            throw new IOException("this user may make nothing in " + directory, e);
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
            throw new IOException("nothing can be made in " + directory + ": " + reason, e);
        }
    }

    /** Not in the scratch directory if it can be helped: not every storage lets a program be loaded from it. */
    static Path libraries(Path scratch) throws IOException {
        String usual = System.getProperty("java.io.tmpdir");
        Path place = Path.of(System.getProperty("org.sqlite.tmpdir", usual));
        try {
            return Files.createTempDirectory(place, "walsafe-probe-");
        } catch (IOException e) {
            return Files.createTempDirectory(scratch, "library-");
        }
    }

    Budget budget() {
        return budget;
    }

    /** Expendable: it maps, runs SQLite, and is killed in the end. */
    Actor a() {
        return actors.get(0);
    }

    Actor b() {
        return actors.get(1);
    }

    /** Each as the one who does and the one who looks. */
    List<Actor[]> bothWays() {
        return List.of(new Actor[] {a(), b()}, new Actor[] {b(), a()});
    }

    void show(Evidence shown) {
        evidence.add(shown);
    }

    /** What was shown so far, in the order tried. */
    List<Evidence> evidence() {
        return List.copyOf(evidence);
    }

    /** The most careful of the answers so far. */
    Verdict verdict(Question question) {
        return evidence.stream()
                .filter(shown -> shown.question() == question)
                .map(shown -> shown.answer().verdict())
                .min(Verdict::compareTo)
                .orElse(Verdict.UNKNOWN);
    }

    /** From another thread: whoever waits for a child then waits no more. */
    void killChildren() {
        children.forEach(ChildLine::killNow);
    }

    /** Ends the actors and removes all; tells what could not be removed. */
    List<String> clear() {
        actors.forEach(Actor::close);
        Thread.interrupted(); // or removing would be tried forty times without a pause
        List<String> left = new ArrayList<>();
        for (Path each : litter) left.addAll(Scratch.clear(each));
        return left;
    }

    /** What is there, for whoever cannot wait for {@link #clear}. */
    List<String> litter() {
        return litter.stream().filter(Files::exists).map(Path::toString).toList();
    }
}
