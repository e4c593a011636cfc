package walsafe.format;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * Walks the entries of a b-tree in key order: the rows of a table's leaves, or the entries of all pages of an index tree,
 * whose interior pages have entries of their own (fileformat2, 1.6). What cannot be read is told and passed by.
 *
 * <p>Visits each page at most once, so that it ends whatever the pages say; goes down at most {@value #MOST_LEVELS} levels,
 * as SQLite does (btreeInt.h, BTCURSOR_MAX_DEPTH). Not for several threads at once.
 */
public final class TreeCursor {
    public static final int MOST_LEVELS = 20;

    private final PageSource pages;
    private final Geometry geometry;
    private final Consumer<Unreadable> troubles;
    private final BtreePage[] levels = new BtreePage[MOST_LEVELS];
    private final byte[][] buffers = new byte[MOST_LEVELS][];

    /** Of each level the next step: on a leaf its cells; on an interior page child 0, cell 0, child 1, cell 1 and so on. */
    private final int[] steps = new int[MOST_LEVELS];

    private PageSet visited = new PageSet();
    private boolean table;
    private int depth;
    private int current;

    /** @param troubles is told of what cannot be read: pages, children and cells */
    public TreeCursor(PageSource pages, Geometry geometry, Consumer<Unreadable> troubles) {
        this.pages = pages;
        this.geometry = geometry;
        this.troubles = troubles;
    }

    /** Goes before the first entry of a tree; its root decides whether it is a table's or an index tree. */
    public void start(long root) throws IOException {
        visited = new PageSet();
        depth = -1;
        descend(root, root);
        if (depth == 0) table = levels[0].kind().table();
    }

    /**
     * Moves to the next entry, which is then the present cell of {@link #page}.
     *
     * @return false behind the last one
     * @throws IOException if bytes cannot be had
     */
    public boolean next() throws IOException {
        while (depth >= 0) {
            BtreePage page = levels[depth];
            int step = steps[depth]++;
            boolean leaf = page.kind().leaf();
            if (step >= (leaf ? page.cells() : 2 * page.cells() + 1)) depth--;
            else if (leaf) {
                if (isEntry(page, step)) return true;
            } else if (step % 2 == 0) child(page, step / 2);
            else if (!table && isEntry(page, step / 2)) return true;
        }
        return false;
    }

    private boolean isEntry(BtreePage page, int cell) {
        current = depth;
        return readable(page.cell(cell));
    }

    private void child(BtreePage page, int cell) throws IOException {
        if (cell == page.cells()) descend(page.rightChild(), page.number());
        else if (readable(page.cell(cell))) descend(page.child(), page.number());
    }

    private boolean readable(Reading reading) {
        if (reading instanceof Unreadable unreadable) troubles.accept(unreadable);
        return reading.ok();
    }

    private void descend(long child, long parent) throws IOException {
        Reading reading = descended(child, parent);
        if (reading.ok()) steps[++depth] = 0;
        else readable(reading);
    }

    private Reading descended(long child, long parent) throws IOException {
        if (child < 1 || child > pages.pages()) {
            return new Unreadable(Flaw.NO_SUCH_PAGE, parent, child, pages.pages());
        }
        if (depth + 1 == MOST_LEVELS) return new Unreadable(Flaw.TREE_TOO_DEEP, parent, child, MOST_LEVELS);
        if (!visited.add(child)) return new Unreadable(Flaw.PAGE_REACHED_TWICE, parent, child, 0);
        BtreePage page = level(depth + 1);
        if (!pages.read(child, buffers[depth + 1], 0)) return new Unreadable(Flaw.PAGE_NOT_HAD, parent, child, 0);
        Reading reading = page.read(buffers[depth + 1], 0, child);
        if (reading.ok() && depth >= 0 && page.kind().table() != table) {
            return new Unreadable(
                    Flaw.PAGE_KIND_FOREIGN,
                    child,
                    page.kind().code(),
                    levels[0].kind().code());
        }
        return reading;
    }

    private BtreePage level(int level) {
        if (buffers[level] == null) {
            buffers[level] = new byte[geometry.pageSizeBytes()];
            levels[level] = new BtreePage(geometry);
        }
        return levels[level];
    }

    /** The page whose present cell is the present entry; holds until the next call of {@link #next}. */
    public BtreePage page() {
        return levels[current];
    }

    /** How many pages of the tree were visited so far. */
    public long pagesVisited() {
        return visited.size();
    }
}
