package walsafe.guard;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;

/** How a database without a file is opened: there is no place to know, nobody to share it with, and nothing to keep. */
final class InMemory {
    private static final String NAME = ":memory:";

    /** SQLite keeps the journal of such a database in memory whatever is asked, and there is nobody to lock out. */
    private static final Set<String> WITHOUT_A_CHOICE = Set.of("journal_mode", "locking_mode");

    private InMemory() {}

    static boolean is(Path database) {
        return database.toString().equals(NAME);
    }

    static Plan.Open plan(Map<String, String> wishes) {
        List<Pragma> pragmas = new ArrayList<>();
        List<Finding> refused = new ArrayList<>();
        pragmas.add(new Pragma("journal_mode", "memory", "a database in memory has its rollback journal there, too"));
        wishes.forEach((name, value) -> {
            if (WITHOUT_A_CHOICE.contains(name.toLowerCase(Locale.ROOT))) refused.add(noChoice(name, value));
            else pragmas.add(new Pragma(name, value, "asked for"));
        });
        return new Plan.Open(
                Mode.ROLLBACK,
                "",
                pragmas,
                List.of("it may be gone when it is closed, or when the program ends"),
                refused,
                List.of());
    }

    private static Finding noChoice(String name, String value) {
        return new Finding(
                Problem.SETTING_FORBIDDEN,
                NAME,
                name + " = " + value + " was asked for, and a database in memory has no choice there",
                Remedy.of("Leave it out, or give the database a file."));
    }
}
