package walsafe.cli;

import java.util.Optional;
import walsafe.finding.Finding;
import walsafe.transfer.Converted;

/** How an attempt to convert ended: either with a result, or with the finding that forbade it. */
record Conversed(ExitCode code, Optional<Converted> result, Optional<Finding> refusal) {
    static Conversed of(Converted result) {
        return new Conversed(ExitCode.WELL, Optional.of(result), Optional.empty());
    }

    static Conversed of(ExitCode code, Finding refusal) {
        return new Conversed(code, Optional.empty(), Optional.of(refusal));
    }

    String verdict() {
        if (refusal.isPresent()) return code == ExitCode.DAMAGED ? "DAMAGED" : "NOT CONVERTED";
        return result.orElseThrow().changed() ? "CONVERTED" : "ALREADY SO";
    }
}
