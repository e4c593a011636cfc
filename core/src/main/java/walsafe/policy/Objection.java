package walsafe.policy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What stood in the way of one or more modes: of all the reasons against a mode, the one to tell.
 *
 * @param modes the modes, that no earlier objection of the list has named
 * @param reason a reason that is known, if there is one, else the first that could not be told
 */
public record Objection(Set<Mode> modes, Reason reason) {
    /** One reason for each of the modes, boldest first; modes with the same reason share a line. */
    static List<Objection> to(Set<Mode> modes, List<Reason> reasons) {
        List<Objection> objections = new ArrayList<>();
        Set<Mode> left = EnumSet.noneOf(Mode.class);
        left.addAll(modes);
        for (boolean known : new boolean[] {true, false}) {
            for (Reason reason : reasons) {
                Set<Mode> named = EnumSet.noneOf(Mode.class);
                named.addAll(reason.forbids());
                named.retainAll(left);
                if (reason.known() != known || named.isEmpty()) continue;
                left.removeAll(named);
                objections.add(new Objection(named, reason));
            }
        }
        return List.copyOf(objections);
    }
}
