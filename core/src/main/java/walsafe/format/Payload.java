package walsafe.format;

import java.io.IOException;
import java.util.Arrays;

/**
 * The whole payload of a cell, put together from the cell and its overflow pages. Its memory grows with the bytes that
 * are really there, never with what a cell claims, and not beyond the limit. To be used again and again; not by several
 * threads at once.
 */
public final class Payload {
    private final OverflowChain chain;
    private final int mostBytes;
    private byte[] bytes = new byte[1024];
    private int length;

    /** @param mostBytes that may be held in memory */
    public Payload(PageSource pages, Geometry geometry, int mostBytes) {
        this.chain = new OverflowChain(pages, geometry);
        this.mostBytes = mostBytes;
    }

    /**
     * Gathers the payload of the page's present cell. Where it is unreadable, {@link #length} bytes of its beginning were
     * gathered; with {@link Flaw#CHAIN_GOES_ON} all of it. {@link Flaw#BEYOND_LIMIT} is no flaw of the database.
     *
     * @throws IOException if bytes cannot be had
     */
    public Reading read(BtreePage page) throws IOException {
        length = 0;
        boolean all = page.payloadBytes() <= mostBytes;
        gather(page.bytes(), page.payloadAt(), page.localBytes());
        Reading reading = chain.follow(page, this::gatherPiece);
        return !reading.ok() || all
                ? reading
                : new Unreadable(Flaw.BEYOND_LIMIT, page.number(), page.payloadBytes(), mostBytes);
    }

    private boolean gatherPiece(long page, byte[] from, int at, int count) {
        gather(from, at, count);
        return length < mostBytes;
    }

    private void gather(byte[] from, int at, int count) {
        int taken = Math.min(count, mostBytes - length);
        if (length + taken > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(mostBytes, Math.max(2L * bytes.length, length + taken)));
        }
        System.arraycopy(from, at, bytes, length, taken);
        length += taken;
    }

    /** What was gathered, from 0 to {@link #length}; not copied, and another's with the next {@link #read}. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }
}
