package walsafe.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words as names in a directory. Two that are there find each other like this, and what the dead have left misleads nobody,
 * since only the living can name an id that is new:
 *
 * <pre>
 * aX      X is here
 * iX-Y    X asks Y to try with it      (the lesser id asks, and asks all it sees)
 * yY-X    Y will                       (one at a time; until X has taken its question back)
 * cX-Y    X is agreed                  and takes back its questions to others
 * mX-N-P-Q-…  part P of Q of X's message number N
 * </pre>
 */
final class NamePost implements Post {
    private static final Pattern HERE = Pattern.compile("a([0-9a-f]{16})");
    private static final Pattern MESSAGE = Pattern.compile("-(\\d{1,9})-(\\d{1,3})-(\\d{1,3})-([0-9a-v]{0,104})");
    private static final Duration JOURNEY = Duration.ofSeconds(100); // directories may be remembered for 60 s, and more
    private static final Duration AGREEMENT = Duration.ofSeconds(130);
    private static final Duration FAREWELL = Duration.ofSeconds(100);
    private static final long FIRST_PAUSE_NANOS = 500_000;
    private static final long LONGEST_PAUSE_NANOS = 250_000_000;

    private final Board board;
    private final String me;
    private String other = "";
    private boolean conducts;
    private long sent;
    private long heard;
    private List<String> last = List.of(); // our last message, to be taken away once it is answered
    private volatile boolean closed;

    private NamePost(Board board, String me) {
        this.board = board;
        this.me = me;
    }

    /** @throws NotMet if nobody came in time */
    static NamePost meet(Path directory, Duration wait) throws IOException {
        return meet(directory, wait, post -> {});
    }

    /**
     * With word of the post before it looks for anybody: who is ended while waiting has names to take away.
     *
     * @throws NotMet if nobody came in time
     */
    static NamePost meet(Path directory, Duration wait, Consumer<NamePost> waiting) throws IOException {
        String me = Token.chance(8);
        NamePost post = new NamePost(Board.in(directory, me), me);
        try {
            waiting.accept(post);
            post.find(wait);
            return post;
        } catch (IOException | RuntimeException e) {
            post.close();
            throw e;
        }
    }

    private void find(Duration wait) throws IOException {
        board.put("a" + me);
        Set<String> asked = new HashSet<>();
        Set<String> unreliable = new HashSet<>();
        String promised = "";
        long promisedSince = 0;
        long end = System.nanoTime() + wait.toNanos();
        for (Pause pause = new Pause(); other.isEmpty(); pause.rest()) {
            Set<String> names = new HashSet<>(board.names());
            for (String id : here(names)) {
                if (me.compareTo(id) < 0 && asked.add(id)) board.put("i" + me + "-" + id);
                if (promised.isEmpty() && asked.contains(id) && names.contains("y" + id + "-" + me)) {
                    agree(id, asked);
                    return;
                }
                boolean asks = names.contains("i" + id + "-" + me) && !unreliable.contains(id);
                if (promised.isEmpty() && asks) {
                    promised = id;
                    promisedSince = System.nanoTime();
                    board.put("y" + me + "-" + id);
                }
            }
            if (!promised.isEmpty()) {
                if (names.contains("c" + promised + "-" + me)) {
                    other = promised;
                    board.take("a" + me);
                    return;
                }
                boolean late = System.nanoTime() - promisedSince > AGREEMENT.toNanos();
                if (late || !names.contains("i" + promised + "-" + me)) {
                    board.take("y" + me + "-" + promised);
                    unreliable.add(promised);
                    promised = "";
                }
            }
            if (System.nanoTime() > end) throw new NotMet(nobody(wait, names), NotMet.COME_TOGETHER);
        }
    }

    private static List<String> here(Set<String> names) {
        List<String> ids = new ArrayList<>();
        for (String name : names) {
            Matcher here = HERE.matcher(name);
            if (here.matches()) ids.add(here.group(1));
        }
        return ids;
    }

    /** From now on ours is the other's word: it waits for this name. */
    private void agree(String id, Set<String> asked) throws IOException {
        board.put("c" + me + "-" + id);
        other = id;
        conducts = true;
        asked.remove(id);
        for (String stranger : asked) board.take("i" + me + "-" + stranger);
        board.take("a" + me);
    }

    private String nobody(Duration wait, Set<String> names) {
        long dead = here(names).stream().filter(id -> !id.equals(me)).count();
        String left = dead == 0
                ? ""
                : "; names in " + board.place() + " are left from " + dead
                        + " that did not answer, and may be deleted when no other run is under way";
        return "no other host came to this directory within " + wait.toSeconds() + " s" + left;
    }

    @Override
    public boolean conducts() {
        return conducts;
    }

    @Override
    public String words() {
        return "through names in " + board.place();
    }

    @Override
    public Duration journey() {
        return JOURNEY;
    }

    @Override
    public void send(String line) throws IOException {
        List<String> pieces = Letters.written(line);
        if (line.length() > Post.LONGEST || pieces.size() > 999) {
            throw new IllegalArgumentException("no message: " + line.length() + " characters");
        }
        sent++;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            names.add("m" + me + "-" + sent + "-" + i + "-" + pieces.size() + "-" + pieces.get(i));
        }
        last = names;
        for (String name : names) board.put(name);
    }

    @Override
    public String receive(Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        for (Pause pause = new Pause(); ; pause.rest()) {
            if (closed) throw new IOException("the conversation is over");
            List<String> names = board.names();
            Optional<String> message = message(names, heard + 1);
            if (message.isPresent()) {
                heard++;
                for (String name : last) board.take(name);
                last = List.of();
                return message.get();
            }
            if (System.nanoTime() > end) {
                throw new IOException("the other host left no word for " + patience.toSeconds() + " s");
            }
        }
    }

    /** If all its parts are there; what is not written so is nobody's word. */
    private Optional<String> message(List<String> names, long number) {
        Map<Integer, String> parts = new TreeMap<>();
        int wanted = -1;
        for (String name : names) {
            if (!name.startsWith("m" + other)) continue;
            Matcher part = MESSAGE.matcher(name.substring(1 + other.length()));
            if (!part.matches() || Long.parseLong(part.group(1)) != number) continue;
            wanted = Integer.parseInt(part.group(3));
            parts.put(Integer.parseInt(part.group(2)), part.group(4));
        }
        if (wanted <= 0 || parts.size() != wanted) return Optional.empty();
        return Optional.of(Letters.read(List.copyOf(parts.values())));
    }

    /** The other goes once it has read our last word; its names go with it. */
    @Override
    public void linger() {
        long end = System.nanoTime() + FAREWELL.toNanos();
        try {
            for (Pause pause = new Pause(); !closed && System.nanoTime() < end; pause.rest()) {
                if (board.names().stream().noneMatch(name -> name.startsWith(other, 1))) return;
            }
        } catch (IOException e) {
            // Then there is nothing more to wait for.
        }
    }

    @Override
    public void close() {
        closed = true;
        board.close();
    }

    /** Short at first, since most answers come at once; then longer, since some storages are slow to look at. */
    private static final class Pause {
        private long nanos = FIRST_PAUSE_NANOS;

        void rest() throws IOException {
            LockSupport.parkNanos(nanos);
            if (Thread.currentThread().isInterrupted())
                throw new IOException("interrupted while another host was awaited");
            nanos = Math.min(2 * nanos, LONGEST_PAUSE_NANOS);
        }
    }
}
