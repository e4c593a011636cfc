package walsafe.facts;

import java.util.ArrayList;
import java.util.List;
import walsafe.facts.Answer.Verdict;

/**
 * A row of {@code answers.tsv}.
 *
 * @param options the mount options under which it holds, any of them; empty for the answer that holds by default
 * @param within does it speak of openers in one coherence domain, or across several
 */
record KnownAnswer(List<String> options, boolean within, Question question, Answer answer) {
    KnownAnswer {
        options = List.copyOf(options);
    }

    /** From the eight columns: filesystem, os, option, scope, question, verdict, because, source. */
    static KnownAnswer of(String[] cells) {
        return new KnownAnswer(
                options(cells[2]),
                within(cells[3]),
                Question.valueOf(cells[4]),
                new Answer(Verdict.valueOf(cells[5]), cells[6], cells[7]));
    }

    /** The rows of one filesystem, none of those that it may borrow. */
    static List<KnownAnswer> about(String system, String filesystem) {
        List<KnownAnswer> rows = new ArrayList<>();
        for (String[] cells : KnowledgeTable.ANSWERS.about(system, filesystem)) rows.add(of(cells));
        return rows;
    }

    boolean isDefault() {
        return options.isEmpty();
    }

    boolean holdsOn(Mount mount) {
        for (String option : options) {
            if (has(mount, option)) return true;
        }
        return false;
    }

    /** Does one of those answer the same question in the same scope under the same options? */
    boolean hasItsPlaceTakenIn(List<KnownAnswer> rows) {
        for (KnownAnswer row : rows) {
            if (row.question == question && row.within == within && row.options.equals(options)) return true;
        }
        return false;
    }

    private static boolean has(Mount mount, String option) {
        if (!option.endsWith("*")) return mount.has(option);
        String prefix = option.substring(0, option.length() - 1);
        return anyStartsWith(mount.options(), prefix) || anyStartsWith(mount.superOptions(), prefix);
    }

    private static boolean anyStartsWith(List<String> options, String prefix) {
        for (String option : options) {
            if (option.startsWith(prefix)) return true;
        }
        return false;
    }

    private static List<String> options(String cell) {
        return cell.isEmpty() ? List.of() : List.of(cell.split("\\|", -1));
    }

    private static boolean within(String cell) {
        return switch (cell) {
            case "within" -> true;
            case "across" -> false;
            default -> throw new IllegalArgumentException("scope must be within or across, was " + cell);
        };
    }
}
