package walsafe.cli;

import java.util.List;
import java.util.stream.Stream;
import walsafe.policy.Sharing;

/**
 * An option that a command takes.
 *
 * @param name with its dashes
 * @param valued does a value follow
 * @param repeatable may it be given more than once
 * @param choices the values it takes; empty for any
 */
record Option(String name, boolean valued, boolean repeatable, List<String> choices) {
    static final Option FORMAT = choice("--format", "text", "json");
    static final Option TIMEOUT = value("--timeout");
    static final Option SHARING = choice(
            "--sharing", Sharing.THIS_PROCESS.option(), Sharing.ONE_HOST.option(), Sharing.SEVERAL_HOSTS.option());

    Option {
        choices = List.copyOf(choices);
    }

    static Option flag(String name) {
        return new Option(name, false, false, List.of());
    }

    static Option value(String name) {
        return new Option(name, true, false, List.of());
    }

    static Option values(String name) {
        return new Option(name, true, true, List.of());
    }

    static Option choice(String name, String... choices) {
        return new Option(name, true, false, List.of(choices));
    }

    /** What {@link #SHARING} says of the openers. */
    static Sharing sharing(Arguments arguments) {
        String asked = arguments.value(SHARING.name()).orElse(Sharing.UNDECLARED.option());
        return Stream.of(Sharing.values())
                .filter(sharing -> sharing.option().equals(asked))
                .findFirst()
                .orElseThrow();
    }
}
