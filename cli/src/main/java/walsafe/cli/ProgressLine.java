package walsafe.cli;

import java.io.PrintStream;
import java.util.Locale;

/** One line on standard error that tells how far long work has come, and goes when it is over; only on a terminal. */
final class ProgressLine implements AutoCloseable {
    private static final long EVERY_NANOS = 200_000_000;

    private final PrintStream err;
    private final boolean seen;
    private long last = System.nanoTime();
    private int width;

    private ProgressLine(PrintStream err, boolean seen) {
        this.err = err;
        this.seen = seen;
    }

    static ProgressLine on(Terminal terminal) {
        return new ProgressLine(terminal.err(), terminal.errorScreen());
    }

    /** Five times a second at most; work that is over before says nothing. */
    void show(String format, Object... values) {
        long now = System.nanoTime();
        if (!seen || now - last < EVERY_NANOS) return;
        last = now;
        String line = String.format(Locale.ROOT, format, values);
        err.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        err.flush();
        width = line.length();
    }

    @Override
    public void close() {
        if (width == 0) return;
        err.print("\r" + " ".repeat(width) + "\r");
        err.flush();
    }
}
