package walsafe.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command's arguments, taken apart as POSIX and GNU programs do: {@code --name value} or {@code --name=value}, options
 * and words in any order, {@code --} before words that begin with a dash, {@code -} alone is a word.
 *
 * <p>Written by hand because a library costs more time at start than all the rest of {@code explain} together; the
 * figures are in {@code docs/decisions/0002-arguments-by-hand.md}.
 */
final class Arguments {
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final List<String> words = new ArrayList<>();

    private Arguments() {}

    static Arguments parse(List<String> arguments, List<Option> options) throws UsageException {
        Arguments parsed = new Arguments();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            if (argument.equals("--")) rest.forEachRemaining(parsed.words::add);
            else if (argument.startsWith("-") && argument.length() > 1) parsed.take(argument, rest, options);
            else parsed.words.add(argument);
        }
        return parsed;
    }

    /** The words that are no options, in order. */
    List<String> words() {
        return words;
    }

    boolean has(String option) {
        return values.containsKey(option);
    }

    Optional<String> value(String option) {
        List<String> given = values(option);
        return given.isEmpty() ? Optional.empty() : Optional.of(given.get(0));
    }

    List<String> values(String option) {
        return values.getOrDefault(option, List.of());
    }

    /** Is the answer for a script rather than for a person? */
    boolean json() {
        return value(Option.FORMAT.name()).equals(Optional.of("json"));
    }

    private void take(String argument, Iterator<String> rest, List<Option> options) throws UsageException {
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        Option option = named(name, options);
        Optional<String> attached = equals < 0 ? Optional.empty() : Optional.of(argument.substring(equals + 1));
        add(option, option.valued() ? given(option, attached, rest) : nothing(option, attached));
    }

    private static Option named(String name, List<Option> options) throws UsageException {
        for (Option option : options) {
            if (option.name().equals(name)) return option;
        }
        List<String> names = options.stream().map(Option::name).toList();
        throw new UsageException("There is no option " + name + "." + Suggestion.of(name, names)
                + " A path that begins with a dash goes after --, or as ./" + name + ".");
    }

    private static String given(Option option, Optional<String> attached, Iterator<String> rest) throws UsageException {
        if (attached.isEmpty() && !rest.hasNext()) {
            throw new UsageException("The option " + option.name() + " needs a value" + oneOf(option) + ".");
        }
        String value = attached.isPresent() ? attached.get() : rest.next();
        if (!option.choices().isEmpty() && !option.choices().contains(value)) {
            throw new UsageException("The option " + option.name() + " cannot be \"" + value + "\"" + oneOf(option)
                    + "." + Suggestion.of(value, option.choices()));
        }
        return value;
    }

    private static String nothing(Option option, Optional<String> attached) throws UsageException {
        if (attached.isEmpty()) return "";
        throw new UsageException("The option " + option.name() + " takes no value.");
    }

    private static String oneOf(Option option) {
        return option.choices().isEmpty() ? "" : ": one of " + String.join(", ", option.choices());
    }

    private void add(Option option, String value) throws UsageException {
        List<String> all = values.computeIfAbsent(option.name(), name -> new ArrayList<>());
        if (!all.isEmpty() && !option.repeatable()) {
            throw new UsageException("The option " + option.name() + " is given twice.");
        }
        all.add(value);
    }
}
