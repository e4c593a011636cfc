package walsafe.format;

import java.util.Optional;

/**
 * What a database with auto_vacuum knows of a page, so that it can be moved.
 *
 * <pre>
 * offset size an entry of a pointer map page; the first tells of the page behind it   (fileformat2, 1.8)
 *    0    1   type, 1 to 5
 *    1    4   page number of the parent
 * </pre>
 */
public record PtrmapEntry(Type type, long parent) {
    public static final int SIZE_BYTES = 5;

    /** What a page is; the parent is 0 where none is named. */
    public enum Type {
        /** The root of a tree; no parent. */
        ROOT,
        /** On the freelist; no parent. */
        FREE,
        /** The first page of an overflow chain; its parent is the page of the cell. */
        FIRST_OVERFLOW,
        /** A later page of an overflow chain; its parent is the one before. */
        LATER_OVERFLOW,
        /** A page of a tree, not its root; its parent is the page above. */
        TREE
    }

    /** The type in an entry, unjudged: for one who looks at each entry of a map and wants no object for it. */
    public static int type(byte[] bytes, int at) {
        return bytes[at] & 0xff;
    }

    /** The parent in an entry. */
    public static long parent(byte[] bytes, int at) {
        return BigEndian.u32(bytes, at + 1);
    }

    /**
     * Where the entry of a page lies on its pointer map page.
     *
     * @param page neither 1 nor a pointer map page itself
     */
    public static int offset(Geometry geometry, long page) {
        return SIZE_BYTES * (int) (page - geometry.ptrmapOf(page) - 1);
    }

    /** Decodes an entry; empty if its type is none. */
    public static Optional<PtrmapEntry> decode(byte[] bytes, int at) {
        int type = type(bytes, at);
        return type < 1 || type > Type.values().length
                ? Optional.empty()
                : Optional.of(new PtrmapEntry(Type.values()[type - 1], parent(bytes, at)));
    }
}
