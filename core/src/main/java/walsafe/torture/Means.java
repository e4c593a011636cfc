package walsafe.torture;

import java.util.ArrayList;
import java.util.List;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;

/**
 * How a database is opened, so that it can be told in a line.
 *
 * @param guarded by walsafe's guard, or bare
 * @param vfs {@code unix-dotfile}, or empty for SQLite's default
 * @param local is the storage this machine's alone, as the guard wants to know
 * @param twoFiles does each transaction write into a second, attached database too
 */
record Means(boolean guarded, Mode mode, String vfs, List<Pragma> pragmas, boolean local, boolean twoFiles) {
    private static final int BUSY_MILLIS = 1_000; // less than a stop can last, so that waiting is given up too

    Means {
        pragmas = List.copyOf(pragmas);
    }

    static Means of(Plan.Open plan, boolean local) {
        return new Means(true, plan.mode(), plan.vfs(), plan.pragmas(), local, false);
    }

    /** As a careful program without walsafe would: everything that is acknowledged is synced. */
    static Means bare(Way way) {
        boolean wal = way == Way.WAL;
        List<Pragma> pragmas = new ArrayList<>();
        pragmas.add(pragma("busy_timeout", String.valueOf(BUSY_MILLIS)));
        pragmas.add(pragma("journal_mode", way == Way.DOTFILE ? "truncate" : way.option()));
        pragmas.add(pragma("synchronous", way == Way.DELETE ? "extra" : "full"));
        pragmas.add(pragma("cache_size", "20")); // pages: a big transaction spills before it commits
        if (wal) pragmas.add(pragma("wal_autocheckpoint", "200")); // pages: so that there are many
        if (wal) pragmas.add(pragma("journal_size_limit", "100000")); // bytes: so that the -wal is cut off now and then
        return new Means(
                false,
                wal ? Mode.WAL : way == Way.DOTFILE ? Mode.ROLLBACK_DOTFILE : Mode.ROLLBACK,
                way == Way.DOTFILE ? "unix-dotfile" : "",
                pragmas,
                true,
                false);
    }

    static Pragma pragma(String name, String value) {
        return new Pragma(name, value, "torture");
    }

    /** The same, opened without the guard: for the count. */
    Means bare() {
        return new Means(false, mode, vfs, pragmas, local, twoFiles);
    }

    Plan.Open plan() {
        return new Plan.Open(mode, vfs, pragmas, List.of(), List.of(), List.of());
    }

    boolean dotFiles() {
        return mode == Mode.ROLLBACK_DOTFILE;
    }

    String journalMode() {
        return setting("journal_mode", "delete");
    }

    int pageBytes() {
        return Integer.parseInt(setting("page_size", "4096"));
    }

    private String setting(String name, String otherwise) {
        return pragmas.stream()
                .filter(pragma -> pragma.name().equals(name))
                .map(Pragma::value)
                .findFirst()
                .orElse(otherwise);
    }

    String told() {
        StringBuilder told = new StringBuilder(
                guarded + " " + mode + " " + (vfs.isEmpty() ? "-" : vfs) + " " + local + " " + twoFiles);
        for (Pragma pragma : pragmas)
            told.append(' ').append(pragma.name()).append('=').append(pragma.value());
        return told.toString();
    }

    static Means heard(String told) {
        String[] words = told.split(" ", -1);
        List<Pragma> pragmas = new ArrayList<>();
        for (int i = 5; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            pragmas.add(pragma(words[i].substring(0, equals), words[i].substring(equals + 1)));
        }
        return new Means(
                Boolean.parseBoolean(words[0]),
                Mode.valueOf(words[1]),
                words[2].equals("-") ? "" : words[2],
                pragmas,
                Boolean.parseBoolean(words[3]),
                Boolean.parseBoolean(words[4]));
    }
}
