package walsafe.facts;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words that stand for names in redacted facts: {@code ~user}, {@code ~user2}, {@code ~source}. A name has one word
 * for good, and a word is its own word, so redacting twice changes nothing.
 */
final class Pseudonyms {
    /** A home's owner ends at a separator, or in running text at a space unless a separator follows the next word. */
    private static final Pattern HOME = Pattern.compile(
            "((?:/home|/Users|/media|[A-Za-z]:[\\\\/]+Users)[\\\\/]+)([^/\\\\\\s:,;()'\"]+(?: [^/\\\\:,;()'\"]+(?=[/\\\\]))?)");

    private final Map<String, String> words = new LinkedHashMap<>();
    private int users;
    private int sources;
    private int commands;

    /** The word for a user; root is no person. */
    String user(String name) {
        if (name.isEmpty() || name.equals("root") || name.startsWith("~")) return name;
        return words.computeIfAbsent(name, unknown -> numbered("~user", ++users));
    }

    /** The word for a machine. */
    String host(String name) {
        return name.isEmpty() ? name : words.computeIfAbsent(name, unknown -> "~host");
    }

    /** The word for what is mounted, if that names a server or a share; devices and types keep their names. */
    String source(String source) {
        boolean telling = source.contains("@") || source.contains(":") || source.startsWith("//");
        if (!telling && !source.startsWith("\\\\")) return source;
        return words.computeIfAbsent(source, unknown -> numbered("~source", ++sources));
    }

    /** The word for a command line. */
    String command(String command) {
        if (command.isEmpty() || command.startsWith("~")) return command;
        return words.computeIfAbsent(command, unknown -> numbered("~command", ++commands));
    }

    /** Known names where they stand as whole words, the longest first: a source may hold a user's name. Then homes. */
    String in(String text) {
        List<String> known = new ArrayList<>(words.keySet());
        known.sort(Comparator.comparingInt(String::length).reversed());
        String redacted = text;
        for (String name : known) {
            if (!redacted.contains(name)) continue;
            Pattern whole = Pattern.compile("(?<![\\w~])" + Pattern.quote(name) + "(?!\\w)");
            redacted = whole.matcher(redacted).replaceAll(Matcher.quoteReplacement(words.getOrDefault(name, "~")));
        }
        return HOME.matcher(redacted).replaceAll(home -> Matcher.quoteReplacement(home.group(1) + user(home.group(2))));
    }

    private static String numbered(String word, int number) {
        return number == 1 ? word : word + number;
    }
}
