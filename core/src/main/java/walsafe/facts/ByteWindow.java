package walsafe.facts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Slides over a stream so that every position can be asked with {@value #MARGIN} bytes of context on either side.
 * Beyond either end of the stream lie zeros.
 */
final class ByteWindow {
    static final int MARGIN = 64;
    private static final int STEP = 1 << 20;

    private final InputStream in;
    private final byte[] bytes = new byte[MARGIN + STEP + MARGIN];
    private long left;
    private int carried;
    private int end;

    ByteWindow(InputStream in, long most) {
        this.in = in;
        this.left = most;
        this.carried = 0;
        this.end = 0;
    }

    /** Goes on to the next positions; false if there are none. Positions before the first call are none. */
    boolean fill() throws IOException {
        System.arraycopy(bytes, Math.max(0, end - MARGIN), bytes, 0, end == 0 ? 0 : MARGIN + carried);
        int space = bytes.length - MARGIN - carried;
        int got = in.readNBytes(bytes, MARGIN + carried, (int) Math.min(space, left));
        left -= got;
        int known = carried + got;
        Arrays.fill(bytes, MARGIN + known, bytes.length, (byte) 0);
        boolean last = known <= STEP;
        int positions = Math.min(known, STEP);
        end = MARGIN + positions;
        carried = last ? 0 : known - positions;
        return positions > 0;
    }

    /** The first position of this window. */
    int first() {
        return MARGIN;
    }

    /** One past the last position of this window. */
    int end() {
        return end;
    }

    byte at(int position) {
        return bytes[position];
    }

    boolean has(byte[] wanted, int position) {
        return Arrays.equals(bytes, position, position + wanted.length, wanted, 0, wanted.length);
    }

    String text(int position, int length) {
        return new String(bytes, position, length, StandardCharsets.ISO_8859_1);
    }

    int littleEndian(int position) {
        return (bytes[position] & 0xff)
                | ((bytes[position + 1] & 0xff) << 8)
                | ((bytes[position + 2] & 0xff) << 16)
                | ((bytes[position + 3] & 0xff) << 24);
    }
}
