package walsafe.facts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be seen of the host: a tree of small files, the environment variables, and what the JVM and the system's own
 * listing say. The tree is {@code /} in life and a directory of invented files in tests.
 *
 * <p>Every file is read once, and no more than {@link #LARGEST_READ} bytes of it. What cannot be read, whatever the
 * reason, reads as empty: a host that hides its files gives no signal, and never an exception.
 *
 * <p>For one thread; made, asked and forgotten within one look. Here and in its neighbours loops stand where streams
 * might: they run once in a young JVM, where each first lambda costs about a millisecond.
 */
final class Surroundings {
    /** Enough for some hundred mounts; the lines that matter are near the beginning. */
    static final int LARGEST_READ = 256 << 10;

    /** Enough for the first processor. A big machine's cpuinfo is long, and the kernel makes it up while it is read. */
    private static final int ONE_PROCESSOR = 4 << 10;

    private final Path root;
    private final Map<String, String> variables;
    private final Jvm jvm;
    private final String sysctl;
    private final Map<String, String> texts = new HashMap<>();
    private Optional<List<String>> mounts = Optional.empty();

    /**
     * @param root the directory that stands for {@code /}
     * @param variables the environment variables
     * @param jvm what Java says of the machine
     * @param sysctl lines {@code name: value} of macOS's sysctl; empty on other systems
     */
    Surroundings(Path root, Map<String, String> variables, Jvm jvm, String sysctl) {
        this.root = root;
        this.variables = Map.copyOf(variables);
        this.jvm = jvm;
        this.sysctl = sysctl;
    }

    /** The real ones. Starts a process on macOS only, where the boot's identity is in no file. */
    static Surroundings here() {
        Jvm jvm = Jvm.running();
        return new Surroundings(Path.of("/"), System.getenv(), jvm, jvm.macOs() ? Sysctl.listing() : "");
    }

    /**
     * What Java says of the machine.
     *
     * @param os {@code os.name}
     * @param release {@code os.version}, the kernel's release on Linux
     * @param arch {@code os.arch}, the processor that this JVM was built for
     * @param order the native byte order
     * @param wordBytes 4 or 8
     */
    record Jvm(String os, String release, String arch, ByteOrder order, int wordBytes) {
        static Jvm running() {
            return new Jvm(
                    System.getProperty("os.name", ""),
                    System.getProperty("os.version", ""),
                    System.getProperty("os.arch", ""),
                    ByteOrder.nativeOrder(),
                    System.getProperty("sun.arch.data.model", "64").equals("32") ? 4 : 8);
        }

        boolean linux() {
            return os.equals("Linux");
        }

        boolean macOs() {
            return os.startsWith("Mac");
        }
    }

    Jvm jvm() {
        return jvm;
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    /** Only {@code stat}s. */
    boolean exists(String path) {
        try {
            return Files.exists(at(path));
        } catch (SecurityException hidden) {
            return false; // What is hidden gives no signal.
        }
    }

    /** The file as text, a character a byte; empty if it cannot be read. */
    String text(String path) {
        return text(path, LARGEST_READ);
    }

    /** The first processor of {@code /proc/cpuinfo}. */
    String processor() {
        return text("/proc/cpuinfo", ONE_PROCESSOR);
    }

    private String text(String path, int most) {
        String text = texts.get(path);
        if (text == null) {
            text = new String(bytes(path, most), ISO_8859_1);
            texts.put(path, text);
        }
        return text;
    }

    /** The file's only line; none if it is empty or cannot be read. */
    Optional<String> line(String path) {
        String line = text(path).strip();
        return line.isEmpty() ? Optional.empty() : Optional.of(line);
    }

    byte[] bytes(String path, int most) {
        Path file = at(path);
        // A named pipe in an image would keep us waiting for its writer.
        if (!Files.isRegularFile(file)) return new byte[0];
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        } catch (IOException | SecurityException unreadable) {
            return new byte[0]; // /proc/1/… is denied even to root under some security modules: no signal.
        }
    }

    /** Where a symbolic link points, as it is spelt; namespaces are named so. */
    Optional<String> link(String path) {
        try {
            return Optional.of(Files.readSymbolicLink(at(path)).toString());
        } catch (IOException | SecurityException | UnsupportedOperationException none) {
            return Optional.empty(); // No such link, or not for us: no signal.
        }
    }

    /** Device and inode in one word, the same for two names of one directory; none if it cannot be had. */
    Optional<String> identity(String path) {
        try {
            Map<String, Object> seen = Files.readAttributes(at(path), "unix:dev,ino");
            return Optional.of(seen.get("dev") + ":" + seen.get("ino"));
        } catch (IOException | SecurityException | UnsupportedOperationException none) {
            return Optional.empty(); // /proc/1/root needs a right to trace process 1: no signal.
        }
    }

    /** The kernel's release; Java's word for it where there is no /proc. */
    String release() {
        return line("/proc/sys/kernel/osrelease").orElse(jvm.release());
    }

    /** The lines of {@code /proc/self/mountinfo}, unparsed. */
    List<String> mounts() {
        if (mounts.isEmpty()) {
            String table = text("/proc/self/mountinfo");
            mounts = Optional.of(table.isEmpty() ? List.of() : List.of(table.split("\n", -1)));
        }
        return mounts.get();
    }

    /** The uppermost mount at exactly this point, as its line of mountinfo; the point must have no blanks. */
    Optional<String> mountAt(String point) {
        String found = "";
        for (String mount : mounts()) {
            if (field(mount, 4).equals(point)) found = mount;
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    /** One field of a line, counted from 0; empty if the line is shorter. */
    static String field(String line, int number) {
        int start = 0;
        for (int skipped = 0; skipped < number; skipped++) {
            start = line.indexOf(' ', start) + 1;
            if (start == 0) return "";
        }
        int end = line.indexOf(' ', start);
        return end < 0 ? line.substring(start) : line.substring(start, end);
    }

    /** A value of macOS's sysctl. */
    Optional<String> sysctl(String name) {
        for (String line : sysctl.split("\n", -1)) {
            if (line.startsWith(name + ": "))
                return Optional.of(line.substring(name.length() + 2).strip());
        }
        return Optional.empty();
    }

    private Path at(String path) {
        return root.resolve(path.substring(1));
    }
}
