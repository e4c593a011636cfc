package walsafe.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What the command line answered, inside this JVM.
 *
 * @param code for the shell
 * @param out the report
 * @param err everything else
 */
record Asked(int code, String out, String err) {
    static Asked walsafe(String... arguments) {
        return walsafe(Map.of(), "", arguments);
    }

    static Asked walsafe(Map<String, String> environment, String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                false);
        int code = new Cli(terminal).run(List.of(arguments)).number();
        return new Asked(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
