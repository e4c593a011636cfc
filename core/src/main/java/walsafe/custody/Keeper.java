package walsafe.custody;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import walsafe.child.Parent;
import walsafe.child.Task;
import walsafe.finding.Problem;

/**
 * The process that acts. One that holds locks opens no file that it has locked a second time and closes none, since
 * closing any descriptor of a file drops its locks; copies are made by another one.
 *
 * <p>It is asked in lines, words encoded as {@link Line} does:
 *
 * <pre>
 *   lock DB              → ok | no PROBLEM seen
 *   prepare PROVED SET   → ok | no PROBLEM seen
 *   step NAME            → ok
 *   settle DB            → nothing | finished SET | reverted SET | busy | refused why
 *   copy FROM TO         → ok
 * </pre>
 */
final class Keeper implements Task {
    private Optional<Locks> locks = Optional.empty();
    private Optional<Replacing> replacing = Optional.empty();

    @Override
    public void run(List<String> arguments, Parent parent) throws Exception {
        while (true) parent.tell(answer(Line.words(parent.next())));
    }

    private String answer(List<String> words) throws Exception {
        return switch (words.get(0)) {
            case "lock" -> lock(Line.path(words, 1));
            case "prepare" -> prepare(Line.path(words, 1), words.get(2));
            case "step" -> step(Step.valueOf(words.get(1)));
            case "settle" -> new Settling(new Folder(Line.path(words, 1))).run();
            case "copy" -> copy(Line.path(words, 1), Line.path(words, 2));
            default -> throw new IllegalArgumentException("no such request: " + words.get(0));
        };
    }

    private String lock(Path database) throws Exception {
        Locks taken = Locks.on(new Folder(database));
        locks = Optional.of(taken);
        return taken.take().map(what -> no(Problem.MODE_CHANGE_BLOCKED, what)).orElse("ok");
    }

    private String prepare(Path proved, String set) throws Exception {
        try {
            replacing = Optional.of(Replacing.prepare(locks.orElseThrow(), proved, set));
            return "ok";
        } catch (Refusal refusal) {
            return no(refusal.problem(), refusal.seen());
        }
    }

    private String step(Step step) throws Exception {
        replacing.orElseThrow().take(step);
        return "ok";
    }

    /** With everything that Java can carry over: owner, mode, times, and on Linux all extended attributes and ACLs. */
    private static String copy(Path from, Path to) throws Exception {
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        Durable.file(to);
        return "ok";
    }

    private static String no(Problem problem, String seen) {
        return Line.of("no", problem.name(), seen);
    }
}
