package walsafe.cli;

import java.nio.charset.StandardCharsets;
import walsafe.words.Visible;

/** Writes a name so that the program it is pasted into reads it back as the same name; {@link walsafe.words.Shell} does so for a shell. */
final class Quote {
    private Quote() {}

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
}
