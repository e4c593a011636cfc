package walsafe.format;

/**
 * A trunk page of the freelist. Not for several threads at once.
 *
 * <pre>
 * offset size meaning                                            (fileformat2, 1.5)
 *    0    4   number of the next trunk page; 0 on the last
 *    4    4   number of leaves
 *    8   4n   the leaves' page numbers; the last six that have room are not used, for the sake of versions before 3.6.0
 * </pre>
 */
public final class FreelistTrunk {
    private final Geometry geometry;
    private byte[] bytes = {};
    private int base;
    private int leaves;

    public FreelistTrunk(Geometry geometry) {
        this.geometry = geometry;
    }

    /** Moves to a page. Where it claims more leaves than have room, none is told of. */
    public Reading read(byte[] page, int at, long number) {
        bytes = page;
        base = at;
        long claimed = BigEndian.u32(page, at + 4);
        boolean fits = claimed <= geometry.mostTrunkLeaves();
        leaves = fits ? (int) claimed : 0;
        return fits ? Legible.YES : new Unreadable(Flaw.LEAVES_TOO_MANY, number, claimed, geometry.mostTrunkLeaves());
    }

    /** 0 on the last one. */
    public long next() {
        return BigEndian.u32(bytes, base);
    }

    public int leaves() {
        return leaves;
    }

    /**
     * Page number of a leaf, unjudged.
     *
     * @param leaf 0 to {@link #leaves} - 1
     */
    public long leaf(int leaf) {
        if (leaf < 0 || leaf >= leaves) {
            throw new IllegalArgumentException("leaf must be 0 to " + (leaves - 1) + ", was " + leaf);
        }
        return BigEndian.u32(bytes, base + 8 + 4 * leaf);
    }
}
