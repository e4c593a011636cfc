package walsafe.facts;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Gathers facts in a JVM of its own, for places that this one cannot go to: a chroot, or the end of the process. */
final class GatherInChild {
    private GatherInChild() {}

    /** Prints state, how the mount was found, type, mount point. */
    public static void main(String[] arguments) {
        Facts facts = Facts.gather(arguments[0], Duration.ofMillis(Long.parseLong(arguments[1])));
        System.out.println(facts.target().state()
                + " " + facts.storage().found()
                + " " + facts.storage().filesystem()
                + " " + facts.storage().mount().map(Mount::point).orElse("-"));
    }

    /** The command that starts it with this JVM's Java and class path. */
    static List<String> command(String database, Duration patience) {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(File.pathSeparator, classes()),
                GatherInChild.class.getName(),
                database,
                String.valueOf(patience.toMillis())));
    }

    /** Our own classes only: facts need no others. */
    static List<String> classes() {
        return List.of(place(Facts.class), place(GatherInChild.class));
    }

    private static String place(Class<?> one) {
        return Path.of(URI.create(
                        one.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }
}
