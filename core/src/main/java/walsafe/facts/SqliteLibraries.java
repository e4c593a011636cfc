package walsafe.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import walsafe.facts.Neighbour.SqliteLibrary;

/**
 * Finds the SQLite libraries that processes run, among the files they have mapped as code ({@code /proc/PID/maps},
 * proc_pid_maps(5)). A file is told by superblock and inode, so that two copies of one library are two: each keeps its
 * own list of the process's POSIX locks, and the one's close drops the other's.
 *
 * <p>Reads mapped code only, never data: a database can be mapped too, and must not be opened. One instance serves one
 * look, reads each file once and not more than a gigabyte in all; what lies beyond stays unknown.
 */
final class SqliteLibraries {
    private static final long LARGEST_FILE_BYTES = 256L << 20;
    private static final long MOST_BYTES = 1L << 30;

    /** {@code address perms offset dev inode path}; the path may hold blanks. */
    private static final Pattern CODE =
            Pattern.compile("([0-9a-f]+)-([0-9a-f]+) ..x. [0-9a-f]+ ([0-9a-f]+:[0-9a-f]+) (\\d+) +(/.*)");

    /** How sqlite-jdbc names what it unpacks. */
    private static final Pattern JDBC_NAME =
            Pattern.compile("sqlite-(\\d+\\.\\d+\\.\\d+(?:\\.\\d+)?)-.*sqlitejdbc\\.so");

    private static final Pattern LIBRARY_NAME = Pattern.compile("lib\\w*sqlite\\w*\\.so.*|sqlite-.*sqlitejdbc\\.so");

    private final Procfs proc;
    private final Map<String, Optional<SqliteLibrary>> known = new HashMap<>();
    private long bytesLeft = MOST_BYTES;

    SqliteLibraries(Procfs proc) {
        this.proc = proc;
    }

    /** Those of one process, in the order of their addresses; empty also if its mappings may not be read. */
    List<SqliteLibrary> of(long pid) {
        Map<String, Matcher> files = new LinkedHashMap<>();
        for (String line : proc.lines(pid + "/maps")) {
            Matcher code = CODE.matcher(line);
            if (code.matches()) files.putIfAbsent(code.group(3) + ":" + code.group(4), code);
        }
        return files.entrySet().stream()
                .map(file -> known.computeIfAbsent(file.getKey(), unread -> library(pid, file.getValue())))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<SqliteLibrary> library(long pid, Matcher code) {
        String path = code.group(5).replace("\\012", "\n");
        String name = SoughtFile.baseName(OpenFile.withoutDeleted(path));
        for (Path file : waysTo(pid, code, path)) {
            if (!mayRead(file)) continue;
            try {
                return fromText(path, name, file);
            } catch (IOException e) {
                // Gone meanwhile, or readable only in name. The next way may lead to it.
            }
        }
        return LIBRARY_NAME.matcher(name).matches() ? Optional.of(fromName(path, name)) : Optional.empty();
    }

    /** The first leads to the very file even if its name is gone, but only the privileged may take it. */
    private List<Path> waysTo(long pid, Matcher code, String path) {
        Path byAddress = proc.path(pid + "/map_files/" + stripped(code.group(1)) + "-" + stripped(code.group(2)));
        if (path.endsWith(" (deleted)")) return List.of(byAddress);
        try {
            return List.of(byAddress, proc.path(pid + "/root" + path));
        } catch (InvalidPathException e) {
            return List.of(byAddress); // a name that this locale cannot spell
        }
    }

    /** Directories of {@code map_files} spell addresses without the zeros that {@code maps} pads them with. */
    private static String stripped(String address) {
        return address.replaceFirst("^0+(?=.)", "");
    }

    private boolean mayRead(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) return false;
        long size = file.toFile().length();
        return size <= LARGEST_FILE_BYTES && size <= bytesLeft;
    }

    private Optional<SqliteLibrary> fromText(String path, String name, Path file) throws IOException {
        long size = Files.size(file);
        bytesLeft -= size;
        SqliteText text = SqliteText.read(() -> Files.newInputStream(file), size);
        if (!text.isSqlite()) return Optional.empty();
        return text.version().isPresent()
                ? Optional.of(new SqliteLibrary(path, text.version(), "the library's text"))
                : Optional.of(fromName(path, name));
    }

    private static SqliteLibrary fromName(String path, String name) {
        Matcher jdbc = JDBC_NAME.matcher(name);
        return jdbc.matches()
                ? new SqliteLibrary(path, SqliteVersion.parse(jdbc.group(1)), "the file's name")
                : new SqliteLibrary(path, Optional.empty(), "its version could not be told");
    }
}
