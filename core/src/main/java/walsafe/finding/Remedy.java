package walsafe.finding;

import java.util.List;

/**
 * What to do about a finding.
 *
 * @param advice one or two sentences in the imperative
 * @param commands lines to copy into a shell, in order; empty where no command helps
 */
public record Remedy(String advice, List<String> commands) {
    public Remedy {
        commands = List.copyOf(commands);
    }

    public static Remedy of(String advice, String... commands) {
        return new Remedy(advice, List.of(commands));
    }
}
