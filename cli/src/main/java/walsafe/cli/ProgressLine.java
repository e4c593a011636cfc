package walsafe.cli;

import java.io.PrintStream;
import java.time.Duration;
import walsafe.torture.Progress;

/** One line on a terminal that is written over and over, and wiped in the end. */
final class ProgressLine implements Progress {
    private static final int BAR = 24;
    private static final int WIDTH = 78;

    private final Duration whole;
    private final PrintStream out;

    ProgressLine(Duration whole, PrintStream out) {
        this.whole = whole;
        this.out = out;
    }

    @Override
    public void at(Duration elapsed, long acknowledged, int kills, String what) {
        int done = (int) Math.min(BAR, BAR * elapsed.toMillis() / Math.max(1, whole.toMillis()));
        String line = "torture [" + "#".repeat(done) + ".".repeat(BAR - done) + "] " + elapsed.toSeconds() + " s, "
                + acknowledged + " commits, " + kills + " kills, " + what;
        write(line);
    }

    void wipe() {
        write("");
        out.print('\r');
        out.flush();
    }

    private void write(String line) {
        out.print('\r' + line + " ".repeat(Math.max(0, WIDTH - line.length())));
        out.flush();
    }
}
