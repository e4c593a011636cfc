package walsafe.cli;

import java.util.List;
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
        String path = OnePath.of("who", arguments);
        Facts facts = Settled.facts(Facts.gather(path, Patience.of(arguments)));
        String report = arguments.json() ? WhoJson.of(facts) : WhoText.of(facts, terminal.ink());
        return new Outcome(report, looked(facts) ? ExitCode.WELL : ExitCode.UNKNOWN);
    }

    /** Could it be looked at all. A database in memory belongs to one process by its nature, so there the answer is known. */
    static boolean looked(Facts facts) {
        return facts.neighbours().looked() || facts.target().state() == Target.State.MEMORY;
    }
}
