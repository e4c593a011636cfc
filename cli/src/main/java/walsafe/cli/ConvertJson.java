package walsafe.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import walsafe.facts.Facts;
import walsafe.facts.Target;
import walsafe.transfer.Converted;
import walsafe.transfer.JournalMode;

/** The report of {@code walsafe convert} for scripts; {@code docs/guide/json.md} describes it. */
record ConvertJson(
        int schemaVersion,
        String command,
        String walsafe,
        int exitCode,
        String headline,
        Target target,
        JournalMode to,
        boolean changed,
        long frames,
        long framesLeft,
        Optional<String> kept,
        List<String> notes,
        Optional<FindingJson> refusal) {
    static String of(Facts facts, JournalMode mode, Conversed said) {
        Optional<Converted> result = said.result();
        return Json.write(new ConvertJson(
                Json.SCHEMA_VERSION,
                "convert",
                Cli.version(),
                said.code().number(),
                ConvertText.headline(facts, mode, said),
                facts.target(),
                mode,
                result.map(Converted::changed).orElse(false),
                result.map(Converted::frames).orElse(0L),
                result.map(Converted::framesLeft).orElse(0L),
                result.flatMap(Converted::kept).map(Path::toString),
                result.map(Converted::notes).orElse(List.of()),
                said.refusal().map(FindingJson::of)));
    }
}
