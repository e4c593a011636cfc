package walsafe.format;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.OptionalInt;
import javax.management.JMException;
import javax.management.ObjectName;

/** What this process has open, as the operating system tells it. */
final class Descriptors {
    private static final Path OURS = Path.of("/proc/self/fd");

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
     * Has this process loaded a library with "sqlite" in its name; true if that cannot be told. Asked only where there
     * is no /proc, because starting the management classes takes about as long as all the rest. Such a library need not
     * have this file open: where descriptors cannot be listed, refusing is the careful answer.
     */
    static boolean sqliteMayBeLoaded() {
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
