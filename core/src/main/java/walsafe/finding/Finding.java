package walsafe.finding;

import java.util.List;
import walsafe.words.Visible;

/**
 * One trouble: what it is, where, what was seen, what to do.
 *
 * @param problem the kind of trouble
 * @param where the thing it concerns, most often a path
 * @param seen what was observed, with its numbers and the other party's name
 * @param remedy what to do about it
 */
public record Finding(Problem problem, String where, String seen, Remedy remedy) {
    public Finding(Problem problem, String where, String seen, String advice, String... commands) {
        this(problem, where, seen, new Remedy(advice, List.of(commands)));
    }

    public Weight weight() {
        return problem.weight();
    }

    /** One line: {@code WS301 A reader keeps …: /srv/shop.db: 4.2 GiB of WAL. Do: close that reader.} */
    @Override
    public String toString() {
        String line = "%s %s: %s: %s. Do: %s".formatted(problem.id(), problem.title(), where, seen, remedy.advice());
        return Visible.line(line); // names come from anybody, and this goes to logs and terminals
    }
}
