package walsafe.policy;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Why some modes are out of the question.
 *
 * @param rule the rule that spoke, for example {@code wal-needs-shared-memory}
 * @param forbids what it struck out
 * @param because the fact it spoke about, quoted: a clause without a full stop
 * @param source where that fact comes from
 * @param known false if the rule forbids only because something could not be told
 */
public record Reason(String rule, Set<Mode> forbids, String because, String source, boolean known) {
    public Reason {
        Set<Mode> ordered = EnumSet.noneOf(Mode.class);
        ordered.addAll(forbids);
        forbids = Collections.unmodifiableSet(ordered);
    }
}
