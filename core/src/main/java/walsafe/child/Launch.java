package walsafe.child;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How to start a JVM with the classes that this one has. */
final class Launch {
    /** They would add agents, heap sizes and a line of their own to a process that has none of that. */
    private static final List<String> MEANT_FOR_THE_PARENT =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH");

    private Launch() {}

    static ProcessBuilder process(Class<? extends Task> task, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(java());
        command.addAll(classes(task));
        command.add(task.getName());
        command.addAll(arguments);
        // Why a JVM does not start is told on standard error; afterwards nobody writes there.
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(MEANT_FOR_THE_PARENT);
        return builder;
    }

    /** Quick to start, small, and leaving nothing in the working directory should it crash. */
    private static List<String> java() throws IOException {
        String name = System.getProperty("os.name").startsWith("Windows") ? "java.exe" : "java";
        Path java = Path.of(System.getProperty("java.home"), "bin", name);
        if (!Files.isExecutable(java)) throw new IOException("there is no " + java + " to start a process with");
        Path crashes = Path.of(System.getProperty("java.io.tmpdir"), "walsafe-child-crash-%p.log");
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-Xmx64m",
                "-Xlog:disable",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + crashes));
        if (Runtime.version().feature() >= 22)
            command.add("--enable-native-access=ALL-UNNAMED"); // for SQLite (JEP 472)
        return command;
    }

    /**
     * On the class path also when this program has a module path: a jar serves either way, and a child needs none of the
     * modules that walsafe requires beyond the JDK's. A run-time image made by jlink has the module in itself.
     */
    private static List<String> classes(Class<?> task) throws IOException {
        String main = ChildMain.class.getName();
        URI own = home(Child.class);
        if (own.getScheme().equals("jrt")) return List.of("-m", "walsafe/" + main);
        Set<String> places = new LinkedHashSet<>();
        places.add(file(own));
        places.add(file(home(task)));
        if (UsesSqlite.class.isAssignableFrom(task)) places.add(sqlite());
        return List.of("-cp", String.join(File.pathSeparator, places), main);
    }

    private static String sqlite() throws IOException {
        try {
            return file(home(org.sqlite.JDBC.class));
        } catch (NoClassDefFoundError e) {
            throw new IOException("this program has no sqlite-jdbc", e);
        }
    }

    private static String file(URI home) throws IOException {
        if (home.getScheme().equals("file")) return Path.of(home).toString();
        throw new IOException(
                "a Java process can be started only with classes from a folder or a jar, not from " + home);
    }

    private static URI home(Class<?> type) throws IOException {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null) throw new IOException("where " + type.getName() + " was loaded from cannot be told");
        try {
            return source.getLocation().toURI();
        } catch (URISyntaxException e) {
            throw new IOException(type.getName() + " was loaded from " + source.getLocation(), e);
        }
    }
}
