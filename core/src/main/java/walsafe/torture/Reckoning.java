package walsafe.torture;

import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import walsafe.torture.Tally.Found;

/** Compares what is in the database with what the ledger says. */
final class Reckoning {
    private static final Duration PATIENCE = Duration.ofSeconds(60); // for one line of a database of some MiB

    private final Ledger ledger;
    private final Tally tally;
    private final Map<Integer, BitSet> whole = new HashMap<>();
    private final Map<Integer, Set<Integer>> half = new HashMap<>();
    private final Map<Integer, Set<Integer>> altered = new HashMap<>();
    private boolean broken;

    private Reckoning(Ledger ledger, Tally tally) {
        this.ledger = ledger;
        this.tally = tally;
    }

    /** Has the database counted, and what is found told to the tally. */
    static void of(Ledger ledger, Line.Source source, Spec spec, Tally tally) {
        Reckoning reckoning = new Reckoning(ledger, tally);
        reckoning.count(source, spec);
        reckoning.compare();
    }

    private void count(Line.Source source, Spec spec) {
        try (Line counter = source.counter()) {
            counter.tell(spec.told());
            for (String said = counter.hear(PATIENCE); !said.equals(Count.DONE); said = counter.hear(PATIENCE)) {
                take(said);
            }
        } catch (IOException e) {
            broken = true;
            tally.doubt("the rows could not be counted: " + e.getMessage());
        }
    }

    private void take(String said) {
        String[] words = said.split(" ", -1);
        switch (words[0]) {
            case "i" -> tally.integrity(said.substring(2));
            case "w" ->
                whole.computeIfAbsent(Integer.parseInt(words[1]), w -> new BitSet())
                        .set(Integer.parseInt(words[2]), Integer.parseInt(words[3]) + 1);
            case "h" -> add(half, words);
            case "a" -> add(altered, words);
            case "d" -> tally.found(process(Integer.parseInt(words[1])), Found.TWICE);
            case "l" -> {
                if (!broken) tally.found(-1, Found.HALF); // one of two tables has what the other has not
            }
            case "e" -> {
                broken = true;
                tally.doubt("the count broke off: " + said.split(" ", 3)[2]);
                tally.error(-1, Integer.parseInt(words[1]), said.split(" ", 3)[2]);
            }
            default -> throw new IllegalStateException("a counter said: " + said);
        }
    }

    private static void add(Map<Integer, Set<Integer>> set, String[] words) {
        set.computeIfAbsent(Integer.parseInt(words[1]), w -> new HashSet<>()).add(Integer.parseInt(words[2]));
    }

    private int process(int writer) {
        Ledger.Account account = ledger.accounts().get(writer);
        return account == null ? -1 : account.process;
    }

    private void compare() {
        ledger.accounts().values().forEach(this::compare);
        Set<Integer> strangers = new HashSet<>(whole.keySet());
        strangers.addAll(half.keySet());
        strangers.addAll(altered.keySet());
        strangers.removeAll(ledger.accounts().keySet());
        strangers.forEach(writer -> tally.found(-1, Found.UNDONE_BUT_THERE));
    }

    private void compare(Ledger.Account account) {
        BitSet there = whole.getOrDefault(account.writer, new BitSet());
        Set<Integer> halves = half.getOrDefault(account.writer, Set.of());
        Set<Integer> others = altered.getOrDefault(account.writer, Set.of());
        BitSet committed = account.committed();
        List<Integer> unsure = account.unsure();
        committed.stream().forEach(number -> {
            if (there.get(number)) tally.found(account.process, Found.KEPT);
            else if (halves.contains(number)) tally.found(account.process, Found.HALF_ACKNOWLEDGED);
            else if (others.contains(number)) tally.found(account.process, Found.ALTERED_ACKNOWLEDGED);
            else tally.found(account.process, broken ? Found.UNREAD : Found.LOST);
        });
        halves.stream()
                .filter(number -> !committed.get(number))
                .forEach(number -> tally.found(account.process, Found.HALF));
        others.stream()
                .filter(number -> !committed.get(number))
                .forEach(number -> tally.found(account.process, Found.ALTERED));
        there.stream()
                .filter(number -> !committed.get(number) && !unsure.contains(number))
                .forEach(number -> tally.found(account.process, Found.UNDONE_BUT_THERE));
        unsure.forEach(
                number -> tally.found(account.process, there.get(number) ? Found.UNSURE_AND_THERE : Found.UNSURE));
    }
}
