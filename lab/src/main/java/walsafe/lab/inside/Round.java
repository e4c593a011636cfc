package walsafe.lab.inside;

import java.nio.file.Path;
import java.util.stream.Collectors;
import walsafe.facts.Facts;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Plan;

/** A doctor's round: {@code PATH…}, and for each a line of path, filesystem, verdict, mode and findings, parted by tabs. */
public final class Round {
    private Round() {}

    public static void main(String[] paths) {
        for (String path : paths) {
            Facts facts = Facts.gather(Path.of(path));
            Diagnosis diagnosis = Diagnosis.of(facts, Intent.DEFAULT);
            String mode = diagnosis
                    .plan()
                    .map(plan -> plan instanceof Plan.Open open ? open.mode().name() : "REFUSE")
                    .orElse("-");
            String findings = diagnosis.findings().stream()
                    .map(finding -> finding.problem().id())
                    .distinct()
                    .collect(Collectors.joining(" "));
            System.out.println(String.join(
                    "\t",
                    path,
                    facts.storage().filesystem(),
                    diagnosis.verdict().name(),
                    mode,
                    findings));
        }
    }
}
