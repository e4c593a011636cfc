package walsafe.words;

import java.util.List;

/** Amounts as people read them. */
public final class Amount {
    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Amount() {}

    /** {@code 512 bytes}, {@code 4 KiB}, {@code 4.2 GiB}. */
    public static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        String number =
                amount == Math.rint(amount) || amount >= 100 ? Long.toString(Math.round(amount)) : oneDecimal(amount);
        return number + " " + (bytes == 1 ? "byte" : UNITS[unit]);
    }

    /** Without {@code String.format}, which loads the names and numbers of every language to write a point. */
    private static String oneDecimal(double amount) {
        long tenths = Math.round(amount * 10);
        return tenths / 10 + "." + tenths % 10;
    }

    /** {@code 1 process}, {@code 3 processes}. */
    public static String of(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    /** {@code a}, {@code a and b}, {@code a, b and c}. */
    public static String list(List<String> words) {
        if (words.size() < 2) return String.join("", words);
        int last = words.size() - 1;
        return String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }
}
