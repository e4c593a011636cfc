package walsafe.torture;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the parent has said meanwhile. Written by the thread that listens, read by the one that works. */
final class Orders {
    static final String END = "end";
    static final String KNOW = "know ";
    static final String AT = "at ";

    private final Map<Integer, Integer> known = new ConcurrentHashMap<>();
    private volatile Point point = Point.ANYWHERE; // nowhere in particular
    private volatile boolean end;

    void hear(String line) {
        if (line.equals(END)) end = true;
        if (line.startsWith(AT)) point = Point.valueOf(line.substring(AT.length()));
        if (line.startsWith(KNOW)) {
            String[] words = line.split(" ", -1);
            known.merge(Integer.parseInt(words[1]), Integer.parseInt(words[2]), Math::max);
        }
    }

    boolean end() {
        return end;
    }

    /** Is the parent waiting for this point? */
    boolean waitFor(Point there) {
        return point == there;
    }

    /** The same; it is told once. */
    boolean reached(Point there) {
        if (point != there) return false;
        point = Point.ANYWHERE;
        return true;
    }

    /** By writer, the last number that was acknowledged to the parent: a read begun now has to show it. */
    Map<Integer, Integer> known() {
        return Map.copyOf(known);
    }
}
