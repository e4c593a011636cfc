package walsafe.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import walsafe.finding.Finding;
import walsafe.transfer.Copied;

/** The report of {@code walsafe copy} for scripts; {@code docs/guide/json.md} describes it. */
record CopyJson(
        int schemaVersion,
        String command,
        String walsafe,
        int exitCode,
        String headline,
        String target,
        Optional<Made> copied,
        List<FindingJson> findings) {

    /** What was made, if it was. */
    record Made(
            String source,
            long pages,
            int pageSizeBytes,
            boolean wal,
            int restarts,
            long longestLockMillis,
            long tookMillis) {}

    static String of(Copied copied) {
        Made made = new Made(
                copied.source().toString(),
                copied.pages(),
                copied.pageSizeBytes(),
                copied.wal(),
                copied.restarts(),
                copied.longestLock().toMillis(),
                copied.took().toMillis());
        return write(ExitCode.WELL, CopyText.headline(copied), copied.target(), Optional.of(made), List.of());
    }

    static String of(Finding finding, Path target, ExitCode code) {
        String headline = CopyText.headline(finding, target);
        return write(code, headline, target, Optional.empty(), List.of(FindingJson.of(finding)));
    }

    private static String write(
            ExitCode code, String headline, Path target, Optional<Made> made, List<FindingJson> findings) {
        return Json.write(new CopyJson(
                Json.SCHEMA_VERSION,
                "copy",
                Cli.version(),
                code.number(),
                headline,
                target.toString(),
                made,
                findings));
    }
}
