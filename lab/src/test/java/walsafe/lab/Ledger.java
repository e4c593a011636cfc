package walsafe.lab;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the writers were told is kept, held against what a third party finds. Nothing of it is in the database: {@code
 * integrity_check} says ok about rows that are gone.
 */
final class Ledger {
    private final Set<String> acknowledged = new TreeSet<>();

    /** Takes down every {@code ack HOST NUMBER}. */
    Ledger hear(Outcome writer) {
        acknowledged.addAll(told(writer, "ack "));
        return this;
    }

    /** Rows that were there from the beginning. */
    Ledger hear(String host, int rows) {
        for (int number = 1; number <= rows; number++) acknowledged.add(host + " " + number);
        return this;
    }

    int size() {
        return acknowledged.size();
    }

    /** The acknowledged rows that a count does not have. */
    Set<String> missingFrom(Outcome count) {
        Set<String> missing = new TreeSet<>(acknowledged);
        missing.removeAll(told(count, "row "));
        return missing;
    }

    private static List<String> told(Outcome outcome, String prefix) {
        return outcome.lines().stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .collect(Collectors.toList());
    }
}
