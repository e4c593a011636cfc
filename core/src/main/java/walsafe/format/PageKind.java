package walsafe.format;

import java.util.Optional;

/** The four kinds of b-tree pages, by the first byte of their header (fileformat2, 1.6). */
public enum PageKind {
    INDEX_INTERIOR(2),
    TABLE_INTERIOR(5),
    INDEX_LEAF(10),
    TABLE_LEAF(13);

    private final int code;

    PageKind(int code) {
        this.code = code;
    }

    static Optional<PageKind> of(int code) {
        return switch (code) {
            case 2 -> Optional.of(INDEX_INTERIOR);
            case 5 -> Optional.of(TABLE_INTERIOR);
            case 10 -> Optional.of(INDEX_LEAF);
            case 13 -> Optional.of(TABLE_LEAF);
            default -> Optional.empty();
        };
    }

    /** The byte that says so. */
    public int code() {
        return code;
    }

    public boolean leaf() {
        return this == INDEX_LEAF || this == TABLE_LEAF;
    }

    /** Of a table with rowids; indexes and WITHOUT ROWID tables are index trees. */
    public boolean table() {
        return this == TABLE_LEAF || this == TABLE_INTERIOR;
    }
}
