package walsafe.probe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import walsafe.facts.Answer;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Evidence;
import walsafe.facts.Facts;
import walsafe.facts.Mount;
import walsafe.facts.Question;
import walsafe.facts.Storage;

/**
 * What probes of this user have shown, so that the second opening pays nothing. A small file for each storage, in the
 * user's cache and never beside the database; it may be deleted at any time.
 *
 * <p>A storage is the same if device, type, source, mount options, boot of the kernel and version of SQLite are. What is
 * remembered is forgotten after 30 days.
 *
 * <p>The file is text: a heading, the date, a line for each experiment in their order ({@code name verdict because}, tabs
 * between), and the SHA-256 of all that. Whatever is not exactly so, is not this user's, or could have been written by
 * others is as good as none.
 */
public final class Memory {
    private static final String HEADING = "walsafe probe 1";
    private static final Duration KEPT = Duration.ofDays(30);
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);
    private static final int LARGEST_BYTES = 1 << 16; // a dozen lines

    private final Optional<Path> folder;

    private Memory(Optional<Path> folder) {
        this.folder = folder;
    }

    /** In {@code $XDG_CACHE_HOME/walsafe/probes}, or where the system keeps caches; nowhere if there is no such place. */
    public static Memory ofThisUser() {
        return new Memory(caches().map(caches -> caches.resolve("walsafe").resolve("probes")));
    }

    /** Where it is; empty if there is no such place. */
    Optional<Path> folder() {
        return folder;
    }

    static Memory in(Path folder) {
        return new Memory(Optional.of(folder));
    }

    private static Optional<Path> caches() {
        Optional<Path> named = absolute(System.getenv("XDG_CACHE_HOME"));
        if (named.isPresent()) return named;
        String os = System.getProperty("os.name");
        if (os.startsWith("Windows")) return absolute(System.getenv("LOCALAPPDATA"));
        String below = os.startsWith("Mac") ? "Library/Caches" : ".cache";
        return absolute(System.getProperty("user.home")).map(home -> home.resolve(below));
    }

    /** A relative one is to be ignored (XDG base directory specification). */
    private static Optional<Path> absolute(@Nullable String name) {
        try {
            return Optional.ofNullable(name).map(Path::of).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** What was shown of this storage by a probe that cost as much or more; empty if nothing is remembered. */
    Optional<List<Evidence>> recall(Facts facts, Budget budget, Instant now) {
        Optional<List<Evidence>> best = recalled(facts, Budget.TORTURE, now);
        return best.isPresent() || budget.equals(Budget.TORTURE) ? best : recalled(facts, budget, now);
    }

    private Optional<List<Evidence>> recalled(Facts facts, Budget budget, Instant now) {
        return file(facts, budget).flatMap(Memory::text).flatMap(text -> understood(text, budget, now));
    }

    /** Keeps it if it can; a cache that cannot be written is done without. */
    void keep(Facts facts, Budget budget, List<Evidence> evidence, Instant now) {
        file(facts, budget).ifPresent(file -> write(file, text(evidence, now)));
    }

    private Optional<Path> file(Facts facts, Budget budget) {
        return folder.flatMap(place -> key(facts).map(key -> place.resolve(hashed(key + '\n' + budget) + ".txt")));
    }

    /** None where one boot or one mount could be taken for another. */
    static Optional<String> key(Facts facts) {
        Optional<Mount> mount = facts.storage().mount();
        Storage.Found found = facts.storage().found();
        boolean known = found == Storage.Found.MOUNT_ID || found == Storage.Found.DEVICE_NUMBER;
        Optional<String> boot = facts.host().bootId();
        if (!known || mount.isEmpty() || mount.get().device().isEmpty()) return Optional.empty();
        if (boot.isEmpty() || facts.host().bootIdReplaced() || facts.sqlite().isEmpty()) return Optional.empty();
        Mount it = mount.get();
        return Optional.of(String.join(
                "\n",
                boot.get(),
                it.device(),
                it.type(),
                it.source(),
                it.options().toString(),
                it.superOptions().toString(),
                facts.sqlite().get().toString()));
    }

    private static String text(List<Evidence> evidence, Instant now) {
        StringBuilder text = new StringBuilder(HEADING + '\n' + now.truncatedTo(ChronoUnit.SECONDS) + '\n');
        for (Evidence shown : evidence) {
            Answer answer = shown.answer();
            text.append(answer.source()).append('\t').append(answer.verdict()).append('\t');
            text.append(answer.because().replaceAll("\\t|\\R", " ")).append('\n');
        }
        return text + hashed(text.toString()) + '\n';
    }

    static void write(Path file, String text) {
        try {
            Path folder = file.getParent();
            if (folder == null) return;
            makeFolder(folder);
            Path whole = Files.createTempFile(folder, "new", ".txt");
            try {
                Files.writeString(whole, text);
                Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(whole);
            }
        } catch (IOException | UnsupportedOperationException e) {
            // A read-only home, a full disk: the next opening tries again.
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) return;
        boolean posix = Files.getFileStore(nearest(folder)).supportsFileAttributeView("posix");
        if (posix) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(folder);
        }
    }

    private static Path nearest(Path folder) {
        Path up = folder;
        while (!Files.exists(up) && up.getParent() != null) up = up.getParent();
        return up;
    }

    static Optional<String> text(Path file) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !ours(file) || !ours(file.getParent())) {
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
                if (bytes.length > LARGEST_BYTES) return Optional.empty();
                return Optional.of(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString());
            }
        } catch (CharacterCodingException e) {
            return Optional.empty(); // not written by us
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty(); // no such file, or none that can be read
        }
    }

    /** Belongs to this user, and nobody else may write to it. */
    private static boolean ours(@Nullable Path path) throws IOException {
        if (path == null) return false;
        if (!Files.getFileStore(path).supportsFileAttributeView("posix"))
            return true; // Windows: the user's own profile
        Set<PosixFilePermission> may = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        boolean alone =
                !may.contains(PosixFilePermission.GROUP_WRITE) && !may.contains(PosixFilePermission.OTHERS_WRITE);
        return alone && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(self()));
    }

    private static Path self() {
        Path process = Path.of("/proc/self");
        return Files.exists(process) ? process : Path.of(System.getProperty("user.home"));
    }

    /** Exactly what {@link #text} writes, all experiments in their order; anything else is forgotten. */
    private static Optional<List<Evidence>> understood(String text, Budget budget, Instant now) {
        List<Experiment> experiments = Experiment.of(budget);
        List<String> lines = text.lines().toList();
        if (lines.size() != experiments.size() + 3 || !lines.get(0).equals(HEADING)) return Optional.empty();
        String sum = lines.get(lines.size() - 1);
        if (!text.endsWith('\n' + sum + '\n')) return Optional.empty();
        if (!hashed(text.substring(0, text.length() - sum.length() - 1)).equals(sum)) return Optional.empty();
        if (!fresh(lines.get(1), now)) return Optional.empty();
        List<Evidence> evidence = new ArrayList<>();
        for (int i = 0; i < experiments.size(); i++) {
            Optional<Evidence> shown = understood(lines.get(i + 2), experiments.get(i), lines.get(1));
            if (shown.isEmpty()) return Optional.empty();
            evidence.add(shown.get());
        }
        return Optional.of(evidence);
    }

    private static Optional<Evidence> understood(String line, Experiment experiment, String date) {
        String[] cells = line.split("\t", -1);
        String source = experiment.source();
        if (cells.length != 3 || !cells[0].equals(source)) return Optional.empty();
        for (Verdict verdict : Verdict.values()) {
            if (!verdict.name().equals(cells[1])) continue;
            if (verdict == Verdict.YES && experiment.question() == Question.SYNC_IS_KEPT) return Optional.empty();
            return Optional.of(experiment.evidence(new Seen(verdict, cells[2]), source + ", " + date));
        }
        return Optional.empty();
    }

    static boolean fresh(String date, Instant now) {
        try {
            Instant then = Instant.parse(date);
            return then.isAfter(now.minus(KEPT)) && then.isBefore(now.plus(CLOCKS_DIFFER));
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    static String hashed(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
