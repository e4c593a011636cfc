package walsafe.finding;

/** Tells the number of a result code from the other numbers in a message: rows, pages, lines, ports. */
final class Numbers {
    /** Enough for every code of two bytes. */
    private static final int DIGITS = 5;

    /** What may stand between a number and the word that announces it. */
    private static final String BETWEEN = " :=#[\"'";

    private static final String[] ANNOUNCERS = {"code", "error", "errno", "rc"};

    private Numbers() {}

    /**
     * The number that is the whole text, or the first that is announced as a code: {@code (code 522)}, {@code Error 5:},
     * {@code errno: 11}, {@code malformed (11)}.
     *
     * @return -1 if there is none
     */
    static int code(String text) {
        int end;
        for (int start = 0; start < text.length(); start = end + 1) {
            end = start;
            while (end < text.length() && Letters.isDigit(text.charAt(end))) end++;
            if (end > start && end - start <= DIGITS && isCode(text, start, end)) {
                return Integer.parseInt(text.substring(start, end));
            }
        }
        return -1;
    }

    private static boolean isCode(String text, int start, int end) {
        if (start == 0) return end == text.length();
        if (end < text.length() && Letters.isOfName(text.charAt(end))) return false;
        if (text.charAt(start - 1) == '(') return end < text.length() && text.charAt(end) == ')';
        return isAnnounced(text, start);
    }

    private static boolean isAnnounced(String text, int start) {
        int end = start;
        while (end > 0 && BETWEEN.indexOf(text.charAt(end - 1)) >= 0) end--;
        if (end == start) return false;
        for (String announcer : ANNOUNCERS) {
            if (text.startsWith(announcer, end - announcer.length())) return true;
        }
        return false;
    }
}
