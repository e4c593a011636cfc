package walsafe.format;

/**
 * Everything that can be wrong with bytes that were taken for a part of SQLite's file format. The words stand where the
 * numbers of {@link Unreadable} go: {@code #} is what was seen, {@code @} what was expected.
 */
public enum Flaw {
    // Pages (fileformat2, 1.2 to 1.8)
    NO_SUCH_PAGE("page # is none of the database's @ pages"),
    PAGE_NOT_HAD("the bytes of page # could not be had"),
    PAGE_KIND_UNKNOWN("its first byte is #, which is no kind of b-tree page"),
    PAGE_KIND_FOREIGN("its kind is #, which does not belong into a tree of kind @"),
    CELLS_TOO_MANY("it claims # cells; at most @ have room"),
    CONTENT_START_OUTSIDE("its cell content begins at #, before its cell pointers end at @, or behind the page's end"),
    FREEBLOCK_OUTSIDE("a free block lies at #, outside of the cell content, which begins at @"),
    FREEBLOCK_ORDER("a free block at # does not lie behind the end of the one before, at @"),
    FREEBLOCK_TOO_LONG("a free block ends at #, behind the usable bytes, which end at @"),
    CELL_OUTSIDE("a cell pointer says #, outside of the cell content, which begins at @"),
    CELL_TOO_LONG("a cell ends at #, behind the usable bytes, which end at @"),
    BYTES_USED_TWICE("the bytes from # to @ are used twice"),
    FRAGMENTS_MISCOUNTED("# bytes are neither used nor in a free block; the page says @"),
    PAYLOAD_TOO_LONG("a payload has # bytes, more than the @ there can be"),
    TREE_TOO_DEEP("a tree is deeper than @ levels at page #"),
    PAGE_REACHED_TWICE("page # is reached a second time"),
    CHAIN_ENDS_EARLY("an overflow chain ends after # of @ pages"),
    CHAIN_GOES_ON("an overflow chain that should end leads on to page #"),
    CHAIN_IN_CIRCLES("an overflow chain comes back to page #"),
    LEAVES_TOO_MANY("a freelist trunk claims # leaves; at most @ have room"),
    FREELIST_IN_CIRCLES("the freelist comes back to page #"),
    PTRMAP_TYPE_UNKNOWN("a pointer map entry says type #, not 1 to 5"),

    // Records (fileformat2, 2.1)
    RECORD_HEADER_EMPTY("a record's header has # bytes; it counts itself, so that it has at least @"),
    RECORD_HEADER_TOO_LONG("a record's header ends at #, behind its payload's end at @"),
    RECORD_HEADER_TORN("a number in a record's header ends at #, behind the header's end at @"),
    RECORD_HEADER_NOT_HERE("a record's header has # bytes, of which only @ are at hand"),
    SERIAL_TYPE_RESERVED("a record has serial type #, which SQLite never writes"),
    RECORD_TOO_SHORT("a record's values have # bytes; its payload has only @"),
    RECORD_TOO_LONG("a record's values end at #; its payload goes on to @"),
    SCHEMA_ROW_FOREIGN("the record with rowid # is no row of sqlite_schema"),
    BEYOND_LIMIT("# bytes are more than the @ that were to be held in memory"),

    // Write-ahead log (fileformat2, 4)
    WAL_EMPTY("it is empty"),
    WAL_HEADER_SHORT("it has # bytes, fewer than the @ of a header"),
    WAL_MAGIC("it begins with #, not with @"),
    WAL_VERSION("its version is #, not @"),
    WAL_PAGE_SIZE("its page size is #, not a power of two from 512 to 65536"),
    WAL_HEADER_SUM("the checksum of its header does not hold"),

    // Rollback journal (fileformat2, 3)
    JOURNAL_AT_REST("it does not begin with a journal's magic"),
    JOURNAL_PAGE_SIZE("its page size is #, not a power of two from 512 to 65536"),
    JOURNAL_SECTOR_SIZE("its sector size is #, not a power of two from 32 to 65536");

    private final String words;

    Flaw(String words) {
        this.words = words;
    }

    String inWords(long seen, long expected) {
        StringBuilder text = new StringBuilder(words.length() + 20);
        for (int i = 0; i < words.length(); i++) {
            char each = words.charAt(i);
            if (each == '#') text.append(seen);
            else if (each == '@') text.append(expected);
            else text.append(each);
        }
        return text.toString();
    }
}
