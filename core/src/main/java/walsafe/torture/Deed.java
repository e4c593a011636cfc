package walsafe.torture;

import java.util.SplittableRandom;

/**
 * What one transaction writes: so many rows, each with a text. Follows from the seed, the writer and the number alone, so
 * that whoever counts knows what has to be there without having been told.
 *
 * @param writer one for each start of a process: a process that was killed goes on as another writer
 * @param number counts the attempts of a writer from 1
 */
record Deed(long seed, int writer, int number) {
    /** Rows of a transaction that does not fit into the cache of {@link Means}. */
    static final int BIG = 400;

    private static final String DIGITS = "0123456789abcdef";

    /** Mostly one row, now and then so many that SQLite's cache overflows and it writes before the commit. */
    int parts() {
        SplittableRandom random = random(0);
        int kind = random.nextInt(100);
        if (kind < 55) return 1;
        if (kind < 88) return 2 + random.nextInt(9);
        if (kind < 98) return 11 + random.nextInt(60);
        return BIG + random.nextInt(1_200);
    }

    /**
     * The text of one row; one in a hundred needs overflow pages.
     *
     * @param part from 1
     */
    String text(int part) {
        SplittableRandom random = random(part);
        int length = random.nextInt(100) == 0 ? 3_000 + random.nextInt(6_000) : 20 + random.nextInt(300);
        StringBuilder text = new StringBuilder(length);
        long bits = 0;
        for (int i = 0; i < length; i++) {
            if (i % 16 == 0) bits = random.nextLong();
            text.append(DIGITS.charAt((int) (bits & 15)));
            bits >>>= 4;
        }
        return text.toString();
    }

    private SplittableRandom random(int part) {
        return new SplittableRandom(((seed * 1_000_003 + writer) * 1_000_003 + number) * 1_000_003 + part);
    }
}
