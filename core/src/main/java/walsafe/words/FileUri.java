package walsafe.words;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A file's name as a URI (sqlite.org/uri.html, 3.1): without this a {@code ?} in it would begin the parameters. */
public final class FileUri {
    private FileUri() {}

    /** {@code file:} and the absolute path, no parameters. */
    public static String of(Path file) {
        var text = new StringBuilder("file:");
        for (byte b : file.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "/._-+,:@".indexOf(c) >= 0);
            text.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return text.toString();
    }
}
