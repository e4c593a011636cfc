package walsafe.format;

import java.io.IOException;

/**
 * Follows the overflow pages of one payload. Bounded by the number of pages that the payload needs and by those there
 * are; a chain that comes back to itself is noticed after at most three times its way (Brent's algorithm), without
 * memory for the way.
 *
 * <pre>
 * offset size an overflow page                                   (fileformat2, 1.7)
 *    0    4   number of the next one; 0 on the last
 *    4   U-4  payload; on the last page the rest of it
 * </pre>
 *
 * <p>Not for several threads at once.
 */
public final class OverflowChain {
    /** Is told of the pages of a chain, in order. */
    public interface Visitor {
        /**
         * Is told of one.
         *
         * @param bytes of the page; to be copied where they are needed longer
         * @param at where its payload begins in them
         * @param length how many bytes of payload it has
         * @return whether to go on
         */
        boolean visit(long page, byte[] bytes, int at, int length) throws IOException;
    }

    private final PageSource pages;
    private final Geometry geometry;
    private final byte[] buffer;

    public OverflowChain(PageSource pages, Geometry geometry) {
        this.pages = pages;
        this.geometry = geometry;
        this.buffer = new byte[geometry.pageSizeBytes()];
    }

    /** Number of the next page of a chain, which a page begins with; 0 if it is the last. */
    public static long next(byte[] bytes, int at) {
        return BigEndian.u32(bytes, at);
    }

    /**
     * Follows the chain of the page's present cell, if it has one. Where it is unreadable, the visitor was told of the pages
     * before. With {@link Flaw#CHAIN_GOES_ON} it was told of the whole payload: its last page names a next one.
     *
     * @throws IOException if bytes cannot be had; also whatever the visitor throws
     */
    public Reading follow(BtreePage page, Visitor visitor) throws IOException {
        return page.local()
                ? Legible.YES
                : follow(page.overflowPage(), page.payloadBytes() - page.localBytes(), page.number(), visitor);
    }

    /**
     * Follows a chain.
     *
     * @param payloadBytes how many lie in it
     * @param owner number of the page to name if it does not even begin
     */
    public Reading follow(long first, long payloadBytes, long owner, Visitor visitor) throws IOException {
        int each = geometry.overflowContentBytes();
        long needed = (payloadBytes + each - 1) / each;
        if (needed > pages.pages()) return new Unreadable(Flaw.PAYLOAD_TOO_LONG, owner, payloadBytes, most());
        long page = first;
        long landmark = 0;
        long before = owner;
        for (long seen = 0; seen < needed; seen++) {
            if (page == 0) return new Unreadable(Flaw.CHAIN_ENDS_EARLY, before, seen, needed);
            if (page == landmark) return new Unreadable(Flaw.CHAIN_IN_CIRCLES, before, page, 0);
            if (Long.bitCount(seen) <= 1) landmark = page;
            if (page > pages.pages()) return new Unreadable(Flaw.NO_SUCH_PAGE, before, page, pages.pages());
            if (!pages.read(page, buffer, 0)) return new Unreadable(Flaw.PAGE_NOT_HAD, before, page, 0);
            int length = (int) Math.min(each, payloadBytes - seen * each);
            if (!visitor.visit(page, buffer, 4, length)) return Legible.YES;
            before = page;
            page = next(buffer, 0);
        }
        return page == 0 ? Legible.YES : new Unreadable(Flaw.CHAIN_GOES_ON, before, page, 0);
    }

    private long most() throws IOException {
        return pages.pages() * geometry.overflowContentBytes();
    }
}
