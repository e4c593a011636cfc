package walsafe.format;

import java.io.IOException;

/** The list of pages that are not in use (fileformat2, 1.5). Not for several threads at once. */
public final class Freelist {
    /** Is told of each page of the list. */
    public interface Visitor {
        /**
         * Is told of one.
         *
         * @param page unjudged: it may be any number, and come twice
         * @param trunk the trunk page that names it; the page before on the list if it is a trunk itself, 0 for the first
         * @param isTrunk is it a trunk page
         */
        void visit(long page, long trunk, boolean isTrunk);
    }

    private Freelist() {}

    /**
     * Follows the list. Reads each trunk page once at most, so that it ends whatever the pages say.
     *
     * @param first as the header says; 0 for an empty list
     * @return unreadable where a trunk is; the visitor was told of everything before
     * @throws IOException if bytes cannot be had
     */
    public static Reading walk(PageSource pages, Geometry geometry, long first, Visitor visitor) throws IOException {
        PageSet seen = new PageSet();
        FreelistTrunk trunk = new FreelistTrunk(geometry);
        byte[] buffer = new byte[geometry.pageSizeBytes()];
        long before = 0;
        for (long page = first; page != 0; page = trunk.next()) {
            visitor.visit(page, before, true);
            if (page > pages.pages()) return new Unreadable(Flaw.NO_SUCH_PAGE, before, page, pages.pages());
            if (!seen.add(page)) return new Unreadable(Flaw.FREELIST_IN_CIRCLES, before, page, 0);
            if (!pages.read(page, buffer, 0)) return new Unreadable(Flaw.PAGE_NOT_HAD, before, page, 0);
            Reading reading = trunk.read(buffer, 0, page);
            if (!reading.ok()) return reading;
            for (int leaf = 0; leaf < trunk.leaves(); leaf++) visitor.visit(trunk.leaf(leaf), page, false);
            before = page;
        }
        return Legible.YES;
    }
}
