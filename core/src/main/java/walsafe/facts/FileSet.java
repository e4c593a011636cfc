package walsafe.facts;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import walsafe.facts.DatabaseFacts.Content;
import walsafe.format.DatabaseFile;
import walsafe.format.Header;
import walsafe.format.Journal;
import walsafe.format.WalFile;
import walsafe.format.WalIndex;
import walsafe.format.WalSummary;

/** The bytes of a database and of the files beside it, as far as they may be read and are worth it. */
final class FileSet {
    private static final int FIRST_BYTES = 4096;

    private final Path database;
    private final FileStatus status;

    private Content content = Content.NONE;
    private Optional<String> looksLike = Optional.empty();
    private Optional<Header> header = Optional.empty();
    private Optional<WalSummary> wal = Optional.empty();
    private Optional<WalIndex> shm = Optional.empty();
    private Optional<Journal> journal = Optional.empty();
    private final List<String> notRead = new ArrayList<>();
    private boolean openHere;

    private FileSet(Path database, FileStatus status) {
        this.database = database;
        this.status = status;
    }

    /** Reads them; once more if the -wal seems amiss, since a program at work may have changed both in between. */
    static FileBytes read(Path database, FileStatus status) {
        FileSet first = new FileSet(database, status).read();
        FileSet last = first.walSeemsAmiss() ? new FileSet(database, FileStatus.of(database)).read() : first;
        return last.bytes();
    }

    private boolean walSeemsAmiss() {
        boolean foreign = wal.flatMap(WalSummary::belongs).equals(Optional.of(false));
        boolean orphaned = wal.isPresent() && (content == Content.NONE || content == Content.EMPTY);
        return foreign || orphaned;
    }

    private FileSet read() {
        Path walPath = beside(DatabasePart.WAL);
        FileStatus walStatus = FileStatus.of(walPath);
        if (walStatus.sizeBytes().orElse(0) > 0) {
            readWithWal(walPath, walStatus.sizeBytes().getAsLong());
        } else {
            readDatabase();
            if (walStatus.exists()) wal = Optional.of(WalSummary.withoutFrames(0, "it is empty"));
        }
        readWalIndex(beside(DatabasePart.SHM));
        readJournal(beside(DatabasePart.JOURNAL));
        return this;
    }

    /** The -wal is opened before the database's header is read, as {@link WalFile} wants it. */
    private void readWithWal(Path path, long sizeBytes) {
        boolean databaseRead = false;
        Optional<String> before = identity(path);
        try (DatabaseFile file = DatabaseFile.open(path)) {
            WalFile opened = WalFile.of(file);
            readDatabase();
            databaseRead = true;
            WalSummary summary = opened.summary(header, status.sizeBytes().orElse(0), WalFile.Limit.GLANCE);
            // The last one to close a database deletes the -wal, and the database moves on without it.
            boolean stillThere = before.isPresent() && before.equals(identity(path));
            wal = Optional.of(stillThere ? summary : summary.withheld("it was deleted while it was being read"));
        } catch (IOException e) {
            if (!databaseRead) readDatabase();
            if (!(e instanceof NoSuchFileException)) {
                wal = Optional.of(WalSummary.unread(sizeBytes, notRead(DatabasePart.WAL, e)));
            }
        }
    }

    private static Optional<String> identity(Path path) {
        return Footprint.print(path.toString()).map(Footprint.Print::identity);
    }

    private void readDatabase() {
        if (!status.exists()) return;
        if (status.sizeBytes().orElse(0) == 0) {
            content = Content.EMPTY;
            return;
        }
        try (DatabaseFile file = DatabaseFile.open(database)) {
            byte[] bytes = file.read(0, FIRST_BYTES);
            header = Header.decode(bytes);
            if (header.isPresent()) {
                content = Content.DATABASE;
            } else {
                recognise(new FirstBytes(bytes, file.sizeBytes()));
            }
        } catch (IOException e) {
            content = Content.NOT_READ;
            notRead(DatabasePart.DATABASE, e);
        }
    }

    private void recognise(FirstBytes bytes) {
        looksLike = bytes.lookLike();
        if (bytes.zeros()) content = Content.ZEROS;
        else if (looksLike.isEmpty() && bytes.mayBeEncrypted()) content = Content.PERHAPS_ENCRYPTED;
        else content = Content.SOMETHING_ELSE;
    }

    private void readWalIndex(Path path) {
        if (!Files.exists(path)) return;
        try (DatabaseFile file = DatabaseFile.open(path)) {
            shm = Optional.of(WalIndex.decode(file.read(0, WalIndex.SIZE_BYTES)));
        } catch (IOException e) {
            notRead(DatabasePart.SHM, e);
        }
    }

    private void readJournal(Path path) {
        FileStatus journalStatus = FileStatus.of(path);
        if (!journalStatus.exists()) return;
        // Opened even if its size is said to be 0: on NFS that may be what it was a minute ago, and opening asks the server.
        try (DatabaseFile file = DatabaseFile.open(path)) {
            journal = Optional.of(file.sizeBytes() == 0 ? Journal.atRest(0) : Journal.read(file));
        } catch (IOException e) {
            notRead(DatabasePart.JOURNAL, e);
        }
    }

    private Path beside(DatabasePart part) {
        return database.resolveSibling(database.getFileName() + part.suffix());
    }

    private String notRead(DatabasePart part, IOException e) {
        if (e instanceof NoSuchFileException && part != DatabasePart.DATABASE)
            return ""; // removed meanwhile: no trouble
        openHere |= e instanceof DatabaseFile.OpenHere;
        String because = because(e);
        notRead.add(part == DatabasePart.DATABASE ? because : part.suffix() + ": " + because);
        return because;
    }

    /** Java puts the path before the reason, which is told elsewhere already. */
    private String because(IOException e) {
        String message = Objects.toString(e.getMessage(), e.getClass().getSimpleName());
        if (e instanceof DatabaseFile.Refused) return message;
        if (e instanceof NoSuchFileException) return "it vanished while being looked at";
        if (e instanceof FileSystemException system) {
            return "it could not be read: " + Objects.toString(system.getReason(), message);
        }
        int reason = message.lastIndexOf(" (");
        if (e instanceof FileNotFoundException && reason >= 0 && message.endsWith(")")) {
            return "it could not be read: " + message.substring(reason + 2, message.length() - 1);
        }
        return "it could not be read: " + message;
    }

    private FileBytes bytes() {
        Optional<String> why = notRead.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", notRead));
        return new FileBytes(content, looksLike, header, wal, shm, journal, why, openHere);
    }
}
