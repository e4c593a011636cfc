package walsafe.words;

import java.nio.charset.StandardCharsets;

/** Words of a command that a person will paste into a shell. */
public final class Shell {
    private Shell() {}

    /**
     * The word so that a POSIX shell reads it as one word and as nothing but a word: as it stands where that is safe,
     * else in quotes. A leading dash gets a {@code ./} in front; control characters need {@code $'…'} (POSIX.1-2024,
     * 2.2.4), since a line to copy must stay one line.
     */
    public static String quote(String word) {
        String safe = word.startsWith("-") ? "./" + word : word;
        if (!safe.isEmpty() && safe.chars().allMatch(Shell::isPlain)) return safe;
        return Visible.isVisible(safe) ? "'" + safe.replace("'", "'\\''") + "'" : inOctets(safe);
    }

    private static boolean isPlain(int letter) {
        boolean mark = letter <= 127 && "/._-+,:@=".indexOf(letter) >= 0;
        return mark || Character.isLetterOrDigit(letter);
    }

    private static String inOctets(String word) {
        StringBuilder quoted = new StringBuilder("$'");
        for (byte octet : word.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet != 127 && octet != '\'' && octet != '\\') quoted.append((char) octet);
            else quoted.append(String.format("\\%03o", octet & 0xff));
        }
        return quoted.append('\'').toString();
    }
}
