package walsafe.cli;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import walsafe.finding.Finding;
import walsafe.finding.WalsafeException;
import walsafe.policy.Intent;
import walsafe.transfer.Budget;
import walsafe.transfer.Copied;
import walsafe.transfer.Copy;
import walsafe.transfer.Progress;

/** {@code walsafe copy PATH NEW.db}: a consistent copy of a database that may be in use, proved sound. */
final class CopyCommand implements Command {
    @Override
    public List<Option> options() {
        return List.of(Option.SHARING, Option.TIMEOUT, Option.FORMAT);
    }

    @Override
    public Outcome run(Arguments arguments, Terminal terminal) throws UsageException {
        List<String> words = arguments.words();
        if (words.size() != 2) {
            throw new UsageException("Copy what, and where to? For example: walsafe copy my.db /srv/backup/my.db."
                    + (words.size() > 2 ? " A path with spaces needs quotes." : ""));
        }
        Path source = path(words.get(0));
        Path target = path(words.get(1));
        Intent intent = Intent.DEFAULT.with(Option.sharing(arguments));
        Budget budget = Budget.DEFAULT.withLock(Patience.of(arguments));
        try (ProgressLine line = ProgressLine.on(terminal)) {
            return copied(Copy.of(source, target, intent, budget, progress(line)), arguments, terminal);
        } catch (WalsafeException trouble) {
            return refused(trouble.finding(), target, arguments, terminal);
        } catch (NoSuchFileException missing) {
            throw new UsageException("There is no file " + missing.getMessage() + ".");
        } catch (NotDirectoryException other) {
            throw new UsageException(other.getMessage() + " is not a directory.");
        } catch (IOException | SQLException unread) {
            terminal.complain("walsafe: " + walsafe.words.Visible.text("Not copied: " + said(unread)));
            return new Outcome("", ExitCode.UNKNOWN);
        }
    }

    private static String said(Exception unread) {
        return unread.getMessage() == null ? unread.toString() : unread.getMessage();
    }

    private static Path path(String word) throws UsageException {
        try {
            return Path.of(OnePath.readable(word));
        } catch (InvalidPathException impossible) {
            throw new UsageException("No file can be called " + word + ": " + impossible.getReason() + ".");
        }
    }

    private static Progress progress(ProgressLine line) {
        return (copied, all) -> line.show("copied %d of %d pages", copied, all);
    }

    private static Outcome copied(Copied copied, Arguments arguments, Terminal terminal) {
        String report = arguments.json() ? CopyJson.of(copied) : CopyText.of(copied, terminal.ink());
        return new Outcome(report, ExitCode.WELL);
    }

    private static Outcome refused(Finding finding, Path target, Arguments arguments, Terminal terminal) {
        ExitCode code = exitCode(finding);
        String report =
                arguments.json() ? CopyJson.of(finding, target, code) : CopyText.of(finding, target, terminal.ink());
        return new Outcome(report, code);
    }

    private static ExitCode exitCode(Finding finding) {
        return switch (finding.problem()) {
            case NOT_A_DATABASE, HEADER_IMPOSSIBLE, SIZE_DISAGREES, COPY_UNSOUND -> ExitCode.DAMAGED;
            case STORAGE_UNKNOWN, STORAGE_SILENT, COULD_NOT_LOOK -> ExitCode.UNKNOWN;
            case COPY_BLOCKED,
                    TARGET_EXISTS,
                    DISK_NEARLY_FULL,
                    NO_PERMISSION,
                    JOURNAL_HOT,
                    EMPTY_FILE,
                    PERHAPS_ENCRYPTED,
                    PERHAPS_TWO_SQLITES,
                    CARRIED_ELSEWHERE -> ExitCode.BLOCKED;
            default -> ExitCode.UNSAFE;
        };
    }
}
