package walsafe.lab.inside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets programs of several kernels begin at once, however long each took to start. */
final class Gate {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private Gate() {}

    /** Loads SQLite, makes the file {@code GATE-ready} and waits until {@code GATE-go} is there, or four minutes. */
    static void pass(String gate) throws SQLException {
        DriverManager.getConnection("jdbc:sqlite::memory:").close();
        try {
            Files.createFile(Path.of(gate + "-ready"));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(Path.of(gate + "-go")) && System.nanoTime() < end) LockSupport.parkNanos(20_000_000);
    }
}
