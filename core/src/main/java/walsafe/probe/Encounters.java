package walsafe.probe;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import walsafe.facts.Answer;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Evidence;
import walsafe.facts.Facts;
import walsafe.facts.Reach;

/**
 * What this host and others have shown each other, remembered beside what its own probes have shown ({@link Memory}), and
 * believed as long: for this boot of this kernel, this mount with these options, this version of SQLite, and 30 days.
 *
 * <p>One small file for each other host and directory. All that are there speak at once, so that a host with which it went
 * well does not make up for one with which it did not. A yes holds in the directory that was tried, and below; a no holds on
 * the whole mount, unless others reach it in ways that cannot be seen from here.
 */
public final class Encounters {
    private static final String HEADING = "walsafe two hosts 1";
    private static final int MOST = 64; // other hosts and directories

    private final Memory memory;

    private Encounters(Memory memory) {
        this.memory = memory;
    }

    /** Where {@link Memory#ofThisUser} keeps probes. */
    public static Encounters ofThisUser() {
        return new Encounters(Memory.ofThisUser());
    }

    /** In a folder of the caller's choice, which must be this user's alone. */
    public static Encounters in(Path folder) {
        return new Encounters(Memory.in(folder));
    }

    /**
     * Who the other was.
     *
     * @param bootId which boot of its kernel
     * @param storage how it reaches the files: filesystem and options, in a line
     * @param sqlite the version that it ran
     */
    public record Other(String bootId, String storage, String sqlite) {}

    /**
     * The same facts, with what is remembered of other hosts in this place, and then also with what this host's own processes
     * have shown: what does not hold among them holds across no hosts. Costs a look at one directory.
     */
    public Facts remembered(Facts facts) {
        return remembered(facts, Instant.now());
    }

    Facts remembered(Facts facts, Instant now) {
        List<Evidence> evidence = new ArrayList<>();
        Optional<Path> directory = Probe.directory(facts.target());
        if (directory.isEmpty()) return facts;
        for (Path file : files(facts)) {
            Memory.text(file)
                    .flatMap(text -> Kept.read(text, now))
                    .ifPresent(kept -> evidence.addAll(
                            kept.speaking(directory.get(), facts.storage().reach())));
        }
        if (evidence.isEmpty()) return facts;
        boolean tried = facts.evidence().stream().anyMatch(shown -> shown.scope() == Evidence.Scope.WITHIN);
        if (!tried) memory.recall(facts, Budget.TORTURE, now).ifPresent(evidence::addAll);
        return facts.with(evidence);
    }

    /**
     * Keeps what was shown, if it came to its end or convicts. A no outlives a later yes of the same two hosts in the same
     * circumstances: a race that did not happen again has not been fixed.
     *
     * @return could it be kept
     */
    public boolean keep(Facts facts, Other other, List<Across.Shown> shown, boolean complete) {
        return keep(facts, other, shown, complete, Instant.now());
    }

    boolean keep(Facts facts, Other other, List<Across.Shown> shown, boolean complete, Instant now) {
        Optional<Path> folder = folder(facts);
        Optional<Path> directory = Probe.directory(facts.target());
        List<Across.Shown> worth =
                complete ? shown : shown.stream().filter(Encounters::convicts).toList();
        if (folder.isEmpty() || directory.isEmpty() || worth.isEmpty()) return false;
        Path file = folder.get().resolve(Memory.hashed(other.bootId() + '\n' + directory.get()) + ".txt");
        Kept fresh =
                new Kept(now.truncatedTo(ChronoUnit.SECONDS), directory.get().toString(), other, worth);
        Optional<Kept> before = Memory.text(file).flatMap(text -> Kept.read(text, now));
        Memory.write(file, before.map(fresh::after).orElse(fresh).text());
        return Memory.text(file).flatMap(text -> Kept.read(text, now)).isPresent();
    }

    /** Keeps what this host's own processes have shown, as a probe does. */
    public void keepOwn(Facts facts, Probe.Outcome own) {
        if (own.complete()) memory.keep(facts, Budget.TORTURE, own.evidence(), Instant.now());
    }

    private static boolean convicts(Across.Shown shown) {
        return shown.evidence().answer().verdict() == Verdict.NO;
    }

    private Optional<Path> folder(Facts facts) {
        return memory.folder()
                .flatMap(place ->
                        Memory.key(facts).map(key -> place.resolve(Memory.hashed(HEADING + '\n' + key) + ".hosts")));
    }

    private List<Path> files(Facts facts) {
        List<Path> files = new ArrayList<>();
        if (memory.folder().filter(Files::isDirectory).isEmpty()) return files; // as a rule; and then no sum is made
        Optional<Path> folder = folder(facts).filter(place -> Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS));
        if (folder.isEmpty()) return files;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.get(), "*.txt")) {
            for (Path entry : entries) if (files.size() < MOST) files.add(entry);
        } catch (IOException | DirectoryIteratorException e) {
            return new ArrayList<>();
        }
        files.sort(null);
        return files;
    }

    /** What one file holds: a heading, the date, directory, other host, then a line for each experiment, and a sum. */
    private record Kept(Instant date, String directory, Other other, List<Across.Shown> shown) {
        private static final int HEAD = 6;

        Kept {
            shown = List.copyOf(shown);
        }

        List<Evidence> speaking(Path here, Reach reach) {
            boolean tried = here.startsWith(Path.of(directory));
            boolean oneStorage = reach != Reach.THIS_SUPERBLOCK;
            return shown.stream()
                    .filter(each -> tried || (oneStorage && convicts(each)))
                    .map(Across.Shown::evidence)
                    .toList();
        }

        /** What an earlier one convicted, if nothing has changed but the time. */
        Kept after(Kept before) {
            if (!other.equals(before.other)) return this;
            Map<String, Across.Shown> all = new HashMap<>();
            List<String> order = new ArrayList<>();
            List<Across.Shown> both = new ArrayList<>(shown);
            both.addAll(before.shown.stream().filter(Encounters::convicts).toList());
            for (Across.Shown each : both) {
                String key = each.experiment() + each.hereFirst();
                if (!all.containsKey(key)) order.add(key);
                all.merge(key, each, (one, two) -> convicts(one) ? one : two);
            }
            return new Kept(date, directory, other, order.stream().map(all::get).toList());
        }

        String text() {
            StringBuilder text = new StringBuilder(HEADING + '\n' + date + '\n');
            for (String line : List.of(directory, other.bootId(), other.storage(), other.sqlite())) {
                text.append(oneLine(line)).append('\n');
            }
            for (Across.Shown each : shown) {
                Answer answer = each.evidence().answer();
                text.append(each.experiment()).append('\t').append(each.hereFirst() ? "here" : "there");
                text.append('\t')
                        .append(answer.verdict())
                        .append('\t')
                        .append(oneLine(answer.because()))
                        .append('\n');
            }
            return text + Memory.hashed(text.toString()) + '\n';
        }

        private static String oneLine(String text) {
            return text.replaceAll("\\t|\\R", " ");
        }

        /** Exactly what {@link #text} writes; anything else is as good as none. */
        static Optional<Kept> read(String text, Instant now) {
            List<String> lines = text.lines().toList();
            if (lines.size() < HEAD + 2 || !lines.get(0).equals(HEADING)) return Optional.empty();
            String sum = lines.get(lines.size() - 1);
            if (!text.endsWith('\n' + sum + '\n')) return Optional.empty();
            if (!Memory.hashed(text.substring(0, text.length() - sum.length() - 1))
                    .equals(sum)) return Optional.empty();
            if (!Memory.fresh(lines.get(1), now)) return Optional.empty();
            List<Across.Shown> shown = new ArrayList<>();
            Set<String> told = new HashSet<>();
            boolean convicts = false;
            for (String line : lines.subList(HEAD, lines.size() - 1)) {
                Optional<Across.Shown> each = understood(line, lines.get(1));
                if (each.isEmpty()
                        || !told.add(each.get().experiment() + each.get().hereFirst())) return Optional.empty();
                shown.add(each.get());
                convicts |= convicts(each.get());
            }
            if (!convicts && shown.size() != 2 * Across.names().size()) return Optional.empty();
            Other other = new Other(lines.get(3), lines.get(4), lines.get(5));
            return Optional.of(new Kept(Instant.parse(lines.get(1)), lines.get(2), other, shown));
        }

        private static Optional<Across.Shown> understood(String line, String date) {
            String[] cells = line.split("\t", -1);
            if (cells.length != 4 || !Across.names().contains(cells[0])) return Optional.empty();
            if (!cells[1].equals("here") && !cells[1].equals("there")) return Optional.empty();
            for (Verdict verdict : Verdict.values()) {
                if (!verdict.name().equals(cells[2])) continue;
                return Optional.of(
                        Across.shown(cells[0], cells[1].equals("here"), verdict, cells[3], Optional.of(date)));
            }
            return Optional.empty();
        }
    }
}
