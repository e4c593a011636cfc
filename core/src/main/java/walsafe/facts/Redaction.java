package walsafe.facts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import walsafe.format.Journal;

/**
 * Facts without what could identify a person. Every name gets a word of its own ({@code ~user}, {@code ~user2}), the
 * same one wherever it stands, so that what was equal stays equal and a plan made from redacted facts says the same.
 *
 * <table>
 * <caption>What becomes of what</caption>
 * <tr><td>{@code /home/x}, {@code /Users/x}, {@code C:\Users\x}, {@code /media/x}, {@code /run/media/x}</td>
 *     <td>{@code ~user} for {@code x}</td></tr>
 * <tr><td>owners other than root</td><td>{@code ~user}, the same as in paths</td></tr>
 * <tr><td>the host's name</td><td>left out; {@code ~host} in texts</td></tr>
 * <tr><td>sources with a host or share in them</td><td>{@code ~source}</td></tr>
 * <tr><td>mount options that name users, hosts, addresses, secrets</td><td>their value is left out</td></tr>
 * <tr><td>command lines</td><td>{@code ~command}</td></tr>
 * <tr><td>boot id, also in signs</td><td>the beginning of its SHA-256</td></tr>
 * <tr><td>everything else: other parts of paths, types, numbers, versions</td><td>kept</td></tr>
 * </table>
 */
final class Redaction {
    private static final Set<String> TELLING_OPTIONS = Set.of(
            "user",
            "username",
            "domain",
            "workgroup",
            "addr",
            "clientaddr",
            "mountaddr",
            "srcaddr",
            "mon_addr",
            "name",
            "secret",
            "key",
            "credentials",
            "password",
            "pass",
            "ip",
            "unc");

    private final Facts facts;
    private final Pseudonyms names = new Pseudonyms();

    Redaction(Facts facts) {
        this.facts = facts;
    }

    Facts facts() {
        learnNames();
        redacted(); // learns the names that stand only in paths, which may come after texts that name them
        return redacted();
    }

    private Facts redacted() {
        return new Facts(
                target(facts.target()),
                storage(facts.storage()),
                facts.domain().map(this::domain),
                host(facts.host()),
                database(facts.database()),
                neighbours(facts.neighbours()),
                facts.sqlite(),
                evidence(facts.evidence()),
                texts(facts.unseen()));
    }

    /** Names are learnt where they are fields, and then found in free text too. */
    private void learnNames() {
        facts.host().name().ifPresent(names::host);
        facts.database().carriedTo().map(Signpost::host).ifPresent(names::host);
        facts.storage().mount().ifPresent(mount -> names.source(mount.source()));
        facts.storage().splitMount().ifPresent(mount -> names.source(mount.source()));
        facts.storage().views().forEach(view -> names.source(view.mount().source()));
        for (Neighbour process : facts.neighbours().processes()) {
            names.command(process.command());
            process.user().ifPresent(names::user);
        }
        facts.database().owner().ifPresent(names::user);
    }

    private Target target(Target target) {
        return new Target(
                text(target.asked()),
                target.database().map(this::text),
                target.state(),
                texts(target.links()),
                texts(target.uriParameters()));
    }

    private Storage storage(Storage storage) {
        List<Storage.View> views = new ArrayList<>();
        for (Storage.View view : storage.views()) {
            views.add(new Storage.View(text(view.path()), mount(view.mount()), text(view.relation())));
        }
        return new Storage(
                storage.mount().map(this::mount),
                storage.found(),
                storage.kind(),
                storage.reach(),
                storage.answers(), // words of the tables, not of this machine
                storage.splitMount().map(this::mount),
                views,
                storage.blockDevice());
    }

    private Mount mount(Mount mount) {
        return new Mount(
                mount.id(),
                mount.device(),
                text(mount.root()),
                text(mount.point()),
                mount.type(),
                text(mount.source()),
                options(mount.options()),
                options(mount.superOptions()));
    }

    private List<String> options(List<String> options) {
        List<String> redacted = new ArrayList<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            boolean telling = equals > 0 && TELLING_OPTIONS.contains(option.substring(0, equals));
            redacted.add(telling ? option.substring(0, equals + 1) + "~" : text(option));
        }
        return redacted;
    }

    private CoherenceDomain domain(CoherenceDomain domain) {
        return new CoherenceDomain(
                hashed(domain.bootId()),
                domain.device(),
                domain.statDevice(),
                domain.inode(),
                domain.directoryInode(),
                domain.walName());
    }

    private Host host(Host host) {
        List<Signal> signals = new ArrayList<>();
        for (Signal signal : host.signals()) {
            signals.add(new Signal(
                    signal.environment(), signal.confidencePercent(), text(signal.seen()), signal.against()));
        }
        return new Host(
                host.os(),
                host.kernel(),
                host.arch(),
                host.littleEndian(),
                host.memoryPageBytes(),
                host.bootId().map(Redaction::hashed),
                host.bootIdReplaced(),
                host.pidNamespace(),
                host.allProcessesVisible(),
                Optional.empty(),
                host.environments(),
                signals);
    }

    private DatabaseFacts database(DatabaseFacts database) {
        return new DatabaseFacts(
                database.content(),
                database.looksLike(),
                database.header(),
                database.sizeBytes(),
                database.modified(),
                database.permissions(),
                database.owner().map(names::user),
                database.readable(),
                database.writable(),
                database.directoryWritable(),
                database.hardLinks(),
                database.freeBytes(),
                database.totalBytes(),
                database.wal(),
                database.shm(),
                database.journal().map(this::journal),
                texts(database.leftovers()),
                database.cloudFolder().map(this::text),
                database.bakedIn(),
                database.changing(),
                database.carriedTo().map(this::signpost),
                database.notRead().map(this::text));
    }

    private Signpost signpost(Signpost signpost) {
        return new Signpost(
                text(signpost.to()),
                signpost.token().isEmpty() ? "" : hashed(signpost.token()),
                names.host(signpost.host()),
                signpost.bootId().isEmpty() ? "" : hashed(signpost.bootId()),
                signpost.carriedAt(),
                signpost.sizeBytes(),
                signpost.modified(),
                signpost.changeCounter(),
                signpost.walBytes());
    }

    private Journal journal(Journal journal) {
        return new Journal(
                journal.sizeBytes(),
                journal.headerValid(),
                journal.records(),
                journal.databasePages(),
                journal.pageSizeBytes(),
                journal.superJournal().map(this::text),
                journal.superJournalExists());
    }

    private Neighbours neighbours(Neighbours neighbours) {
        List<Neighbour> processes = new ArrayList<>();
        for (Neighbour process : neighbours.processes()) processes.add(neighbour(process));
        List<Sign> signs = new ArrayList<>();
        for (Sign sign : neighbours.signs())
            signs.add(sign.redacted(hashed(sign.bootId()).substring(0, 8)));
        return new Neighbours(
                neighbours.looked(),
                processes,
                neighbours.unseenHolders(),
                neighbours.denied(),
                neighbours.complete(),
                signs);
    }

    private Neighbour neighbour(Neighbour process) {
        List<Neighbour.SqliteLibrary> sqlites = new ArrayList<>();
        for (Neighbour.SqliteLibrary library : process.sqlites()) {
            sqlites.add(new Neighbour.SqliteLibrary(text(library.where()), library.version(), text(library.how())));
        }
        return new Neighbour(
                process.pid(),
                names.command(process.command()),
                process.user().map(names::user),
                process.startedAt(),
                process.open(),
                process.deleted(),
                process.descriptors(),
                process.locks(),
                process.pinsFrame(),
                sqlites,
                process.otherDomain(),
                process.self());
    }

    /** An experiment quotes the system's own errors, which may name paths. */
    private List<Evidence> evidence(List<Evidence> evidence) {
        List<Evidence> redacted = new ArrayList<>();
        for (Evidence each : evidence) {
            Answer answer = each.answer();
            redacted.add(new Evidence(
                    each.question(),
                    each.scope(),
                    text(each.tried()),
                    new Answer(answer.verdict(), text(answer.because()), text(answer.source()))));
        }
        return redacted;
    }

    private List<String> texts(List<String> texts) {
        List<String> redacted = new ArrayList<>();
        for (String text : texts) redacted.add(text(text));
        return redacted;
    }

    private String text(String text) {
        return names.in(text);
    }

    private static String hashed(String bootId) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bootId.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
