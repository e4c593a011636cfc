package walsafe.cli;

import java.nio.charset.StandardCharsets;

/** Writes a name so that the thing it is pasted into reads it back as the same name. */
final class Quote {
    private Quote() {}

    /** For a POSIX shell. A leading dash gets a {@code ./} in front, control characters need {@code $'…'}. */
    static String shell(String word) {
        String safe = word.startsWith("-") ? "./" + word : word;
        if (!safe.isEmpty() && safe.chars().allMatch(Quote::plainInShell)) return safe;
        if (safe.equals(Visible.line(safe))) return "'" + safe.replace("'", "'\\''") + "'";
        StringBuilder quoted = new StringBuilder("$'");
        for (byte octet : safe.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet != 127 && octet != '\'' && octet != '\\') quoted.append((char) octet);
            else quoted.append(String.format("\\%03o", octet & 0xff));
        }
        return quoted.append('\'').toString();
    }

    /** A string literal that Java, JavaScript and Python read alike. */
    static String literal(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') quoted.append('\\').appendCodePoint(point);
            else if (point > 0xffff || Visible.harmless(point)) quoted.appendCodePoint(point);
            else quoted.append(String.format("\\u%04x", point));
        });
        return quoted.append('"').toString();
    }

    /** A {@code file:} URI of an absolute path (sqlite.org/uri.html, 3.1): everything but plain letters is escaped. */
    static String uri(String path) {
        StringBuilder uri = new StringBuilder("file:");
        for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
            if (octet > ' ' && "?#%;&\"'\\`$".indexOf(octet) < 0 && octet != 127) uri.append((char) octet);
            else uri.append(String.format("%%%02X", octet & 0xff));
        }
        return uri.toString();
    }

    private static boolean plainInShell(int c) {
        return c > 127 ? Character.isLetterOrDigit(c) : Character.isLetterOrDigit(c) || "/._-+,:@=".indexOf(c) >= 0;
    }
}
