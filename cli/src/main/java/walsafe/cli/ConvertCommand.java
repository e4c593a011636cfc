package walsafe.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import walsafe.facts.Facts;
import walsafe.facts.Target;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.policy.Intent;
import walsafe.transfer.Conversion;
import walsafe.transfer.JournalMode;
import walsafe.words.Visible;

/** {@code walsafe convert PATH --to MODE}: changes the journal mode, and nothing while somebody has it open. */
final class ConvertCommand implements Command {
    private static final Option TO = Option.choice("--to", "wal", "delete", "truncate");
    private static final Set<Problem> UNSAFE =
            Set.of(Problem.STORAGE_UNSAFE, Problem.STORAGE_UNKNOWN, Problem.MODE_UNSAFE_HERE);
    private static final Set<Target.State> MISSING = Set.of(Target.State.MISSING, Target.State.NO_DIRECTORY);
    private static final Set<Target.State> UNSEEN = Set.of(Target.State.SILENT, Target.State.FORBIDDEN);
    private static final Set<Problem> DAMAGED =
            Set.of(Problem.NOT_A_DATABASE, Problem.HEADER_IMPOSSIBLE, Problem.SIZE_DISAGREES, Problem.NOT_PROVED);

    @Override
    public List<Option> options() {
        return List.of(TO, Option.SHARING, Option.TIMEOUT, Option.FORMAT);
    }

    @Override
    public Outcome run(Arguments arguments, Terminal terminal) throws UsageException {
        String path = OnePath.of("convert", arguments);
        JournalMode mode = mode(arguments);
        Facts facts = Facts.gather(path, Patience.of(arguments));
        if (MISSING.contains(facts.target().state()))
            throw new UsageException("There is no file " + named(facts) + ".");
        Conversed said = said(facts, mode, Intent.DEFAULT.with(Option.sharing(arguments)), terminal);
        String report = arguments.json()
                ? ConvertJson.of(facts, mode, said)
                : ConvertText.of(facts, mode, said, terminal.ink());
        return new Outcome(report, said.code());
    }

    private static String named(Facts facts) {
        return facts.target().database().orElse(facts.target().asked());
    }

    private static JournalMode mode(Arguments arguments) throws UsageException {
        Optional<String> asked = arguments.value(TO.name());
        return Stream.of(JournalMode.values())
                .filter(mode -> asked.equals(Optional.of(mode.words())))
                .findFirst()
                .orElseThrow(
                        () -> new UsageException("Into which mode? For example: walsafe convert my.db --to truncate"));
    }

    private static Conversed said(Facts facts, JournalMode mode, Intent intent, Terminal terminal) {
        try (ProgressLine line = ProgressLine.on(terminal)) {
            return Conversed.of(Conversion.convert(facts, mode, intent, step -> line.show("%s", Visible.line(step))));
        } catch (WalsafeException refused) {
            return Conversed.of(code(refused.finding().problem(), facts), refused.finding());
        } catch (SQLException | IOException broken) {
            return Conversed.of(
                    ExitCode.BLOCKED,
                    new Finding(
                            Problem.COULD_NOT_LOOK,
                            facts.target().asked(),
                            String.valueOf(broken.getMessage()),
                            Remedy.of(
                                    "The database is whole, in its old mode or the new. See what stands in the way, and"
                                            + " run the command again.")));
        }
    }

    private static ExitCode code(Problem problem, Facts facts) {
        if (UNSEEN.contains(facts.target().state())) return ExitCode.UNKNOWN;
        if (facts.target().state() != Target.State.FILE) return ExitCode.BLOCKED;
        if (UNSAFE.contains(problem)) return ExitCode.UNSAFE;
        return DAMAGED.contains(problem) ? ExitCode.DAMAGED : ExitCode.BLOCKED;
    }
}
