package walsafe.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/** What this process has open, as the operating system tells it. */
final class Descriptors {
    private static final Path OURS = Path.of("/proc/self/fd");
    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    private Descriptors() {}

    /** How many descriptors of this inode the process has, whoever opened them; empty where /proc does not tell. */
    static OptionalInt of(Object identity) {
        int count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(OURS)) {
            for (Path each : all) {
                if (is(each, identity)) count++;
            }
        } catch (IOException | DirectoryIteratorException e) {
            return OptionalInt.empty(); // no /proc here, or no descriptor left to list it with
        }
        return OptionalInt.of(count);
    }

    /**
     * Has somebody besides walsafe a descriptor of this inode in this process; true if that cannot be told. Exact while the
     * inode's turn ({@link OwnDescriptors#turn}) is held; otherwise it may say yes without need, never no.
     */
    static boolean mayBeOpenByOthers(Object identity) {
        if (closingDropsNoLocks()) return false;
        OptionalInt all = of(identity);
        return all.isPresent() ? all.getAsInt() > OwnDescriptors.of(identity) : sqliteMayBeLoaded();
    }

    private static boolean is(Path descriptor, Object identity) {
        try {
            return identity.equals(
                    Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            return false; // closed since it was listed
        }
    }

    /** Windows ties a lock to the handle that took it, so that other handles may come and go. */
    static boolean closingDropsNoLocks() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    /**
     * Has this process loaded a library with "sqlite" in its name; true if that cannot be told. Such a library need not
     * have any database open: where descriptors cannot be listed, refusing is the careful answer.
     */
    static boolean sqliteMayBeLoaded() {
        if (Ledger.withoutSqlite()) return false;
        try (Stream<String> mappings = Files.lines(MAPPINGS, StandardCharsets.ISO_8859_1)) {
            return mappings.anyMatch(Descriptors::mapsSqlite);
        } catch (IOException | UncheckedIOException e) {
            return listsSqlite();
        }
    }

    /** {@code address perms offset dev inode path}; proc_pid_maps(5). */
    private static boolean mapsSqlite(String line) {
        String name = line.substring(line.lastIndexOf('/') + 1);
        return line.indexOf('/') >= 0 && name.toLowerCase(Locale.ROOT).contains("sqlite") && line.matches("\\S+ ..x.*");
    }

    /** For systems without /proc, because starting the management classes takes about as long as all the rest. */
    static boolean listsSqlite() {
        try {
            Object libraries = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmDynlibs",
                            new Object[0],
                            new String[0]);
            return libraries.toString().toLowerCase(Locale.ROOT).contains("sqlite");
        } catch (JMException | RuntimeException e) {
            return true; // a Java without this command (jdk.management, HotSpot)
        }
    }
}
