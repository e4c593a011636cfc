package walsafe.cli;

import walsafe.facts.Facts;
import walsafe.facts.Neighbours;
import walsafe.facts.Target;

/** The report of {@code walsafe who} for scripts; {@code docs/guide/json.md} describes it. */
record WhoJson(
        int schemaVersion,
        String command,
        String walsafe,
        int exitCode,
        String headline,
        Target target,
        Neighbours neighbours) {
    static String of(Facts facts) {
        ExitCode code = WhoCommand.looked(facts) ? ExitCode.WELL : ExitCode.UNKNOWN;
        return Json.write(new WhoJson(
                Json.SCHEMA_VERSION,
                "who",
                Cli.version(),
                code.number(),
                WhoText.headline(facts),
                facts.target(),
                facts.neighbours()));
    }
}
