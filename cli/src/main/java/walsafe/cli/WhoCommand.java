package walsafe.cli;

import java.util.List;
import java.util.Optional;
import walsafe.facts.Facts;
import walsafe.facts.Target;

/** {@code walsafe who PATH}: which processes have the database open, with which locks and which SQLite. */
final class WhoCommand implements Command {
    @Override
    public List<Option> options() {
        return List.of(Option.TIMEOUT, Option.FORMAT);
    }

    @Override
    public Outcome run(Arguments arguments, Terminal terminal) throws UsageException {
        String path = DoctorCommand.onePath("who", arguments.words());
        Facts facts = Facts.gather(path, Patience.of(arguments));
        boolean json = arguments.value(Option.FORMAT.name()).equals(Optional.of("json"));
        String report = json ? WhoJson.of(facts) : WhoText.of(facts, terminal.ink());
        return new Outcome(report, looked(facts) ? ExitCode.WELL : ExitCode.UNKNOWN);
    }

    /** Could it be looked at all. A database in memory belongs to one process by its nature, so there the answer is known. */
    static boolean looked(Facts facts) {
        return facts.neighbours().looked() || facts.target().state() == Target.State.MEMORY;
    }
}
