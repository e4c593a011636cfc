package walsafe.facts;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's account of processes, {@code /proc}, as text (proc(5)). A process can end between two reads and much is
 * closed to other users, so "cannot be read" is an ordinary answer here and comes back as empty.
 *
 * <p>Follows no link of {@code /proc/PID/fd}: the file behind it may be a database, whose locks of this process would
 * fall with the close, or lie on a storage that no longer answers.
 */
final class Procfs {
    /** Far more than a process with a hundred thousand mappings has. */
    private static final int LONGEST_BYTES = 16 << 20;

    /** Java decodes file names so; what is compared with them must be decoded alike. */
    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private final Path root;

    Procfs(Path root) {
        this.root = root;
    }

    /** All processes that this {@code /proc} shows, in order of pid. */
    List<Long> processes() {
        List<Long> pids = new ArrayList<>();
        for (String name : names(root).orElse(List.of())) {
            if (Character.isDigit(name.charAt(0))) pids.add(Long.valueOf(name));
        }
        Collections.sort(pids);
        return pids;
    }

    /** The pid of this process, in the pid namespace that this {@code /proc} was mounted for. */
    Optional<Long> self() {
        return link("self").filter(name -> name.matches("\\d{1,18}")).map(Long::valueOf);
    }

    /** The numbers of a process's descriptors; empty if it is gone or may not be looked into. */
    Optional<List<String>> descriptors(long pid) {
        return names(root.resolve(pid + "/fd"));
    }

    Optional<String> link(String relative) {
        try {
            return Optional.of(Files.readSymbolicLink(root.resolve(relative)).toString());
        } catch (IOException e) {
            return Optional.empty(); // gone, or not ours to read
        }
    }

    /** A whole file as text, up to 16 MiB; empty if it is gone or may not be read. */
    Optional<String> text(String relative) {
        byte[] bytes = bytes(relative);
        return bytes.length == 0 ? Optional.empty() : Optional.of(new String(bytes, NAMES));
    }

    /** A whole file, up to 16 MiB; no bytes if it is gone, may not be read, or is empty. */
    byte[] bytes(String relative) {
        try (FileInputStream in = new FileInputStream(root.resolve(relative).toFile())) {
            return in.readNBytes(LONGEST_BYTES);
        } catch (IOException e) {
            return new byte[0]; // gone, or not ours to read
        }
    }

    List<String> lines(String relative) {
        return text(relative).map(text -> Arrays.asList(text.split("\n", -1))).orElse(List.of());
    }

    Path path(String relative) {
        return root.resolve(relative);
    }

    private static Optional<List<String>> names(Path directory) {
        File file = directory.toFile();
        return Optional.ofNullable(file.list()).map(Arrays::asList);
    }
}
