package walsafe.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Evidence;
import walsafe.facts.Facts;
import walsafe.facts.Question;
import walsafe.facts.Target;
import walsafe.probe.Across;
import walsafe.probe.Budget;
import walsafe.probe.Encounters;
import walsafe.probe.Probe;

/**
 * One host's part in what two try together. First it finds the other; then its own processes try the place among themselves,
 * as a probe does; then one of the two conducts the experiments across, and both report the same.
 */
public final class Encounter {
    private static final String CARD = "card ";
    private static final Duration TIDYING = Duration.ofSeconds(20);
    private static final Duration OWN_PROBE = Budget.TORTURE.deadline().plusSeconds(10);

    private final Path directory;
    private final Way way;
    private final Duration wait;
    private final Budget budget;
    private final Encounters memory;
    private final Listener listener;
    private final Facts facts;
    private final Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final long start = System.nanoTime();
    private final List<Across.Shown> shown = new CopyOnWriteArrayList<>();
    private final List<String> doubts = new CopyOnWriteArrayList<>();
    private final List<String> leftovers = new CopyOnWriteArrayList<>();
    private volatile List<Evidence> within = List.of();
    private volatile Optional<Card> there = Optional.empty();
    private volatile Optional<String> met = Optional.empty();
    private volatile String advice = NotMet.COME_TOGETHER;
    private volatile Report.Outcome outcome = Report.Outcome.NOT_MET;
    private volatile boolean complete;
    private volatile long end;
    private volatile @Nullable Runnable stop;

    private Encounter(
            Path directory,
            Way way,
            Duration wait,
            Budget budget,
            Encounters memory,
            Listener listener,
            UnaryOperator<Facts> seen) {
        this.directory = directory;
        this.way = way;
        this.wait = wait;
        this.budget = budget;
        this.memory = memory;
        this.listener = listener;
        this.facts = seen.apply(Facts.gather(directory.resolve("two-hosts.db")));
    }

    /**
     * Meets another host and tries the directory with it. What was shown is remembered for this user's openings and doctors.
     * Takes the time that the other needs to come, and then some seconds over a quick line, at most twelve minutes.
     *
     * @param directory that both hosts share, as this one reaches it
     * @param wait how long the other is waited for
     * @return what was shown; a place that cannot be tried and a host that does not come are told in the report, not thrown
     * @throws InterruptedException if the calling thread was interrupted; everything is tidied by then
     */
    public static Report with(Path directory, Way way, Duration wait, Encounters memory, Listener listener)
            throws InterruptedException {
        return with(directory, way, wait, Budget.TWO_HOSTS, memory, listener, UnaryOperator.identity());
    }

    /** For tests, which see other facts of the same machine. */
    static Report with(
            Path directory,
            Way way,
            Duration wait,
            Budget budget,
            Encounters memory,
            Listener listener,
            UnaryOperator<Facts> seen)
            throws InterruptedException {
        return new Encounter(directory, way, wait, budget, memory, listener, seen).run();
    }

    private Report run() throws InterruptedException {
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) doubts.add(obstacle.get());
        else withinBounds();
        return new Judgement(this).report();
    }

    private Optional<String> obstacle() {
        if (facts.target().state() == Target.State.SILENT) return Optional.of("the storage did not answer");
        boolean there = Facts.gather(directory).target().state() == Target.State.DIRECTORY;
        return there ? Optional.empty() : Optional.of(directory + " is no directory that can be looked into");
    }

    /** On a thread of its own: a storage that stops answering may keep that for ever, and us no longer than agreed. */
    private void withinBounds() throws InterruptedException {
        end = System.nanoTime() + wait.plus(OWN_PROBE).toNanos();
        Thread thread = new Thread(this::tidily, "walsafe: two hosts");
        thread.setDaemon(true);
        thread.start();
        Thread atExit = new Thread(this::halt, "walsafe: farewell"); // names in the directory have to go, too
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            while (thread.isAlive() && System.nanoTime() < end) thread.join(100);
            if (thread.isAlive()) doubts.add("the time was up");
        } finally {
            halt();
            if (thread.isAlive()) thread.interrupt();
            awaited(thread);
            forget(atExit);
        }
    }

    private static void forget(Thread atExit) {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // It runs at this moment.
        }
    }

    /** On a thread of its own, too: names are taken away in a storage that may have stopped answering. */
    private void halt() {
        Runnable known = stop;
        if (known == null) return;
        Thread thread = new Thread(known, "walsafe: end of two hosts");
        thread.setDaemon(true);
        thread.start();
        awaited(thread);
    }

    /** An interrupt does not end this: what was made has to go first. */
    private static void awaited(Thread thread) {
        boolean interrupted = Thread.interrupted();
        long until = System.nanoTime() + TIDYING.toNanos();
        while (thread.isAlive() && System.nanoTime() < until) {
            try {
                thread.join(100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private void tidily() {
        try (Post post = post()) {
            stop = post::close;
            end = System.nanoTime() + budget.deadline().plus(OWN_PROBE).toNanos();
            met = Optional.of(post.words());
            converse(post);
        } catch (IOException | RuntimeException e) {
            if (e instanceof NotMet notMet) advice = notMet.advice();
            doubts.add(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
    }

    /** Finds the other host, in the way that was chosen. */
    private Post post() throws IOException {
        if (way instanceof Way.Listen listen) {
            try (ServerSocket listening = new ServerSocket()) {
                stop = () -> close(listening);
                bind(listening, listen.address());
                Token token = Token.fresh();
                listener.listening((InetSocketAddress) listening.getLocalSocketAddress(), token.text());
                return SocketPost.accept(listening, token, wait);
            }
        }
        if (way instanceof Way.Connect connect) {
            return SocketPost.connect(connect.host(), connect.port(), Token.of(connect.token()), wait);
        }
        listener.doing("waiting for the other host");
        return NamePost.meet(directory, wait, post -> stop = post::close);
    }

    private static void bind(ServerSocket listening, InetSocketAddress address) throws IOException {
        try {
            listening.bind(address, 5);
        } catch (IOException e) {
            throw new NotMet(
                    "nobody can listen at " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage(),
                    "Name another port, from 1024 on, or 0 for any that is free, and an address of this host.");
        }
    }

    private static void close(ServerSocket listening) {
        try {
            listening.close();
        } catch (IOException e) {
            // It is of no more use either way.
        }
    }

    private void converse(Post post) throws IOException {
        listener.doing("trying the place among processes of this host");
        tryWithin();
        Duration patience = OWN_PROBE.plus(post.journey());
        if (post.conducts()) post.send(CARD + card().encoded());
        there = Optional.of(card(post.receive(patience)));
        if (!post.conducts()) post.send(CARD + card().encoded());
        if (there.get().sameKernel(card())) {
            outcome = Report.Outcome.SAME_KERNEL;
            if (!post.conducts()) post.linger();
            return;
        }
        outcome = Report.Outcome.INCONCLUSIVE;
        if (post.conducts()) conduct(post);
        else play(post);
    }

    private static Card card(String word) throws IOException {
        try {
            if (word.startsWith(CARD)) return Card.decoded(word.substring(CARD.length()));
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new IOException("the other host does not say who it is; is it another version of walsafe?");
    }

    private void tryWithin() {
        Probe.Outcome own = Probe.ask(directory, Budget.TORTURE);
        within = own.evidence();
        memory.keepOwn(facts, own);
        leftovers.addAll(own.leftovers());
    }

    private void conduct(Post post) throws IOException {
        Duration patience = budget.patience().plusSeconds(40).plus(post.journey());
        if (!sharesTheDirectory(post, patience)) {
            outcome = Report.Outcome.OTHER_DIRECTORY;
            post.send(Player.OVER + "elsewhere");
            post.receive(patience);
            return;
        }
        Across[] across = new Across[1];
        across[0] = new Across(
                directory,
                budget,
                scratch -> FarLine.enter(scratch, post, patience),
                each -> told(each, post, patience, across[0]));
        stop = () -> {
            across[0].stop();
            post.close();
        };
        across[0].conduct();
        leftovers.addAll(across[0].leftovers());
        complete = across[0].complete();
        post.send(Player.OVER + (complete ? "complete" : "in part"));
        post.receive(patience);
    }

    /** Each hears of everything at once, so that both know as much if one of them dies. */
    private void told(Across.Shown each, Post post, Duration patience, Across across) {
        heard(each);
        try {
            post.send(Player.shown(each));
            if (post.receive(patience).equals(Player.THANKS)) return;
            doubts.add("the other host did not answer what it was asked");
        } catch (IOException e) {
            doubts.add(String.valueOf(e.getMessage()));
        }
        across.stop();
    }

    private void heard(Across.Shown each) {
        shown.add(each);
        listener.doing(each.experiment()
                + (each.hereFirst() ? ", this host first: " : ", the other host first: ")
                + each.evidence().answer().verdict());
    }

    /** Does the other find what is made here: a name of chance in a directory of chance. */
    private boolean sharesTheDirectory(Post post, Duration patience) throws IOException {
        listener.doing("looking whether both are in the same directory");
        Path scratch = Across.scratch(directory);
        try {
            String mark = "mark-" + Token.chance(8);
            Files.createFile(scratch.resolve(mark));
            post.send(Player.FIND + scratch.getFileName() + ' ' + mark);
            return post.receive(patience.plusSeconds(20)).equals(Player.FOUND);
        } finally {
            leftovers.addAll(Across.clear(scratch));
        }
    }

    private void play(Post post) throws IOException {
        Player player = new Player(directory, post, budget, this::heard);
        stop = player::stop;
        try {
            player.play();
        } finally {
            complete = player.complete();
            if (player.elsewhere()) outcome = Report.Outcome.OTHER_DIRECTORY;
        }
    }

    // What was seen, for the one who judges it.

    Card card() {
        return Card.of(facts, withinVerdicts());
    }

    /** The most careful of the experiments on each question. */
    private Map<Question, Verdict> withinVerdicts() {
        Map<Question, Verdict> verdicts = new EnumMap<>(Question.class);
        for (Evidence each : within) {
            verdicts.merge(each.question(), each.answer().verdict(), (one, two) -> one.compareTo(two) < 0 ? one : two);
        }
        return verdicts;
    }

    Path directory() {
        return directory;
    }

    Facts facts() {
        return facts;
    }

    Encounters memory() {
        return memory;
    }

    List<Evidence> within() {
        return within;
    }

    List<Across.Shown> shown() {
        return new ArrayList<>(shown);
    }

    Optional<Card> there() {
        return there;
    }

    Optional<String> met() {
        return met;
    }

    Report.Outcome outcome() {
        return outcome;
    }

    boolean complete() {
        return complete;
    }

    /** If nobody was met: what to do about it. */
    String advice() {
        return advice;
    }

    List<String> doubts() {
        return doubts;
    }

    List<String> leftovers() {
        return leftovers;
    }

    Instant started() {
        return started;
    }

    long tookMillis() {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
}
