package walsafe.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The running checksum of a -wal, over pairs of 32-bit words (fileformat2, 4.2). */
final class WalChecksum {
    private final ByteOrder order;
    private int first;
    private int second;

    WalChecksum(ByteOrder order) {
        this.order = order;
    }

    /** Goes on from a checksum that was made elsewhere. */
    void start(int one, int two) {
        first = one;
        second = two;
    }

    /** Adds a multiple of 8 bytes. */
    void add(byte[] bytes, int from, int length) {
        ByteBuffer words = ByteBuffer.wrap(bytes).order(order);
        int one = first;
        int two = second;
        for (int at = from; at < from + length; at += 8) {
            one += words.getInt(at) + two;
            two += words.getInt(at + 4) + one;
        }
        first = one;
        second = two;
    }

    boolean is(int expectedFirst, int expectedSecond) {
        return first == expectedFirst && second == expectedSecond;
    }
}
