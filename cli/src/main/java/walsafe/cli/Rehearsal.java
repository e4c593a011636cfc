package walsafe.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * Runs each command once into nothing, so that the archive of classes which the launcher makes from it holds what every
 * command needs. Nobody reads the answers.
 */
final class Rehearsal {
    private Rehearsal() {}

    public static void main(String[] path) {
        Cli cli = new Cli(new Terminal(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new PrintStream(OutputStream.nullOutputStream()),
                Map.of(),
                false));
        cli.run(List.of("--version"));
        cli.run(List.of("--help"));
        cli.run(List.of("explain", "WS301"));
        cli.run(List.of("who", path[0]));
        cli.run(List.of("doctor", path[0]));
        cli.run(List.of("doctor", "--format", "json", path[0]));
    }
}
