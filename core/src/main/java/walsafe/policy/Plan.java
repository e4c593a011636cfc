package walsafe.policy;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import walsafe.finding.Finding;

/** What to do with a database: either it can be opened in some mode, or it must not be opened here. */
public sealed interface Plan {
    /** Every rule that forbade something, in the order of the rules. */
    List<Reason> reasons();

    /** Why nothing bolder was chosen: one reason for each mode that is bolder, of those that one might have hoped for. */
    List<Objection> objections();

    /** The plan as a person would tell it, several lines. */
    String explain();

    /**
     * Open it so.
     *
     * @param mode the boldest mode that no rule forbids
     * @param vfs the VFS to open with: {@code unix-dotfile}, or empty for SQLite's default
     * @param pragmas in the order they are to be run, each to be read back afterwards
     * @param conditions what has to be true and could not be proved, a clause each; the plan holds only if they do
     * @param warnings what this plan cannot make good
     */
    record Open(
            Mode mode,
            String vfs,
            List<Pragma> pragmas,
            List<String> conditions,
            List<Finding> warnings,
            List<Reason> reasons)
            implements Plan {
        public Open {
            pragmas = List.copyOf(pragmas);
            conditions = List.copyOf(conditions);
            warnings = List.copyOf(warnings);
            reasons = List.copyOf(reasons);
        }

        @Override
        public List<Objection> objections() {
            Set<Mode> bolder = EnumSet.allOf(Mode.class);
            bolder.removeIf(other -> other.compareTo(mode) <= 0);
            return Objection.to(bolder, reasons);
        }

        @Override
        public String explain() {
            return Explanation.of(this);
        }
    }

    /**
     * Do not open it.
     *
     * @param finding what is wrong, and where to turn instead
     */
    record Refuse(Finding finding, List<Reason> reasons) implements Plan {
        public Refuse {
            reasons = List.copyOf(reasons);
        }

        @Override
        public List<Objection> objections() {
            boolean writable =
                    reasons.stream().noneMatch(reason -> reason.rule().equals(Policy.WRITABLE_PLACE));
            Set<Mode> hopedFor = EnumSet.allOf(Mode.class);
            if (writable) hopedFor.remove(Mode.READ_ONLY);
            return Objection.to(hopedFor, reasons);
        }

        @Override
        public String explain() {
            return Explanation.of(this);
        }
    }
}
