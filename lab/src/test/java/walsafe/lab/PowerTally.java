package walsafe.lab;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import walsafe.lab.inside.Settings;

/** What came of all cuts, added up. */
final class PowerTally {
    static final String HEADING = String.join(
            "\t",
            "disk",
            "filesystem",
            "journal",
            "synchronous",
            "opened_by",
            "pace",
            "cuts",
            "acknowledged",
            "lost",
            "cuts_with_loss",
            "most_lost_in_a_cut",
            "oldest_lost_ms",
            "damaged",
            "refused",
            "not_mounted");

    /** What is told apart: all cuts with equal ones are added up. */
    record Key(PowerDisk disk, String filesystem, Settings settings, String pace) {}

    /** One line. */
    static final class Sum {
        int cuts;
        int acknowledged;
        int lost;
        int cutsWithLoss;
        int mostLost;
        Duration oldest = Duration.ZERO;
        int damaged;
        int refused;
        int notMounted;

        private void add(PowerLedger.Loss loss) {
            cuts++;
            acknowledged += loss.acknowledged();
            lost += loss.lost();
            if (loss.lost() > 0) cutsWithLoss++;
            mostLost = Math.max(mostLost, loss.lost());
            if (loss.age().compareTo(oldest) > 0) oldest = loss.age();
            if (loss.damaged().isPresent()) damaged++;
            if (loss.refused().isPresent()) refused++;
        }

        private void add(Sum other) {
            cuts += other.cuts;
            acknowledged += other.acknowledged;
            lost += other.lost;
            cutsWithLoss += other.cutsWithLoss;
            mostLost = Math.max(mostLost, other.mostLost);
            if (other.oldest.compareTo(oldest) > 0) oldest = other.oldest;
            damaged += other.damaged;
            refused += other.refused;
            notMounted += other.notMounted;
        }

        /** Is there anything that a plan which keeps every commit may not show? */
        boolean lostNothing() {
            return lost == 0 && keptTheDatabase();
        }

        /** Is there anything that no plan may show? */
        boolean keptTheDatabase() {
            return damaged == 0 && refused == 0 && notMounted == 0;
        }

        @Override
        public String toString() {
            return lost + " of " + acknowledged + " lost in " + cutsWithLoss + " of " + cuts + " cuts, at most "
                    + mostLost
                    + " and " + oldest.toMillis() + " ms; damaged " + damaged + ", refused " + refused
                    + ", not mounted " + notMounted;
        }
    }

    private final Map<Key, Sum> sums = new LinkedHashMap<>();

    void add(Key key, PowerLedger.Loss loss) {
        sum(key).add(loss);
    }

    void notMounted(Key key) {
        sum(key).notMounted++;
    }

    private Sum sum(Key key) {
        return sums.computeIfAbsent(key, any -> new Sum());
    }

    Sum of(Predicate<Key> which) {
        Sum whole = new Sum();
        sums.forEach((key, sum) -> {
            if (which.test(key)) whole.add(sum);
        });
        return whole;
    }

    List<String> lines() {
        return sums.entrySet().stream()
                .map(row -> line(row.getKey(), row.getValue()))
                .sorted()
                .collect(Collectors.toList());
    }

    private static String line(Key key, Sum sum) {
        Settings settings = key.settings();
        return String.join(
                "\t",
                key.disk().name().toLowerCase(Locale.ROOT),
                key.filesystem(),
                settings.journal(),
                settings.synchronousName(),
                settings.keepsTheDatabase() ? "walsafe" : "bare",
                key.pace(),
                sum.cuts + "",
                sum.acknowledged + "",
                sum.lost + "",
                sum.cutsWithLoss + "",
                sum.mostLost + "",
                sum.oldest.toMillis() + "",
                sum.damaged + "",
                sum.refused + "",
                sum.notMounted + "");
    }
}
