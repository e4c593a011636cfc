package walsafe.facts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The mounts of a mount namespace, read from {@code mountinfo} (proc_pid_mountinfo(5)). A line is
 *
 * <pre>{@code
 * 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
 * id parent device root point options optional… - type source super-options
 * }</pre>
 *
 * <p>Names are bytes with space, tab, newline, backslash and {@code #} as octal escapes. Options are split before they
 * are unescaped, because overlay escapes the commas of its directories. A line that cannot be read is left out.
 */
final class MountTable {
    static final Path SELF = Path.of("/proc/self/mountinfo");

    private final List<Mount> mounts;
    private final Map<Integer, Integer> parents;

    private MountTable(List<Mount> mounts, Map<Integer, Integer> parents) {
        this.mounts = List.copyOf(mounts);
        this.parents = parents;
    }

    /** Reads one of {@code /proc}'s files; touches no storage. */
    static MountTable read(Path mountinfo) throws IOException {
        return parse(Files.readAllBytes(mountinfo));
    }

    /** What {@code process}, a pid or {@code self}, sees; empty if it is gone or may not be looked into. */
    static MountTable of(Procfs proc, String process) {
        return parse(proc.bytes(process + "/mountinfo"));
    }

    static MountTable parse(byte[] mountinfo) {
        // Latin 1 keeps every byte as it is until the fields are apart.
        String text = new String(mountinfo, StandardCharsets.ISO_8859_1);
        List<Mount> mounts = new ArrayList<>();
        Map<Integer, Integer> parents = new HashMap<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            if (end < 0) end = text.length();
            parseLine(text.substring(start, end), mounts, parents);
            start = end + 1;
        }
        return new MountTable(mounts, parents);
    }

    private static void parseLine(String line, List<Mount> mounts, Map<Integer, Integer> parents) {
        int separator = line.indexOf(" - ");
        if (separator < 0) return;
        String[] before = fields(line.substring(0, separator), 7);
        String[] after = fields(line.substring(separator + 3), 3);
        Optional<Integer> id = number(before[0]);
        Optional<Integer> parent = number(before[1]);
        if (id.isEmpty() || parent.isEmpty() || before[5].isEmpty()) return;
        mounts.add(new Mount(
                id.get(),
                before[2],
                unescaped(before[3]),
                unescaped(before[4]),
                unescaped(after[0]),
                unescaped(after[1]),
                options(before[5]),
                options(after[2])));
        parents.put(id.get(), parent.get());
    }

    /** Splits at single spaces, because a source may be empty; the last field takes the rest, missing ones are empty. */
    private static String[] fields(String text, int count) {
        String[] fields = new String[count];
        int start = 0;
        for (int i = 0; i < count; i++) {
            int end = i == count - 1 ? -1 : text.indexOf(' ', start);
            if (end < 0) end = text.length();
            fields[i] = text.substring(Math.min(start, text.length()), end);
            start = Math.min(end + 1, text.length());
        }
        return fields;
    }

    private static Optional<Integer> number(String digits) {
        try {
            return Optional.of(Integer.parseInt(digits));
        } catch (NumberFormatException e) {
            return Optional.empty(); // no line of the kernel's: left out, as the class says
        }
    }

    private static List<String> options(String field) {
        List<String> options = new ArrayList<>();
        for (String option : Mount.split(field)) options.add(unescaped(option));
        return options;
    }

    /** From the bytes of the file, here as Latin 1, to the name they spell. */
    static String unescaped(String field) {
        boolean plain = true;
        for (int i = 0; i < field.length() && plain; i++) plain = field.charAt(i) != '\\' && field.charAt(i) < 0x80;
        if (plain) return field;
        byte[] bytes = new byte[field.length()];
        int length = 0;
        for (int i = 0; i < field.length(); i++) {
            int octal = field.charAt(i) == '\\' ? octal(field, i + 1) : -1;
            bytes[length++] = (byte) (octal < 0 ? field.charAt(i) : octal);
            if (octal >= 0) i += 3;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** Three octal digits as a byte, or -1: WSL shows {@code path=C:\;uid=1000} unescaped. */
    private static int octal(String text, int at) {
        if (at + 3 > text.length()) return -1;
        int value = 0;
        for (int i = at; i < at + 3; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 7) return -1;
            value = value << 3 | digit;
        }
        return value > 0xff ? -1 : value;
    }

    /** All mounts, in the order of the file: a later one may hide an earlier one. */
    List<Mount> all() {
        return mounts;
    }

    Optional<Mount> byId(OptionalInt id) {
        return id.isPresent() ? byId(id.getAsInt()) : Optional.empty();
    }

    Optional<Mount> byId(int id) {
        for (Mount mount : mounts) if (mount.id() == id) return Optional.of(mount);
        return Optional.empty();
    }

    /** Other names that these files have here, because a file itself is mounted: {@code docker -v app.db:/prod.db}. */
    Set<String> fileMountNames(Set<String> baseNames) {
        Set<String> names = new HashSet<>();
        for (Mount mount : mounts) {
            if (baseNames.contains(SoughtFile.baseName(mount.root()))) names.add(SoughtFile.baseName(mount.point()));
        }
        return names;
    }

    /** The mount of this superblock that lies deepest above the path, or else any of this superblock. */
    Optional<Mount> byDevice(String device, String path) {
        Optional<Mount> found = Optional.empty();
        Optional<Mount> above = Optional.empty();
        for (Mount mount : mounts) {
            if (!mount.device().equals(device)) continue;
            found = Optional.of(mount);
            if (deeper(mount, above, path)) above = Optional.of(mount);
        }
        return above.isPresent() ? above : found;
    }

    /**
     * The deepest mount point above the path by spelling alone; of several at one point, the last. Wrong where a mount
     * is hidden below another, so only for a storage that does not answer.
     */
    Optional<Mount> above(String path) {
        Optional<Mount> above = Optional.empty();
        for (Mount mount : mounts) if (deeper(mount, above, path)) above = Optional.of(mount);
        return above;
    }

    /** Does it lie above the path, and no higher than the other? */
    static boolean deeper(Mount mount, Optional<Mount> than, String path) {
        return inside(path, mount.point())
                && (than.isEmpty()
                        || mount.point().length() >= than.get().point().length());
    }

    /** The mount that lies at exactly this path within another mount; of several, the last, which hides the others. */
    Optional<Mount> at(String path, Mount within) {
        Optional<Mount> found = Optional.empty();
        int parent = within.id();
        for (Mount mount : mounts) {
            if (!mount.point().equals(path) || parents.getOrDefault(mount.id(), -1) != parent) continue;
            found = Optional.of(mount);
            parent = mount.id();
        }
        return found;
    }

    /** Is the path this directory or below it, both absolute and without {@code .} and {@code ..}? */
    static boolean inside(String path, String directory) {
        if (directory.equals("/")) return path.startsWith("/");
        return path.startsWith(directory)
                && (path.length() == directory.length() || path.charAt(directory.length()) == '/');
    }

    /** What of the path lies below the directory: {@code /a/b} for {@code /mnt/a/b} below {@code /mnt}; may be empty. */
    static String below(String path, String directory) {
        return directory.equals("/") ? (path.equals("/") ? "" : path) : path.substring(directory.length());
    }
}
