package walsafe.format;

import java.util.Arrays;

/** Says for a page number where that page lies. Grows with what is put into it, 16 to 64 bytes for each page. */
final class PageIndex {
    private long[] pages = new long[64];
    private long[] places = new long[64];
    private int size;

    /** @param page not 0 */
    void put(long page, long place) {
        if (2 * size > pages.length) grow();
        int slot = slot(page);
        if (pages[slot] == 0) size++;
        pages[slot] = page;
        places[slot] = place;
    }

    /** 0 if there is none. */
    long get(long page) {
        int slot = slot(page);
        return pages[slot] == 0 ? 0 : places[slot];
    }

    int size() {
        return size;
    }

    /** All page numbers, rising. */
    long[] pages() {
        return Arrays.stream(pages).filter(page -> page != 0).sorted().toArray();
    }

    private int slot(long page) {
        int slot = (int) ((page * 0x9E3779B97F4A7C15L) >>> 40) & (pages.length - 1);
        while (pages[slot] != 0 && pages[slot] != page) slot = (slot + 1) & (pages.length - 1);
        return slot;
    }

    private void grow() {
        long[] oldPages = pages;
        long[] oldPlaces = places;
        pages = new long[2 * oldPages.length];
        places = new long[2 * oldPages.length];
        for (int i = 0; i < oldPages.length; i++) {
            if (oldPages[i] == 0) continue;
            int slot = slot(oldPages[i]);
            pages[slot] = oldPages[i];
            places[slot] = oldPlaces[i];
        }
    }
}
