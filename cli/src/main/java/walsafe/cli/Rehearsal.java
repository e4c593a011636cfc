package walsafe.cli;

import java.util.List;

/**
 * Runs each command once, so that the archive of classes which the launcher makes from it holds what every
 * command needs. The launcher throws the answers away.
 */
final class Rehearsal {
    private Rehearsal() {}

    public static void main(String[] path) {
        Cli cli = new Cli(Main.terminal());
        cli.run(List.of("--version"));
        cli.run(List.of("--help"));
        cli.run(List.of("explain", "WS301"));
        cli.run(List.of("who", path[0]));
        cli.run(List.of("doctor", path[0]));
        cli.run(List.of("doctor", "--format", "json", path[0]));
    }
}
