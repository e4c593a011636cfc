package walsafe.format;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A program with SQLite, a process of its own, that is killed as by {@code kill -9}. */
public final class Victim {
    private static final String READY = "ready";

    private Victim() {}

    /** Runs the statements, each as it is, and is killed with its connection open. When this returns it is dead. */
    public static void killed(Path database, String... statements) throws IOException, InterruptedException {
        started("once", database, statements).destroyForcibly().waitFor();
    }

    /** Runs the statements over and over; when this returns it has done so once. To be killed by the caller. */
    public static Process working(Path database, String... statements) throws IOException {
        return started("forever", database, statements);
    }

    private static Process started(String how, Path database, String... statements) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                how,
                database.toString()));
        command.addAll(List.of(statements));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines = process.inputReader();
        if (!READY.equals(lines.readLine())) throw new IOException("the victim died before it was ready");
        return process;
    }

    public static void main(String... arguments) throws Exception {
        List<String> statements = List.of(arguments).subList(2, arguments.length);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[1]);
                Statement statement = connection.createStatement()) {
            for (String each : statements) statement.execute(each);
            System.out.println(READY);
            while (arguments[0].equals("forever")) {
                for (String each : statements) statement.execute(each);
            }
            if (System.in.read() >= 0) throw new IllegalStateException("nobody writes to a victim");
        }
    }
}
