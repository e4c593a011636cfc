package walsafe.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import walsafe.policy.Sharing;
import walsafe.policy.Verdict;
import walsafe.torture.Ordeal;
import walsafe.torture.Report;
import walsafe.torture.Way;

/** The report of {@code walsafe torture} for scripts; {@code docs/guide/json.md} describes it. */
record TortureJson(
        int schemaVersion,
        String command,
        String walsafe,
        Verdict verdict,
        int exitCode,
        String headline,
        Report.Outcome outcome,
        OrdealJson ordeal,
        Instant started,
        long tookMillis,
        String filesystem,
        Optional<Report.Opened> opened,
        Report.Versions versions,
        Report.Counts counts,
        List<Report.ProcessRow> processes,
        List<Report.StopRow> stops,
        List<Report.ErrorRow> errors,
        List<Report.Symptom> symptoms,
        Optional<Long> firstSymptomMillis,
        List<String> integrity,
        List<String> doubts,
        List<String> leftovers,
        List<FindingJson> findings) {

    /** What was asked for. */
    record OrdealJson(
            String directory,
            List<String> through,
            Way mode,
            Sharing sharing,
            long seconds,
            int processes,
            long seed,
            long diskBytes) {
        static OrdealJson of(Ordeal ordeal) {
            return new OrdealJson(
                    ordeal.directory().toString(),
                    ordeal.through().stream().map(Path::toString).toList(),
                    ordeal.way(),
                    ordeal.sharing(),
                    ordeal.time().toSeconds(),
                    ordeal.processes(),
                    ordeal.seed(),
                    ordeal.diskBytes());
        }
    }

    static String of(Report report) {
        return Json.write(new TortureJson(
                Json.SCHEMA_VERSION,
                "torture",
                Cli.version(),
                report.verdict(),
                ExitCode.of(report.verdict()).number(),
                report.headline(),
                report.outcome(),
                OrdealJson.of(report.ordeal()),
                report.started(),
                report.tookMillis(),
                report.filesystem(),
                report.opened(),
                report.versions(),
                report.counts(),
                report.processes(),
                report.stops(),
                report.errors(),
                report.symptoms(),
                report.firstSymptomMillis(),
                report.integrity(),
                report.doubts(),
                report.leftovers(),
                report.findings().stream().map(FindingJson::of).toList()));
    }
}
