package walsafe.lab;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which commits were acknowledged to the host between two power cuts, and when. It lies outside of the kernel whose power is
 * cut: an acknowledgement that did not leave it in time is not counted, and none is invented.
 */
final class PowerLedger {
    private final Map<Integer, TreeMap<Integer, Long>> nanosByNumber = new TreeMap<>();

    /** Takes down an acknowledgement {@code PLACE_NUMBER} that came in at that time. */
    synchronized void hear(String told, long nanos) {
        int parting = told.indexOf('_');
        int place = Integer.parseInt(told.substring(0, parting));
        int number = Integer.parseInt(told.substring(parting + 1));
        nanosByNumber.computeIfAbsent(place, any -> new TreeMap<>()).put(number, nanos);
    }

    /**
     * What became of one database.
     *
     * @param acknowledged commits
     * @param lost of these, the ones whose row was not found
     * @param age of the oldest of these when the power was cut; zero if none was lost
     * @param damaged what was wrong with what was found; empty if it is as the database was after some commit
     * @param refused what walsafe said instead of opening it
     */
    record Loss(int acknowledged, int lost, Duration age, Optional<String> damaged, Optional<String> refused) {}

    /** @param counted how it was opened, integrity, number of wrong rows, the rows' numbers, parted by tabs */
    synchronized Loss held(int place, String counted, long cutNanos) {
        String[] told = counted.split("\t", -1);
        Set<Integer> found = new TreeSet<>();
        Stream.of(told[3].split(" ", -1))
                .filter(n -> !n.isEmpty())
                .map(Integer::valueOf)
                .forEach(found::add);
        TreeMap<Integer, Long> acknowledged = nanosByNumber.getOrDefault(place, new TreeMap<>());
        TreeMap<Integer, Long> lost = new TreeMap<>(acknowledged);
        lost.keySet().removeAll(found);
        Duration age = lost.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(cutNanos - lost.firstEntry().getValue());
        boolean opened = told[0].equals("opened") || told[0].equals("gone");
        return new Loss(
                acknowledged.size(),
                lost.size(),
                age,
                damage(told[1], told[2], found),
                opened ? Optional.empty() : Optional.of(told[0]));
    }

    /** Rows were added in order, so what is found must be the first ones. */
    private static Optional<String> damage(String integrity, String wrong, Set<Integer> found) {
        if (integrity.contains("no such table")) return Optional.empty(); // not even the first commit was kept
        if (!integrity.equals("ok")) return Optional.of(integrity);
        if (!wrong.equals("0")) return Optional.of(wrong + " rows with words that nobody wrote");
        int last = found.stream().max(Integer::compare).orElse(0);
        return found.size() == last ? Optional.empty() : Optional.of((last - found.size()) + " rows gone among others");
    }
}
