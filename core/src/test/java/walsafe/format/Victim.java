package walsafe.format;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.BusyHandler;

/** A program with SQLite that is killed at a moment of its own choosing, as by {@code kill -9}. */
public final class Victim {
    private static final String READY = "ready";

    private Victim() {}

    /** Runs the statements, each as it is, and is killed with its connection open. When this returns it is dead. */
    public static void killed(Path database, String... statements) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                database.toString()));
        command.addAll(List.of(statements));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines = process.inputReader();
        if (!READY.equals(lines.readLine())) throw new IOException("the victim died before it was ready");
        process.destroyForcibly().waitFor();
    }

    /** Says that it is ready once the statements are done, or once one of them waits for a lock. */
    public static void main(String... arguments) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0]);
                Statement statement = connection.createStatement()) {
            BusyHandler.setHandler(connection, new BusyHandler() {
                @Override
                protected int callback(int attempts) {
                    if (attempts == 0) System.out.println(READY);
                    return 1;
                }
            });
            for (int i = 1; i < arguments.length; i++) statement.execute(arguments[i]);
            System.out.println(READY);
            if (System.in.read() >= 0) throw new IllegalStateException("nobody writes to a victim");
        }
    }
}
