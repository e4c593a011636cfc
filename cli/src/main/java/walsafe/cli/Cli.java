package walsafe.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.words.Shell;
import walsafe.words.Visible;

/**
 * Finds the command, runs it, prints its report and says how it went. Whatever happens, the answer is an exit code and a
 * sentence, never a bare stack trace.
 */
final class Cli {
    static final List<String> COMMANDS = List.of("doctor", "who", "copy", "convert", "torture", "explain");

    private final Terminal terminal;

    Cli(Terminal terminal) {
        this.terminal = terminal;
    }

    ExitCode run(List<String> arguments) {
        try {
            Command.Outcome outcome = outcome(arguments);
            return print(outcome);
        } catch (UsageException wrong) {
            terminal.complain(Visible.text("walsafe: " + wrong.getMessage()) + "\nTry: walsafe --help");
            return ExitCode.USAGE;
        } catch (WalsafeException trouble) {
            terminal.complain(Visible.text("walsafe: " + trouble.getMessage()));
            return ExitCode.BLOCKED;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError bug) {
            return confess(bug);
        }
    }

    private Command.Outcome outcome(List<String> arguments) throws UsageException {
        if (arguments.isEmpty()) throw new UsageException("What shall be looked at? For example: walsafe doctor my.db");
        String first = arguments.get(0);
        List<String> rest = arguments.subList(1, arguments.size());
        return switch (first) {
            case "--version", "-V", "version" -> well("walsafe " + version() + "\n");
            case "--help", "-h" -> well(page("help"));
            case "help" -> help(rest);
            default -> command(first, rest);
        };
    }

    private static Command.Outcome help(List<String> topics) throws UsageException {
        return well(topics.isEmpty() ? page("help") : page(known(topics.get(0))));
    }

    private Command.Outcome command(String name, List<String> arguments) throws UsageException {
        Command command = create(known(name));
        int end = arguments.indexOf("--");
        List<String> options = end < 0 ? arguments : arguments.subList(0, end);
        if (options.contains("--help") || options.contains("-h")) return well(page(name));
        return command.run(Arguments.parse(arguments, command.options()), terminal);
    }

    private static String known(String name) throws UsageException {
        if (COMMANDS.contains(name)) return name;
        if (name.indexOf('/') >= 0 || name.indexOf('.') > 0) {
            throw new UsageException("Say what to do with it: walsafe doctor " + Shell.quote(name));
        }
        String hint = Suggestion.of(name, COMMANDS);
        throw new UsageException("There is no command \"" + name + "\"."
                + (hint.isEmpty() ? " There are: " + String.join(", ", COMMANDS) + "." : hint));
    }

    /** Only the command that is asked for is loaded. */
    static Command create(String name) {
        return switch (name) {
            case "doctor" -> new DoctorCommand();
            case "who" -> new WhoCommand();
            case "copy" -> new CopyCommand();
            case "convert" -> new ConvertCommand();
            case "torture" -> new TortureCommand();
            default -> new ExplainCommand();
        };
    }

    /** A reader that has gone ({@code walsafe … | head -1}) has seen what it wanted; a full disk has not. */
    private ExitCode print(Command.Outcome outcome) {
        try {
            terminal.print(outcome.report());
        } catch (IOException failed) {
            if (Optional.ofNullable(failed.getMessage()).orElse("").contains("Broken pipe")) return outcome.code();
            terminal.complain(Visible.text("walsafe: The report could not be written: " + failed.getMessage()));
            return ExitCode.INTERNAL;
        }
        return outcome.code();
    }

    private ExitCode confess(Throwable bug) {
        terminal.complain(Visible.text("walsafe: " + Problem.INTERNAL_ERROR.id() + " " + Problem.INTERNAL_ERROR.title()
                + ": " + bug + ". Please report this, with the output of the same command under WALSAFE_DEBUG=1."));
        if (terminal.set("WALSAFE_DEBUG")) {
            StringWriter trace = new StringWriter();
            bug.printStackTrace(new PrintWriter(trace));
            terminal.complain(trace.toString());
        }
        return ExitCode.INTERNAL;
    }

    private static Command.Outcome well(String report) {
        return new Command.Outcome(report, ExitCode.WELL);
    }

    static String version() {
        return resource("version.txt").strip();
    }

    static String page(String topic) {
        return resource(topic + ".txt");
    }

    private static String resource(String name) {
        try (InputStream in = Cli.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException(name + " is missing from the jar");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(name + " in the jar could not be read", broken);
        }
    }
}
