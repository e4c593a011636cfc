package walsafe.torture;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a process of a torture has to know, whether it works or counts; told in a line.
 *
 * @param writer its number as a writer
 * @param reader does it mostly read
 */
record Spec(int writer, long seed, boolean reader, long diskBytes, Path database, Path libraries, Means means) {
    String told() {
        return "work " + writer + " " + seed + " " + reader + " " + diskBytes + " " + word(database) + " "
                + word(libraries) + " " + means.told();
    }

    static Spec heard(String told) {
        String[] words = told.split(" ", 8);
        return new Spec(
                Integer.parseInt(words[1]),
                Long.parseLong(words[2]),
                Boolean.parseBoolean(words[3]),
                Long.parseLong(words[4]),
                path(words[5]),
                path(words[6]),
                Means.heard(words[7]));
    }

    /** A name as one word of a line, whatever is in it. */
    private static String word(Path path) {
        return URLEncoder.encode(path.toString(), StandardCharsets.UTF_8);
    }

    private static Path path(String word) {
        return Path.of(URLDecoder.decode(word, StandardCharsets.UTF_8));
    }
}
