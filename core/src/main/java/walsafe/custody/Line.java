package walsafe.custody;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Words that become one line between the keeper and its parent: a name may hold spaces and line breaks. */
final class Line {
    private Line() {}

    static String of(Object... words) {
        return Stream.of(words)
                .map(word -> URLEncoder.encode(word.toString(), StandardCharsets.UTF_8))
                .collect(Collectors.joining(" "));
    }

    static List<String> words(String line) {
        return Arrays.stream(line.split(" ", -1))
                .map(word -> URLDecoder.decode(word, StandardCharsets.UTF_8))
                .toList();
    }

    static Path path(List<String> words, int at) {
        return Path.of(words.get(at));
    }
}
