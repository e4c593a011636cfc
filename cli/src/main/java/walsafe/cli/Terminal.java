package walsafe.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command's words come from and go to. Always UTF-8, whatever the locale says: a report goes into files and
 * pipes as often as to a screen.
 *
 * @param in for {@code --facts -}
 * @param out for the report
 * @param err for everything else
 * @param environment the variables that decide about colour and debugging
 * @param screen is {@code out} a terminal
 */
record Terminal(InputStream in, OutputStream out, PrintStream err, Map<String, String> environment, boolean screen) {

    /** NO_COLOR forbids, CLICOLOR_FORCE demands (bixense.com/clicolors), and else only a terminal gets colours. */
    Ink ink() {
        if (set("NO_COLOR")) return Ink.NONE;
        if (set("CLICOLOR_FORCE") && !"0".equals(environment.get("CLICOLOR_FORCE"))) return Ink.COLOURED;
        boolean dumb = "dumb".equals(environment.get("TERM"));
        return screen && !dumb ? Ink.COLOURED : Ink.NONE;
    }

    /** Is standard error a terminal: the launcher asks the shell and tells, because Java cannot. */
    boolean errorScreen() {
        return Boolean.getBoolean("walsafe.errorScreen") && !"dumb".equals(environment.get("TERM"));
    }

    /** Is the variable there and not empty. */
    boolean set(String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(value -> !value.isEmpty())
                .isPresent();
    }

    /** Writes the report in one piece, so that a reader who leaves early is noticed here and nowhere else. */
    void print(String report) throws IOException {
        out.write(report.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    void complain(String message) {
        err.print(message.endsWith("\n") ? message : message + "\n");
        err.flush();
    }
}
