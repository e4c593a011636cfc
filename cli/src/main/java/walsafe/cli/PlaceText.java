package walsafe.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import walsafe.facts.DatabaseFacts;
import walsafe.facts.Environment;
import walsafe.facts.Facts;
import walsafe.facts.Host;
import walsafe.facts.Mount;
import walsafe.facts.SqliteVersion;
import walsafe.facts.Storage;
import walsafe.facts.Target;
import walsafe.format.Header;
import walsafe.format.Journal;
import walsafe.format.WalSummary;
import walsafe.words.Amount;

/** The place in a few rows: what the file is, where it lies, who can reach it, what could not be seen. */
final class PlaceText {
    private static final int LABEL = 11;

    private final Facts facts;
    private final Paper paper;

    private PlaceText(Facts facts, Paper paper) {
        this.facts = facts;
        this.paper = paper;
    }

    static void write(Facts facts, Paper paper) {
        if (facts.target().database().isPresent()) new PlaceText(facts, paper).tell();
    }

    private void tell() {
        paper.section("Place");
        row("asked", asked());
        row("database", database(facts.database()));
        row("beside it", String.join("; ", beside(facts.database())));
        row("access", access(facts.database()));
        row("storage", storage(facts.storage()));
        row("reach", reach(facts.storage()));
        facts.storage().views().forEach(view -> row("also at", view.path() + " (" + view.relation() + ")"));
        row("space", space(facts.database()));
        row("host", host(facts.host()));
        facts.database().cloudFolder().ifPresent(program -> row("synced by", program));
        facts.unseen().forEach(unseen -> row("not seen", unseen));
    }

    private void row(String label, String words) {
        if (!words.isEmpty()) paper.row(label, LABEL, words);
    }

    private String asked() {
        Target target = facts.target();
        String real = target.database().orElse(target.asked());
        if (real.equals(target.asked())) return "";
        String links =
                target.links().isEmpty() ? "" : ", through the symbolic link " + String.join(", ", target.links());
        return target.asked() + links + ", which is " + real;
    }

    private String database(DatabaseFacts database) {
        String size = database.sizeBytes().isPresent()
                ? ", " + Amount.bytes(database.sizeBytes().getAsLong())
                : "";
        return switch (database.content()) {
            case DATABASE ->
                "SQLite" + size + database.header().map(PlaceText::header).orElse("");
            case EMPTY -> "an empty file: to SQLite a new database";
            case PERHAPS_ENCRYPTED -> "perhaps an encrypted database" + size;
            case ZEROS -> "no header, but zeros" + size;
            case SOMETHING_ELSE ->
                "not a SQLite database" + size
                        + database.looksLike()
                                .map(what -> "; it looks like " + what)
                                .orElse("");
            case NONE -> missing();
            case NOT_READ ->
                "not looked into" + size
                        + database.notRead().map(why -> ": " + why).orElse("");
        };
    }

    private String missing() {
        return switch (facts.target().state()) {
            case MISSING -> "does not exist yet";
            case NO_DIRECTORY -> "does not exist, nor does its directory";
            case DIRECTORY -> "a directory";
            case NOT_A_FILE -> "a device, a pipe or a socket";
            case SYMLINK_LOOP -> "symbolic links that lead round in a circle";
            case FORBIDDEN -> "hidden by the permissions of a directory above it";
            case SILENT -> "the storage did not answer in time";
            case MEMORY -> "in memory";
            case FILE -> "a file that was not looked into";
        };
    }

    private static String header(Header header) {
        String writer = SqliteVersion.ofNumber(header.writerVersion())
                .map(version -> ", last written by SQLite " + version)
                .orElse("");
        return ", pages of " + Amount.bytes(header.pageSizeBytes())
                + (header.wal() ? ", WAL mode" : ", rollback-journal mode") + writer;
    }

    private static List<String> beside(DatabaseFacts database) {
        List<String> beside = new ArrayList<>();
        database.wal().map(PlaceText::wal).ifPresent(beside::add);
        database.journal().map(PlaceText::journal).ifPresent(beside::add);
        if (!database.leftovers().isEmpty()) beside.add("leftovers " + Amount.list(database.leftovers()));
        return beside;
    }

    private static String wal(WalSummary wal) {
        if (wal.sizeBytes() == 0) return "-wal, empty";
        String more = wal.scannedAll() ? "" : " or more";
        return "-wal of " + Amount.bytes(wal.sizeBytes()) + " with "
                + Amount.of(wal.committedFrames(), "committed frame", "committed frames") + more
                + (wal.belongs().equals(Optional.of(false)) ? ", which does not belong to it: " + wal.because() : "");
    }

    private static String journal(Journal journal) {
        return "-journal of " + Amount.bytes(journal.sizeBytes())
                + (journal.headerValid() ? ", unfinished" : ", at rest");
    }

    private static String access(DatabaseFacts database) {
        if (database.sizeBytes().isEmpty()) return "";
        String may =
                database.writable() ? "may read and write" : database.readable() ? "may read only" : "may not read";
        return database.permissions().orElse("")
                + database.owner().map(owner -> " " + owner).orElse("") + " (this user " + may
                + (database.directoryWritable() ? ")" : "; the directory cannot be written)");
    }

    private static String storage(Storage storage) {
        String where = storage.mount().map(PlaceText::mount).orElse("");
        String found = switch (storage.found()) {
            case MOUNT_ID -> "";
            case DEVICE_NUMBER -> "; found by its device number only";
            case FILE_STORE -> "; as the system's own listing names it";
            case SPELLING -> "; guessed from the spelling of the path";
            case NOT_FOUND -> "; its mount could not be found";
        };
        return storage.filesystem() + where + ", " + storage.kind().words() + found;
    }

    private static String mount(Mount mount) {
        String from = mount.source().isEmpty() || mount.source().equals(mount.type()) ? "" : " of " + mount.source();
        return from + " at " + mount.point();
    }

    private static String reach(Storage storage) {
        return switch (storage.reach()) {
            case THIS_SUPERBLOCK -> "this kernel only, through this one mount";
            case THIS_KERNEL -> "this kernel only, but in more than one way";
            case OTHER_KERNELS -> "other hosts, virtual machines or kernels too";
            case UNKNOWN -> "could not be told";
        };
    }

    private static String space(DatabaseFacts database) {
        if (database.freeBytes().isEmpty()) return "";
        String of = database.totalBytes().isPresent()
                ? " of " + Amount.bytes(database.totalBytes().getAsLong())
                : "";
        return Amount.bytes(database.freeBytes().getAsLong()) + of + " free";
    }

    private static String host(Host host) {
        List<String> in = host.environments().stream()
                .filter(environment -> !named(host, environment))
                .sorted()
                .map(Environment::words)
                .toList();
        return (host.os() + " " + host.kernel() + ", " + host.arch()).strip()
                + (in.isEmpty() ? "" : ", in " + Amount.list(in));
    }

    /** "A virtual machine" and "a container" add nothing where their kind is named too. */
    private static boolean named(Host host, Environment wide) {
        return host.environments().stream().anyMatch(narrow -> narrow.wider().equals(Optional.of(wide)));
    }
}
