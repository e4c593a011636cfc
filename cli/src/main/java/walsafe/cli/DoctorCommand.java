package walsafe.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import walsafe.facts.Facts;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.probe.Budget;
import walsafe.probe.Encounters;
import walsafe.probe.Memory;
import walsafe.probe.Probe;

/** {@code walsafe doctor PATH}: is SQLite safe here, in which mode, why, and what to do. */
final class DoctorCommand implements Command {
    private static final Option DURABILITY =
            Option.choice("--durability", "keep-every-commit", "may-lose-last-commits");
    private static final Option PRAGMA = Option.values("--pragma");
    private static final Option PROBE = Option.choice("--probe", "none", "glance", "torture");
    private static final Option FACTS = Option.value("--facts");
    private static final Option REDACT = Option.flag("--redact");

    @Override
    public List<Option> options() {
        return List.of(Option.SHARING, DURABILITY, PRAGMA, PROBE, FACTS, Option.TIMEOUT, REDACT, Option.FORMAT);
    }

    @Override
    public Outcome run(Arguments arguments, Terminal terminal) throws UsageException {
        Intent intent = intent(arguments);
        Facts seen = facts(arguments, terminal);
        Facts facts = arguments.has(REDACT.name()) ? seen.redacted() : seen;
        Diagnosis diagnosis = Diagnosis.of(facts, intent);
        return new Outcome(report(diagnosis, arguments, terminal), ExitCode.of(diagnosis.verdict()));
    }

    private static String report(Diagnosis diagnosis, Arguments arguments, Terminal terminal) {
        return arguments.json() ? DoctorJson.of(diagnosis) : DoctorText.of(diagnosis, terminal.ink());
    }

    private static Facts facts(Arguments arguments, Terminal terminal) throws UsageException {
        Optional<String> replay = arguments.value(FACTS.name());
        if (replay.isEmpty())
            return Encounters.ofThisUser()
                    .remembered(tried(
                            Settled.facts(Facts.gather(OnePath.of("doctor", arguments), Patience.of(arguments))),
                            arguments));
        if (!arguments.words().isEmpty()) {
            throw new UsageException("--facts replays an earlier report; leave out the path "
                    + arguments.words().get(0) + ".");
        }
        if (probing(arguments) != Intent.Probing.NONE) {
            throw new UsageException(
                    "--probe tries the place itself, and --facts replays what was seen of another; leave"
                            + " one of them out.");
        }
        return FactsFile.read(replay.get(), terminal.in());
    }

    /** Asked for by name, so it is tried now, whatever is remembered; the next opening remembers this. */
    private static Facts tried(Facts facts, Arguments arguments) {
        return switch (probing(arguments)) {
            case NONE -> facts;
            case GLANCE -> Probe.anew(facts, Budget.GLANCE, Memory.ofThisUser());
            case TORTURE -> Probe.anew(facts, Budget.TORTURE, Memory.ofThisUser());
        };
    }

    private static Intent intent(Arguments arguments) throws UsageException {
        Intent intent = Intent.DEFAULT
                .with(Option.sharing(arguments))
                .with(durability(arguments))
                .with(probing(arguments));
        for (String wish : arguments.values(PRAGMA.name())) {
            String[] parts = wish.split("=", 2);
            if (parts.length < 2 || parts[0].isBlank() || parts[1].isBlank()) {
                throw new UsageException(
                        "--pragma takes NAME=VALUE, for example journal_mode=wal, and was \"" + wish + "\".");
            }
            intent = intent.wishing(lower(parts[0]), lower(parts[1]));
        }
        return intent;
    }

    private static String lower(String word) {
        return word.strip().toLowerCase(Locale.ROOT);
    }

    private static Intent.Durability durability(Arguments arguments) {
        return arguments.value(DURABILITY.name()).equals(Optional.of("may-lose-last-commits"))
                ? Intent.Durability.MAY_LOSE_LAST_COMMITS
                : Intent.Durability.KEEP_EVERY_COMMIT;
    }

    private static Intent.Probing probing(Arguments arguments) {
        return Intent.Probing.valueOf(
                arguments.value(PROBE.name()).orElse("none").toUpperCase(Locale.ROOT));
    }
}
