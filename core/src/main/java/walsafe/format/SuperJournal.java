package walsafe.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * The names in a super-journal, by which a transaction over several databases ends: while it exists, their journals are
 * hot (fileformat2, 3; pager.c, pager_delsuper).
 *
 * <pre>
 * the names of the journals, UTF-8, each followed by a zero byte
 * </pre>
 */
public final class SuperJournal {
    private static final int MOST_NAMES = 1000; // SQLite attaches 125 databases at most

    private SuperJournal() {}

    /**
     * Decodes the names; at most a thousand.
     *
     * @param bytes of the whole file; what follows the last zero byte is torn, and left out
     */
    public static List<String> names(byte[] bytes) {
        List<String> names = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < bytes.length && names.size() < MOST_NAMES; at++) {
            if (bytes[at] != 0) continue;
            if (at > from) names.add(new String(bytes, from, at - from, UTF_8));
            from = at + 1;
        }
        return List.copyOf(names);
    }
}
