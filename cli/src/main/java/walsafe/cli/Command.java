package walsafe.cli;

import java.util.List;

/** One verb of the command line. */
interface Command {
    List<Option> options();

    /** Does the work and says what to print; prints nothing itself. */
    Outcome run(Arguments arguments, Terminal terminal) throws UsageException;

    /**
     * What a command has to say.
     *
     * @param report for standard output
     * @param code for the shell
     */
    record Outcome(String report, ExitCode code) {}
}
