package walsafe.facts;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A file that some process has open, as {@code /proc} tells it without touching the file.
 *
 * @param name its path, as seen from our root or, where that does not reach, from the process's own
 * @param deleted the kernel holds that it no longer has this name
 * @param mount the id of the mount through which it was opened; ids are unique in a kernel, across mount namespaces
 * @param inode its number; Linux tells it since 5.14, before that only for a file with locks
 * @param writable may it be written through this descriptor; also true if that cannot be told
 * @param locks those that were set through this descriptor
 */
record OpenFile(
        String name, boolean deleted, OptionalInt mount, OptionalLong inode, boolean writable, List<LockLine> locks) {
    private static final String DELETED = " (deleted)";

    static OpenFile of(String link, List<String> fdinfo) {
        List<LockLine> locks = fdinfo.stream()
                .filter(line -> line.startsWith("lock:"))
                .map(line -> LockLine.parse(line.substring("lock:".length())))
                .flatMap(Optional::stream)
                .toList();
        OptionalLong mount = number(fdinfo, "mnt_id:");
        OptionalLong inode = number(fdinfo, "ino:");
        return new OpenFile(
                withoutDeleted(link),
                link.endsWith(DELETED),
                mount.isPresent() ? OptionalInt.of((int) mount.getAsLong()) : OptionalInt.empty(),
                inode.isPresent()
                        ? inode
                        : locks.stream().mapToLong(LockLine::inode).findFirst(),
                fdinfo.stream().noneMatch(OpenFile::saysReadOnly),
                locks);
    }

    /** {@code flags: 0100000}, as given to open(2), in octal; the last digit of a descriptor only for reading is 0 or 4. */
    private static boolean saysReadOnly(String line) {
        return line.startsWith("flags:") && (line.endsWith("0") || line.endsWith("4"));
    }

    static String withoutDeleted(String link) {
        return link.endsWith(DELETED) ? link.substring(0, link.length() - DELETED.length()) : link;
    }

    /** The name as the link spelt it: a living file may really be called "… (deleted)". */
    String link() {
        return deleted ? name + DELETED : name;
    }

    private static OptionalLong number(List<String> fdinfo, String key) {
        return fdinfo.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).trim())
                .filter(value -> value.matches("\\d{1,20}"))
                .mapToLong(Long::parseUnsignedLong)
                .findFirst();
    }
}
