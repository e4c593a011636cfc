package walsafe.cli;

import java.util.ArrayList;
import java.util.List;
import walsafe.words.Visible;

/** A report in the making: sections, aligned rows and wrapped prose, no line wider than 100 columns where it can be. */
final class Paper {
    private static final int WIDTH = 100;

    private final StringBuilder text = new StringBuilder();
    private final Ink ink;

    Paper(Ink ink) {
        this.ink = ink;
    }

    Ink ink() {
        return ink;
    }

    /** A line as it is, already made visible and painted by the caller. */
    Paper line(String line) {
        text.append(line).append('\n');
        return this;
    }

    /** An empty line and a title. */
    Paper section(String title) {
        return line("").line(ink.bold(Visible.line(title)));
    }

    /** A label and, a column further right, what there is to say of it. */
    Paper row(String label, int labelWidth, String words) {
        String head = "  " + pad(Visible.line(label), labelWidth) + "  ";
        return hang(head, " ".repeat(4 + labelWidth), Visible.line(words));
    }

    /** A paragraph, indented. */
    Paper prose(int indent, String words) {
        String margin = " ".repeat(indent);
        return hang(margin, margin, Visible.line(words));
    }

    /** A line to copy: never wrapped, never painted. */
    Paper command(int indent, String command) {
        return line(" ".repeat(indent) + Visible.line(command));
    }

    private Paper hang(String first, String others, String words) {
        String margin = first;
        for (String line : wrap(words, WIDTH - others.length(), WIDTH - first.length())) {
            line((margin + line).stripTrailing());
            margin = others;
        }
        return this;
    }

    /** Breaks at spaces only: a path is more use whole than within the margin. */
    static List<String> wrap(String words, int width, int firstWidth) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : words.split(" ", -1)) {
            int room = lines.isEmpty() ? firstWidth : width;
            if (line.length() > 0 && line.length() + 1 + word.length() > room) {
                lines.add(line.toString());
                line.setLength(0);
            }
            if (line.length() > 0) line.append(' ');
            line.append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static String pad(String label, int width) {
        return label + " ".repeat(Math.max(0, width - label.length()));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
