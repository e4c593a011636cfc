package walsafe.transfer;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import walsafe.custody.Custody;
import walsafe.facts.Facts;
import walsafe.facts.Neighbour;
import walsafe.facts.Signpost;
import walsafe.facts.StorageClass;
import walsafe.facts.Target;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Plan;

/**
 * Carries a database to a local directory that the caller has named, and finds it there again.
 *
 * <p>Once: writers are kept out, the data is copied as by {@link Copy}, proved and synced; then a signpost is left at the
 * old place, then the copy gets its name, then the lock goes. A process that dies before the signpost has carried
 * nothing; after it, the next opening gives the proved copy its name. The old data stay byte for byte as they were.
 * Afterwards every walsafe that finds the signpost follows it, if its intent names the same directory and the data there
 * knows the signpost's token, or refuses with {@link Problem#CARRIED_ELSEWHERE}.
 *
 * <p>What remains: a program that does not use walsafe reads no signpost. One that has the database open is seen, on this
 * host, and nothing is carried; one that opens it later writes at the old place, which is noticed at the next opening.
 */
public final class Elsewhere {
    private static final Logger LOG = System.getLogger("walsafe");
    private static final String CARRIED_FROM = "carried-from";

    private final Facts facts;
    private final Intent intent;
    private final Path source;
    private final Path target;

    private Elsewhere(Facts facts, Intent intent, Path source, Path target) {
        this.facts = facts;
        this.intent = intent;
        this.source = source;
        this.target = target;
    }

    /**
     * Where to open the database instead; empty if the intent names no other place, or if it lies there already. Carries
     * the data first, if that has not been done. Openings in one process wait for each other.
     *
     * @param facts about the place that the program asked for
     * @throws WalsafeException if that directory is not on a local disk, if something is in the way there, if somebody has
     *     the database open, or if it was carried to another place or written to since
     */
    public static Optional<Path> of(Facts facts, Intent intent) throws SQLException, IOException {
        Target.State state = facts.target().state();
        boolean carries = state == Target.State.FILE || state == Target.State.MISSING;
        if (intent.elsewhere().isEmpty() || !carries) return Optional.empty();
        Path source = Path.of(facts.target().database().orElseThrow());
        Path directory = intent.elsewhere().get().toRealPath();
        Path target = directory.resolve(String.valueOf(source.getFileName()));
        if (target.equals(source)) return Optional.empty();
        synchronized (Elsewhere.class) { // only those that carry wait for each other
            return Optional.of(new Elsewhere(Custody.settled(facts), intent, source, target).go());
        }
    }

    private Path go() throws SQLException, IOException {
        mustBeOnALocalDisk();
        Optional<Signpost> signpost = Signpost.beside(source); // again: another thread may have carried it meanwhile
        if (signpost.isPresent()) return follow(signpost.get());
        if (facts.target().state() == Target.State.MISSING) leaveForNothing();
        else carry();
        LOG.log(
                Logger.Level.WARNING,
                Problem.CARRIED_ELSEWHERE.id() + " " + source + " was carried to " + target
                        + ", as Intent.elsewhere asked. Programs without walsafe still find the old file, and what they write there is not seen here."
                        + " Do: point every program to the new place; a signpost was left in "
                        + Signpost.folder(source));
        return target;
    }

    private void mustBeOnALocalDisk() {
        Facts there = Facts.gather(target);
        StorageClass kind = there.storage().kind();
        if (kind == StorageClass.LOCAL) return;
        throw Failure.told(
                kind == StorageClass.VOLATILE ? Problem.STORAGE_VOLATILE : Problem.STORAGE_UNSAFE,
                target,
                "Intent.elsewhere wants a local disk, and this is "
                        + there.storage().filesystem() + ", " + kind.words(),
                "Name a directory on a disk of this machine that outlives a restart.");
    }

    private Path follow(Signpost signpost) throws IOException {
        boolean here = signpost.to().equals(target.toString()) && token(target).equals(Optional.of(signpost.token()));
        Facts now = Facts.gather(source);
        boolean untouched = signpost.changesIn(now.database()).isEmpty();
        if (!here || !untouched) throw carriedAway(now);
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) finish(signpost, now);
        LOG.log(
                Logger.Level.INFO,
                source + " was carried to " + target + " at " + signpost.carriedAt() + "; opened there");
        return target;
    }

    /** The signpost was written, so the copy had been proved and lay on the disk; only its name was still to come. */
    private void finish(Signpost signpost, Facts now) throws IOException {
        if (signpost.sizeBytes() < 0) return; // there was nothing to carry; it is made when it is opened
        Optional<Partial> proved = Partial.adopt(target);
        if (proved.isEmpty()) throw carriedAway(now);
        try (Partial partial = proved.get()) {
            partial.place();
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private WalsafeException carriedAway(Facts now) {
        return Diagnosis.of(now, intent).findings().stream()
                .filter(finding -> finding.problem() == Problem.CARRIED_ELSEWHERE)
                .findFirst()
                .map(WalsafeException::new)
                .orElseGet(() -> Failure.told(
                        Problem.CARRIED_ELSEWHERE, source, "its signpost has just changed", "Open it again."));
    }

    private void leaveForNothing() throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) throw inTheWay();
        String token = UUID.randomUUID().toString();
        write(Signpost.folder(target), CARRIED_FROM, carriedFrom(token));
        write(Signpost.folder(source), name(), signpost(token, -1, "", -1, 0).text());
    }

    private WalsafeException inTheWay() {
        return Failure.told(
                Problem.TARGET_EXISTS,
                target,
                "there is such a file, and no signpost at " + source + " says that it came from there",
                "Move it away, or name another directory; nothing is overwritten.");
    }

    @SuppressWarnings("try") // the lock is there to be held
    private void carry() throws SQLException, IOException {
        Plan.Open plan = Copy.judge(facts, intent);
        mustBeWritable();
        nobodyMayHaveItOpen(facts, false);
        try (Partial partial = Partial.claim(target, source);
                Source reading = Source.open(source, plan, Budget.DEFAULT);
                WriteLock lock = WriteLock.of(reading, plan, Budget.DEFAULT)) {
            Copy.Filled filled = Copy.fill(reading, partial, Budget.DEFAULT, Progress.NONE);
            partial.prove(filled.pages());
            partial.sync();
            move(partial);
        } catch (Failure.Stopped e) {
            throw Failure.told(e.error(), source, target);
        } catch (SQLException e) {
            throw Failure.told(e, source, target);
        }
    }

    /** The lock is held. Whoever opened the database without walsafe meanwhile is seen here, or sees the signpost. */
    private void move(Partial partial) throws IOException {
        String token = UUID.randomUUID().toString();
        write(Signpost.folder(target), CARRIED_FROM, carriedFrom(token));
        write(Signpost.folder(source), name(), signpost(token).text());
        partial.keep();
        try {
            nobodyMayHaveItOpen(Facts.gather(source), true);
            partial.place();
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(Signpost.file(source));
            Partial.syncDirectory(Signpost.file(source));
            partial.discard();
            throw e;
        }
    }

    private void mustBeWritable() {
        if (Files.isWritable(source)
                && Files.isWritable(source.resolveSibling("").toAbsolutePath())) return;
        throw Failure.told(
                Problem.NO_PERMISSION,
                source,
                "to carry it away writers have to be kept out and a signpost has to be left, and this user may not write here",
                "Give this user the right to write there, or copy the database and open the copy.");
    }

    /** Throws if a process has it open; not for this one if {@code weHaveIt}, for the carrying itself. */
    private void nobodyMayHaveItOpen(Facts now, boolean weHaveIt) {
        // A look that an interrupt or a silent storage has cut short has seen nobody, which is not nobody.
        boolean cutShort = !now.neighbours().looked() && now.host().os().startsWith("Linux");
        if (cutShort) throw Failure.locks(source, "who has it open could not be looked at");
        if (!now.neighbours().unseenHolders().isEmpty())
            throw Failure.locks(source, "a process that cannot be seen holds a lock on it");
        for (Neighbour process : now.neighbours().processes()) {
            if (process.self() && weHaveIt) continue;
            throw Failure.locks(
                    source,
                    (process.self() ? "this program" : "pid " + process.pid())
                            + " has it open and would go on writing at the old place");
        }
    }

    private Signpost signpost(String token) throws IOException {
        BasicFileAttributes now = Files.readAttributes(source, BasicFileAttributes.class);
        String modified = now.lastModifiedTime().toInstant().toString();
        boolean asGathered = facts.database().modified().equals(Optional.of(modified))
                && facts.database().sizeBytes().orElse(-1) == now.size();
        long counter = asGathered
                ? facts.database()
                        .header()
                        .map(header -> header.changeCounter())
                        .orElse(-1L)
                : -1;
        Path wal = source.resolveSibling(source.getFileName() + "-wal");
        return signpost(token, now.size(), modified, counter, Files.exists(wal) ? Files.size(wal) : 0);
    }

    private Signpost signpost(String token, long size, String modified, long changeCounter, long walBytes) {
        return new Signpost(
                target.toString(),
                token,
                facts.host().name().orElse(""),
                facts.host().bootId().orElse(""),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                size,
                modified,
                changeCounter,
                walBytes);
    }

    private String name() {
        return String.valueOf(Signpost.file(source).getFileName());
    }

    private byte[] carriedFrom(String token) {
        String from = source.toString().replace("\\", "\\\\").replace("\n", "\\n");
        return ("token " + token + "\nfrom " + from + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** What the data at the other place says of the signpost that it belongs to. */
    private static Optional<String> token(Path target) throws IOException {
        Path file = Signpost.folder(target).resolve(CARRIED_FROM);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > 1 << 16)
            return Optional.empty();
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("token "))
                .map(line -> line.substring("token ".length()))
                .findFirst();
    }

    /** Whole or not at all, and on the disk when this returns. */
    private static void write(Path folder, String name, byte[] text) throws IOException {
        boolean fresh =
                !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS); // a link's end is not beside the database
        if (fresh) Files.createDirectory(folder);
        Path scratch = folder.resolve(name + ".partial");
        Files.deleteIfExists(scratch);
        try (FileChannel channel = FileChannel.open(scratch, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(true);
        }
        Files.move(scratch, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Partial.syncDirectory(folder.resolve(name));
        if (fresh) Partial.syncDirectory(folder);
    }
}
