package walsafe.lab;

import java.util.List;
import java.util.Objects;

/**
 * A line of a {@code result.tsv} about storages; {@code lab/notes/README.md} explains the columns. Nothing of it says on which
 * machine.
 *
 * @param step doctor, bare, walsafe or peer
 * @param side a or b, or both
 * @param acknowledged rows that the programs were told are kept; -1 where none were written
 * @param lost of these, by the count of a third party; -1 where none were written
 */
record Row(
        String date,
        String storage,
        String sides,
        String step,
        String side,
        String sharing,
        String filesystem,
        String says,
        String mode,
        int run,
        int acknowledged,
        int lost,
        String integrity,
        String errors) {
    static final String HEADING = String.join(
            "\t",
            "date",
            "storage",
            "sides",
            "step",
            "side",
            "sharing",
            "filesystem",
            "says",
            "mode",
            "run",
            "acknowledged",
            "lost",
            "integrity",
            "errors");

    private static final String NONE = "-";

    Row {
        for (String words :
                List.of(date, storage, sides, step, side, sharing, filesystem, says, mode, integrity, errors)) {
            if (words.isEmpty() || words.chars().anyMatch(c -> c < ' '))
                throw new IllegalArgumentException("not a cell of a table: \"" + words + "\"");
        }
        if (lost > acknowledged)
            throw new IllegalArgumentException("more rows lost than acknowledged: " + lost + " of " + acknowledged);
    }

    static Row of(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != HEADING.split("\t", -1).length)
            throw new IllegalArgumentException(cells.length + " cells in: " + line);
        return new Row(
                cells[0],
                cells[1],
                cells[2],
                cells[3],
                cells[4],
                cells[5],
                cells[6],
                cells[7],
                cells[8],
                number(cells[9]),
                number(cells[10]),
                number(cells[11]),
                cells[12],
                cells[13]);
    }

    boolean is(String someStep) {
        return step.equals(someStep);
    }

    boolean damaged() {
        return !integrity.equals("ok") && !integrity.equals(NONE);
    }

    boolean hasErrors() {
        return !errors.equals(NONE);
    }

    String line() {
        return String.join(
                "\t",
                date,
                storage,
                sides,
                step,
                side,
                sharing,
                filesystem,
                says,
                mode,
                cell(run),
                cell(acknowledged),
                cell(lost),
                integrity,
                errors);
    }

    /** What a cell holds for words that may be missing. */
    static String cell(String words) {
        return Objects.requireNonNull(words).isBlank() ? NONE : words.strip();
    }

    private static String cell(int number) {
        return number < 0 ? NONE : Integer.toString(number);
    }

    private static int number(String cell) {
        return cell.equals(NONE) ? -1 : Integer.parseInt(cell);
    }
}
