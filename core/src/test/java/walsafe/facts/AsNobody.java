package walsafe.facts;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a program of the tests as a user to whom things can be forbidden. To root nothing is, so a test that is about
 * permissions becomes another user, by root's leave.
 */
final class AsNobody {
    private AsNobody() {}

    /**
     * What the program prints.
     *
     * @param folder a temporary one of the caller's: opened to everybody, and the classes are copied into it
     */
    static String output(Path folder, Class<?> main, String... arguments) throws IOException {
        assumeTrue(Command.find("setpriv").isPresent(), "SKIPPED: setpriv is not installed");
        letEverybodyIn(folder);
        Path classes = folder.resolve("classes");
        copyClasses(Facts.class, classes);
        copyClasses(main, classes);
        Path driver = Files.copy(home(org.sqlite.JDBC.class), folder.resolve("sqlite-jdbc.jar"));
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        command.addAll(Program.javaCommand(classes + File.pathSeparator + driver, main, arguments));
        return Program.output(command);
    }

    private static void letEverybodyIn(Path folder) throws IOException {
        for (Path up = folder.getParent(); up != null; up = up.getParent()) {
            assumeTrue(
                    Files.getPosixFilePermissions(up).toString().contains("OTHERS_EXECUTE"),
                    "SKIPPED: other users may not enter " + up);
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path home(Class<?> one) {
        return Path.of(URI.create(
                one.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    private static void copyClasses(Class<?> one, Path target) throws IOException {
        Path source = home(one);
        try (Stream<Path> all = Files.walk(source)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                Path copy = target.resolve(source.relativize(each).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(each, copy, StandardCopyOption.REPLACE_EXISTING); // two folders may hold the like
            }
        }
    }
}
