package walsafe.format;

/**
 * How many descriptors of an inode walsafe itself has in this JVM, whichever class loader it was loaded by. Without this
 * count two walsafes in two class loaders would take each other's descriptors for SQLite's, and keep theirs for ever.
 *
 * <p>Kept in system properties, the one place that all class loaders share, as plain text: {@code
 * walsafe.descriptors.(dev=fd01,ino=4711)} is the number, and is gone when it is none. Should somebody replace all system
 * properties, our descriptors count as somebody else's: then a child reads where we could have.
 */
final class OwnDescriptors {
    private static final String PREFIX = "walsafe.descriptors.";

    private OwnDescriptors() {}

    /**
     * What to hold while a descriptor of this inode is opened, counted or closed: the same object for every walsafe of
     * the JVM, since interned strings are the JVM's own.
     */
    static Object turn(Object identity) {
        return (PREFIX + identity).intern();
    }

    /** Those of all class loaders. */
    static int of(Object identity) {
        try {
            return Integer.parseInt(System.getProperty(PREFIX + identity, "0"));
        } catch (NumberFormatException e) {
            return 0; // somebody else's doing; then ours count as theirs
        }
    }

    static void opened(Object identity) {
        set(identity, of(identity) + 1);
    }

    static void closing(Object identity) {
        set(identity, of(identity) - 1);
    }

    private static void set(Object identity, int count) {
        if (count > 0) System.setProperty(PREFIX + identity, Integer.toString(count));
        else System.clearProperty(PREFIX + identity);
    }
}
