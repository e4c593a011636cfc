package walsafe.cli;

import java.util.List;
import java.util.Optional;
import walsafe.facts.Facts;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;
import walsafe.policy.Reason;
import walsafe.policy.Verdict;

/** The doctor's report for scripts; {@code docs/guide/json.md} describes it. */
record DoctorJson(
        int schemaVersion,
        String command,
        String walsafe,
        Verdict verdict,
        int exitCode,
        String headline,
        Intent intent,
        Optional<PlanJson> plan,
        List<Diagnosis.Alternative> alternatives,
        List<FindingJson> findings,
        Facts facts) {

    /** {@code open} tells the two kinds apart; what the other kind has is null or empty. */
    record PlanJson(
            boolean open,
            Optional<Mode> mode,
            String vfs,
            List<Pragma> pragmas,
            List<String> conditions,
            List<FindingJson> warnings,
            Optional<FindingJson> refusal,
            List<Reason> reasons) {

        static PlanJson of(Plan plan) {
            if (plan instanceof Plan.Open open) return of(open);
            return of((Plan.Refuse) plan);
        }

        private static PlanJson of(Plan.Open plan) {
            return new PlanJson(
                    true,
                    Optional.of(plan.mode()),
                    plan.vfs(),
                    plan.pragmas(),
                    plan.conditions(),
                    plan.warnings().stream().map(FindingJson::of).toList(),
                    Optional.empty(),
                    plan.reasons());
        }

        private static PlanJson of(Plan.Refuse plan) {
            return new PlanJson(
                    false,
                    Optional.empty(),
                    "",
                    List.of(),
                    List.of(),
                    List.of(),
                    Optional.of(FindingJson.of(plan.finding())),
                    plan.reasons());
        }
    }

    static String of(Diagnosis diagnosis) {
        return Json.write(new DoctorJson(
                Json.SCHEMA_VERSION,
                "doctor",
                Cli.version(),
                diagnosis.verdict(),
                ExitCode.of(diagnosis.verdict()).number(),
                diagnosis.headline(),
                diagnosis.intent(),
                diagnosis.plan().map(PlanJson::of),
                diagnosis.alternatives(),
                diagnosis.findings().stream().map(FindingJson::of).toList(),
                diagnosis.facts()));
    }
}
