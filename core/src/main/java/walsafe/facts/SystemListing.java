package walsafe.facts;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * What one of the system's own listings prints: the only processes that facts start, and only on macOS and Windows,
 * where nothing else tells whether a volume is local, nor which boot this is.
 */
final class SystemListing {
    private static final int MOST_BYTES = 1 << 20; // a listing of 1 MiB names some ten thousand mounts
    private static final long MOST_SECONDS = 2;
    private static final int KILLED = 128 + 9; // by us, as Java tells SIGKILL

    private SystemListing() {}

    /** The output of a command that ends well within two seconds; empty otherwise, and if there is no such command. */
    static Optional<String> of(String... command) {
        return outcome(List.of(command)).filter(outcome -> outcome.exit == 0).map(Outcome::output);
    }

    /** The same of a command that answers what it can, and then ends with an error for what it cannot. */
    static Optional<String> partOf(List<String> command) {
        return outcome(command).map(Outcome::output);
    }

    private record Outcome(int exit, String output) {}

    private static Optional<Outcome> outcome(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
            return outcome(process);
        } catch (IOException e) {
            return Optional.empty(); // not installed, or not permitted: the caller tells what it could not see
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<Outcome> outcome(Process process) throws IOException, InterruptedException {
        Executor later = CompletableFuture.delayedExecutor(MOST_SECONDS, TimeUnit.SECONDS);
        later.execute(process::destroyForcibly);
        try (InputStream output = process.getInputStream()) {
            process.getOutputStream().close();
            String listing = new String(output.readNBytes(MOST_BYTES), Charset.defaultCharset());
            boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            return ended && process.exitValue() != KILLED
                    ? Optional.of(new Outcome(process.exitValue(), listing))
                    : Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }
}
