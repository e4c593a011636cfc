package walsafe.cli;

import java.time.Duration;
import java.util.Optional;
import walsafe.facts.Facts;

/** How long the storage may take, as {@code --timeout} says it. */
final class Patience {
    private static final double LONGEST_SECONDS = 3600;

    private Patience() {}

    /** Seconds, with a fraction if need be; more than 0, at most an hour. */
    static Duration of(Arguments arguments) throws UsageException {
        Optional<String> asked = arguments.value(Option.TIMEOUT.name());
        return asked.isEmpty() ? Facts.PATIENCE : parse(asked.get());
    }

    private static Duration parse(String text) throws UsageException {
        if (!text.matches("\\d{1,6}(\\.\\d{1,6})?")) throw wrong(text);
        double seconds = Double.parseDouble(text);
        if (seconds <= 0 || seconds > LONGEST_SECONDS) throw wrong(text);
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private static UsageException wrong(String text) {
        return new UsageException("--timeout takes seconds, more than 0 and at most 3600, and was \"" + text + "\".");
    }
}
