package walsafe.finding;

/**
 * What is asked about letters of SQLite's own words, which are ASCII. Not {@code String.toLowerCase}: it depends on
 * tables that a starting JVM would have to load, and may change the length of a text.
 */
final class Letters {
    private Letters() {}

    static String lower(String text) {
        char[] letters = text.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            if (letters[i] >= 'A' && letters[i] <= 'Z') letters[i] = (char) (letters[i] - 'A' + 'a');
        }
        return new String(letters);
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** A letter, digit or underscore: what names such as {@code sqlite_busy} are made of. */
    static boolean isOfName(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || isDigit(c);
    }

    /** The name that begins at a place of the text; empty if none does. */
    static String nameAt(String text, int start) {
        int end = start;
        while (end < text.length() && isOfName(text.charAt(end))) end++;
        return text.substring(start, end);
    }
}
