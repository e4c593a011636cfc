package walsafe.words;

/**
 * Makes text harmless for a terminal. File names, command lines and replayed facts come from anybody: an escape sequence
 * in one could repaint the verdict, a bidirectional override could turn a path around.
 */
public final class Visible {
    private Visible() {}

    /** One line: control characters are written as escapes, {@code \n} and {@code \}{@code u001b}. */
    public static String line(String text) {
        return escape(text, false);
    }

    /** The same, but keeps line breaks. */
    public static String text(String text) {
        return escape(text, true);
    }

    private static String escape(String text, boolean keepBreaks) {
        StringBuilder shown = new StringBuilder(text.length());
        int point;
        for (int i = 0; i < text.length(); i += Character.charCount(point)) {
            point = text.codePointAt(i);
            if (point == '\n') shown.append(keepBreaks ? "\n" : "\\n");
            else if (harmless(point)) shown.appendCodePoint(point);
            else shown.append(String.format(point > 0xffff ? "\\U%08x" : "\\u%04x", point));
        }
        return shown.toString();
    }

    /** Would it stay as it is? */
    public static boolean isVisible(String text) {
        return text.codePoints().allMatch(Visible::harmless);
    }

    /** Is it no control, format or line-breaking character, and no half of a pair? */
    public static boolean harmless(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
