package walsafe.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import walsafe.facts.Answer.Verdict;
import walsafe.probe.Across;
import walsafe.probe.Budget;
import walsafe.probe.Puppet;

/**
 * The side that is conducted: has an actor do what it is asked, and hears what was shown. It answers to words of
 * experiments only, works in scratch directories that belong to the same user only, and counts what it is asked.
 */
final class Player {
    static final String FIND = "find ";
    static final String FOUND = "found";
    static final String MISSING = "missing";
    static final String SHOWN = "shown ";
    static final String THANKS = "thanks";
    static final String OVER = "over ";

    private static final Pattern SCRATCH = Pattern.compile(Pattern.quote(Across.SCRATCH) + "[0-9A-Za-z]{1,40}");
    private static final Pattern MARK = Pattern.compile("mark-[0-9a-f]{16}");
    private static final int MOST_QUESTIONS = 100_000;

    /** Long enough: a name never asked for before is nowhere remembered. */
    private static final Duration SEARCH = Duration.ofSeconds(20);

    private static final int LONGEST_ANSWER = 1000;

    private final Path directory;
    private final Post post;
    private final Budget budget;
    private final Consumer<Across.Shown> audience;
    private volatile @Nullable Puppet puppet;
    private boolean complete;
    private boolean elsewhere;

    Player(Path directory, Post post, Budget budget, Consumer<Across.Shown> audience) {
        this.directory = directory;
        this.post = post;
        this.budget = budget;
        this.audience = audience;
    }

    /** Plays until the other side says that it is over; throws if that does not come. */
    void play() throws IOException {
        Duration patience =
                budget.patience().multipliedBy(3).plus(post.journey()).plus(SEARCH);
        try {
            for (int asked = 0; asked < MOST_QUESTIONS; asked++) {
                String word = post.receive(patience);
                if (word.startsWith(OVER)) {
                    complete = word.equals(OVER + "complete");
                    elsewhere = word.equals(OVER + "elsewhere");
                    post.send(THANKS);
                    post.linger();
                    return;
                }
                post.send(answer(word));
            }
            throw new IOException("the other host asked more than " + MOST_QUESTIONS + " questions");
        } finally {
            leave();
        }
    }

    /** Does the side that conducts say that all came to its end. */
    boolean complete() {
        return complete;
    }

    /** Does it say that this is another directory. */
    boolean elsewhere() {
        return elsewhere;
    }

    private String answer(String word) {
        try {
            if (word.startsWith(FarLine.DO)) return FarLine.DID + did(word.substring(FarLine.DO.length()));
            if (word.startsWith(SHOWN)) return heard(word.substring(SHOWN.length()));
            if (word.startsWith(FarLine.ENTER)) return entered(word.substring(FarLine.ENTER.length()));
            if (word.startsWith(FIND)) return found(word.substring(FIND.length()));
            if (word.equals(FarLine.KILL)) return killed();
            if (word.equals(FarLine.LEAVE)) return left();
            return FarLine.CANNOT + "no experiment asks so";
        } catch (IOException | IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage()).replaceAll("\\R", " ");
            return FarLine.CANNOT + why.substring(0, Math.min(why.length(), LONGEST_ANSWER));
        }
    }

    private String did(String question) throws IOException {
        Puppet actor = actor();
        actor.tell(question);
        String answer = actor.hear().replaceAll("\\R", " ");
        return answer.substring(0, Math.min(answer.length(), LONGEST_ANSWER));
    }

    private Puppet actor() throws IOException {
        Puppet actor = puppet;
        if (actor == null) throw new IOException("there is no actor");
        return actor;
    }

    private String entered(String name) throws IOException {
        leave();
        puppet = Puppet.in(scratch(name), budget.patience());
        return FarLine.ENTERED;
    }

    /** Not a link, and made by the same user, so that nobody else's names lie in it. */
    private Path scratch(String name) throws IOException {
        if (!SCRATCH.matcher(name).matches()) throw new IOException("no scratch directory is named so");
        Path scratch = directory.resolve(name);
        if (!Files.isDirectory(scratch, LinkOption.NOFOLLOW_LINKS)) throw new IOException(name + " is not there");
        Path own = Files.createTempFile(directory, Across.SCRATCH, ".owner");
        try {
            if (!Board.sameOwner(scratch, own)) {
                throw new IOException("the directory that this host made belongs to another user there; run both as the"
                        + " same user");
            }
        } finally {
            Files.deleteIfExists(own);
        }
        return scratch;
    }

    /** Is this the directory that the other host has made something in: at last, since names can be late. */
    private String found(String names) throws IOException {
        String[] words = names.split(" ", -1);
        boolean fine = words.length == 2
                && SCRATCH.matcher(words[0]).matches()
                && MARK.matcher(words[1]).matches();
        if (!fine) throw new IOException("nothing is named so");
        Path mark = directory.resolve(words[0]).resolve(words[1]);
        long end = System.nanoTime() + SEARCH.toNanos();
        while (!Files.exists(mark, LinkOption.NOFOLLOW_LINKS)) {
            if (System.nanoTime() > end) return MISSING;
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
        return FOUND;
    }

    private String killed() throws IOException {
        actor().kill();
        return FarLine.KILLED;
    }

    private String left() {
        leave();
        return FarLine.LEFT;
    }

    private void leave() {
        Puppet actor = puppet;
        puppet = null;
        if (actor != null) actor.close();
    }

    /** From another thread. */
    void stop() {
        Puppet actor = puppet;
        if (actor != null) actor.killNow();
        post.close();
    }

    /** What the side that conducts has seen; here it is the other one that was "this host". */
    private String heard(String text) {
        String[] fields = text.split(" ", 4);
        if (fields.length != 4) throw new IllegalArgumentException("nothing that was shown");
        String because = Card.cut(Card.decodedText(fields[3]));
        boolean hereFirst = !Boolean.parseBoolean(fields[1]);
        audience.accept(Across.shown(fields[0], hereFirst, Verdict.valueOf(fields[2]), because, Optional.empty()));
        return THANKS;
    }

    static String shown(Across.Shown shown) {
        return SHOWN
                + shown.experiment()
                + ' '
                + shown.hereFirst()
                + ' '
                + shown.evidence().answer().verdict()
                + ' '
                + Card.encodedText(Card.cut(shown.evidence().answer().because()));
    }
}
