package walsafe.finding;

import java.util.List;
import java.util.Optional;

/** The long answers, by id, code or message. */
public final class Explain {
    private Explain() {}

    /**
     * One answer.
     *
     * @param title its heading
     * @param text all of it
     */
    public record Page(String title, String text) {}

    /** The page about a problem's id. */
    public static Optional<Page> of(String query) {
        return Problem.of(query.strip())
                .map(problem -> new Page(problem.title(), problem.id() + " " + problem.title()));
    }

    /** Every page's title, a line each. */
    public static String index() {
        StringBuilder index = new StringBuilder();
        for (Problem problem : Problem.values()) {
            index.append(problem.id()).append("  ").append(problem.title()).append('\n');
        }
        return index.toString();
    }

    /** Ids that look like the query. */
    public static List<String> suggestions(String query) {
        return List.of();
    }
}
