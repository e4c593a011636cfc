package walsafe.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.policy.Pragma;
import walsafe.policy.Sharing;
import walsafe.policy.Verdict;
import walsafe.torture.Ordeal;
import walsafe.torture.Report;
import walsafe.torture.Report.Outcome;
import walsafe.torture.Way;

/** Reports of tortures made up for the golden texts. */
final class Tortured {
    private static final Instant STARTED = Instant.parse("2026-11-20T09:00:00Z");
    private static final Report.Versions VERSIONS =
            new Report.Versions("3.54.1", "17.0.15", "Linux", "6.18.44", "amd64");

    private Tortured() {}

    static Report kept() {
        return new Report(
                ordeal("/srv", List.of(), Way.PLAN),
                STARTED,
                33_417,
                Outcome.KEPT,
                Verdict.SAFE,
                "/srv: all 4,812 acknowledged commits were kept through 31 kills, WAL as walsafe opens it on ext4"
                        + " (/dev/vda at /srv), 2 processes of this host",
                "ext4",
                Optional.of(new Report.Opened("WAL as walsafe opens it", "", true, Invented.WAL_PRAGMAS)),
                VERSIONS,
                new Report.Counts(4812, 4812, 0, 0, 0, 0, 0, 0, 33, 4, 12, 5, 33, 31, 14, 0, 1977, 240, 3),
                List.of(
                        new Report.ProcessRow(1, "/srv", 17, 16, 8, 2600, 0, 0),
                        new Report.ProcessRow(2, "/srv", 16, 15, 6, 2212, 0, 0)),
                List.of(new Report.StopRow("WRITE", 3), new Report.StopRow("CHECKPOINT", 1)),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    static Report lost() {
        String seen = "22 of 70 acknowledged commits are lost and integrity_check finds damage, WAL on overlay"
                + " (overlay at /data), 2 processes of this host";
        return new Report(
                ordeal("/data", List.of(Path.of("/var/lib/\u001b[31mupper")), Way.WAL),
                STARTED,
                11_204,
                Outcome.CONVICTED,
                Verdict.UNSAFE,
                "/data: " + seen,
                "overlay",
                Optional.of(new Report.Opened("WAL", "", false, List.of(new Pragma("journal_mode", "wal", "torture")))),
                VERSIONS,
                new Report.Counts(70, 47, 22, 1, 1, 0, 2, 1, 3, 1, 1, 0, 8, 6, 1, 1, 59, 7, 1),
                List.of(
                        new Report.ProcessRow(1, "/data", 4, 3, 1, 29, 6, 1),
                        new Report.ProcessRow(2, "/var/lib/\u001b[31mupper", 4, 3, 0, 41, 16, 0)),
                List.of(),
                List.of(new Report.ErrorRow(11, 1, "[SQLITE_CORRUPT] The database disk image is malformed", 6147)),
                List.of(new Report.Symptom(
                        "stale",
                        6,
                        2,
                        "transaction 12 of writer 1 was acknowledged to another process, and a read showed 9",
                        3026)),
                Optional.of(3026L),
                List.of("wrong # of entries in index line_number"),
                List.of("process 2 ended by itself: WorkerTask ended without an answer"),
                List.of("/data/.walsafe-torture-1/.nfs0001"),
                List.of(new Finding(
                        Problem.STORAGE_UNSAFE,
                        "/data",
                        seen,
                        Remedy.of("Put no database there.", "walsafe doctor /data"))));
    }

    private static Ordeal ordeal(String directory, List<Path> through, Way way) {
        return new Ordeal(
                Path.of(directory),
                through,
                way,
                Sharing.UNDECLARED,
                Duration.ofSeconds(30),
                2,
                4711,
                Ordeal.DISK_BYTES);
    }
}
