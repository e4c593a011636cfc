package walsafe.format;

/**
 * SQLite's numbers of variable length (fileformat2, 1.6): one to nine bytes, most significant first; seven bits of each
 * but the ninth, which has eight; the high bit of the first eight says that another follows.
 */
public final class Varint {
    /** The longest one. */
    public static final int MOST_BYTES = 9;

    private Varint() {}

    /**
     * How many bytes the one at this place has.
     *
     * @param end where the bytes end that may be looked at
     * @return 1 to 9; 0 if it does not end before {@code end}
     */
    public static int length(byte[] bytes, int at, int end) {
        int last = Math.min(end, at + MOST_BYTES);
        for (int i = at; i < last; i++) {
            if (bytes[i] >= 0 || i == at + MOST_BYTES - 1) return i - at + 1;
        }
        return 0;
    }

    /** Its value, as the signed number it is for a rowid. To be asked where {@link #length} is not 0. */
    public static long value(byte[] bytes, int at) {
        long value = 0;
        for (int i = at; i < at + MOST_BYTES - 1; i++) {
            value = (value << 7) | (bytes[i] & 0x7f);
            if (bytes[i] >= 0) return value;
        }
        return (value << 8) | (bytes[at + MOST_BYTES - 1] & 0xff);
    }

    /** How many bytes SQLite writes for a value. */
    public static int lengthOf(long value) {
        if (value >>> 56 != 0) return MOST_BYTES;
        return Math.max(1, (64 - Long.numberOfLeadingZeros(value) + 6) / 7);
    }
}
