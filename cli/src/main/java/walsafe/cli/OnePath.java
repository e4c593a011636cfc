package walsafe.cli;

import java.util.List;

/** The one path that a command takes. */
final class OnePath {
    private OnePath() {}

    static String of(String command, Arguments arguments) throws UsageException {
        List<String> words = arguments.words();
        if (words.isEmpty()) throw new UsageException("Which database? For example: walsafe " + command + " my.db");
        if (words.size() > 1) {
            throw new UsageException("One path at a time; there are " + words.size() + ": " + String.join(", ", words)
                    + ". A path with spaces needs quotes.");
        }
        return readable(words.get(0));
    }

    static String readable(String path) throws UsageException {
        if (path.indexOf('\0') >= 0) throw new UsageException("A path cannot contain a NUL character.");
        // Java has already put this character where the bytes of the name were no text in this locale.
        if (path.indexOf('\ufffd') >= 0) {
            throw new UsageException(
                    "The name \"" + path + "\" holds bytes that are not UTF-8, which Java cannot pass on."
                            + " Make a symbolic link with a plain name to its directory, or rename the file while nothing has it open.");
        }
        return path;
    }
}
