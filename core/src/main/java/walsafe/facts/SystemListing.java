package walsafe.facts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * What one of the system's own listings prints: the only processes that facts start, and only on macOS and Windows,
 * where nothing else tells whether a volume is local.
 */
final class SystemListing {
    private static final int MOST_BYTES = 1 << 20; // a listing of 1 MiB names some ten thousand mounts
    private static final long MOST_SECONDS = 2;

    private SystemListing() {}

    /** The output of a command that ends well within two seconds; empty otherwise, and if there is no such command. */
    static Optional<String> of(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            Executor later = CompletableFuture.delayedExecutor(MOST_SECONDS, TimeUnit.SECONDS);
            later.execute(process::destroyForcibly);
            try (InputStream output = process.getInputStream()) {
                byte[] listing = output.readNBytes(MOST_BYTES);
                boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
                return ended ? Optional.of(new String(listing, Charset.defaultCharset())) : Optional.empty();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Optional.empty(); // not installed, or not permitted: the caller tells what it could not see
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
