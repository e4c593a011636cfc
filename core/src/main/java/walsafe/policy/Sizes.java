package walsafe.policy;

/** Numbers of bytes as people read them. */
final class Sizes {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Sizes() {}

    /** {@code 812 bytes}, {@code 4.2 GiB}. */
    static String words(long bytes) {
        if (bytes < 1024) return bytes + (bytes == 1 ? " byte" : " bytes");
        double amount = bytes;
        int unit = -1;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return (amount < 10 ? oneDecimal(amount) : Long.toString(Math.round(amount))) + " " + UNITS[unit];
    }

    /** Without {@code String.format}, which loads the names and numbers of every language to write a point. */
    private static String oneDecimal(double amount) {
        long tenths = Math.round(amount * 10);
        return tenths / 10 + "." + tenths % 10;
    }
}
