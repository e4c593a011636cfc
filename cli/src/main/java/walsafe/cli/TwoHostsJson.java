package walsafe.cli;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import walsafe.peer.Card;
import walsafe.peer.Report;
import walsafe.policy.Verdict;

/** The report of two hosts for scripts; {@code docs/guide/json.md} describes it. */
record TwoHostsJson(
        int schemaVersion,
        String command,
        String walsafe,
        Verdict verdict,
        int exitCode,
        String headline,
        Report.Outcome outcome,
        String directory,
        Instant started,
        long tookMillis,
        Optional<String> met,
        HostJson here,
        Optional<HostJson> there,
        List<Report.Row> questions,
        List<Report.Trial> trials,
        List<String> conditions,
        List<String> doubts,
        boolean remembered,
        List<String> leftovers,
        List<FindingJson> findings) {

    /** What a host says of itself; what its own processes saw is under {@code questions}. */
    record HostJson(
            String name,
            Optional<String> bootId,
            boolean bootIdReplaced,
            String system,
            String filesystem,
            List<String> options,
            String sqlite) {
        static HostJson of(Card card) {
            return new HostJson(
                    card.host(),
                    card.bootId(),
                    card.bootIdReplaced(),
                    card.system(),
                    card.filesystem(),
                    card.options(),
                    card.sqlite());
        }
    }

    static String of(Report report) {
        return Json.write(new TwoHostsJson(
                Json.SCHEMA_VERSION,
                "two-hosts",
                Cli.version(),
                report.verdict(),
                ExitCode.of(report.verdict()).number(),
                report.headline(),
                report.outcome(),
                report.directory().toString(),
                report.started(),
                report.tookMillis(),
                report.met(),
                HostJson.of(report.here()),
                report.there().map(HostJson::of),
                report.rows(),
                report.trials(),
                report.conditions(),
                report.doubts(),
                report.remembered(),
                report.leftovers(),
                report.findings().stream().map(FindingJson::of).toList()));
    }
}
