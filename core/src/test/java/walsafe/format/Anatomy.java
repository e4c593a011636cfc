package walsafe.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A sound database taken apart to its last page; fails at the first byte that it cannot read. */
final class Anatomy {
    final PageSource pages;
    final Header header;
    final Geometry geometry;
    final TextEncoding encoding;
    final Schema schema;

    /** What each page is, and its parent, as {@link PtrmapEntry} would say. */
    final Map<Long, PtrmapEntry> owners = new TreeMap<>();

    Anatomy(PageSource pages, Header header) throws IOException {
        this.pages = pages;
        this.header = header;
        this.geometry = Geometry.of(header).orElseThrow();
        this.encoding = TextEncoding.of(header.encoding()).orElseThrow();
        this.schema = Schema.read(pages, geometry, encoding);
        if (!schema.troubles().isEmpty())
            throw new AssertionError(schema.troubles().get(0).why());
    }

    static Anatomy of(byte[] file) throws IOException {
        Header header = Header.decode(file).orElseThrow();
        return new Anatomy(
                PageSource.of(ByteSource.of(file), Geometry.of(header).orElseThrow()), header);
    }

    long root(String name) {
        return schema.rows().stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow()
                .rootPage();
    }

    List<String> entries(long root) throws IOException {
        return entries(root, Set.of());
    }

    /**
     * The entries of a tree in its order, each as one text; a table's with the rowid first.
     *
     * @param reals columns of affinity REAL, in which SQLite may store a whole number as an integer
     */
    List<String> entries(long root, Set<Integer> reals) throws IOException {
        List<String> entries = new ArrayList<>();
        TreeCursor tree = new TreeCursor(pages, geometry, Anatomy::fail);
        Payload payload = new Payload(pages, geometry, 1 << 24);
        RecordCursor record = new RecordCursor();
        tree.start(root);
        while (tree.next()) {
            BtreePage page = tree.page();
            ok(payload.read(page));
            ok(record.read(payload.bytes(), 0, payload.length(), page.payloadBytes(), page.number()));
            List<String> values = new ArrayList<>();
            if (page.kind().table()) values.add(Long.toString(page.rowid()));
            while (record.next()) {
                Value value = record.value(encoding);
                boolean asReal = value instanceof Value.Int && reals.contains(record.column());
                values.add(text(asReal ? new Value.Real(record.integer()) : value));
            }
            ok(record.end());
            entries.add(String.join("|", values));
        }
        return entries;
    }

    static String text(Value value) {
        if (value instanceof Value.Int number) return Long.toString(number.value());
        if (value instanceof Value.Real number) return "r" + number.value();
        if (value instanceof Value.Text text) return "t" + hex(StandardCharsets.UTF_8.encode(text.string()));
        if (value instanceof Value.Blob blob) return "b" + hex(blob.bytes());
        return "null";
    }

    static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return HexFormat.of().formatHex(copy);
    }

    /** Walks all there is, and notes the owner of each page; a page that has two is an error. */
    void dissect() throws IOException {
        own(1, PtrmapEntry.Type.ROOT, 0);
        tree(1);
        for (SchemaRow row : schema.rows()) {
            if (row.rootPage() == 0) continue;
            own(row.rootPage(), PtrmapEntry.Type.ROOT, 0);
            tree(row.rootPage());
        }
        ok(Freelist.walk(
                pages,
                geometry,
                header.firstFreelistTrunk(),
                (page, trunk, is) -> own(page, PtrmapEntry.Type.FREE, 0)));
    }

    private void tree(long root) throws IOException {
        BtreePage page = new BtreePage(geometry);
        PageLayout layout = new PageLayout(geometry);
        OverflowChain chain = new OverflowChain(pages, geometry);
        byte[] bytes = new byte[geometry.pageSizeBytes() + 3];
        if (!pages.read(root, bytes, 3)) throw new AssertionError("page " + root);
        ok(page.read(bytes, 3, root));
        ok(layout.of(page));
        List<Long> children = new ArrayList<>();
        for (int cell = 0; cell < page.cells(); cell++) {
            ok(page.cell(cell));
            if (!page.kind().leaf()) children.add(page.child());
            long[] before = {root, 0};
            ok(chain.follow(page, (number, piece, at, length) -> {
                own(
                        number,
                        before[1]++ == 0 ? PtrmapEntry.Type.FIRST_OVERFLOW : PtrmapEntry.Type.LATER_OVERFLOW,
                        before[0]);
                before[0] = number;
                return true;
            }));
            if (before[1] != page.overflowPages()) throw new AssertionError("chain of " + before[1]);
        }
        if (!page.kind().leaf()) children.add(page.rightChild());
        for (long child : children) {
            own(child, PtrmapEntry.Type.TREE, root);
            tree(child);
        }
    }

    private void own(long page, PtrmapEntry.Type type, long parent) {
        PtrmapEntry before = owners.put(page, new PtrmapEntry(type, parent));
        if (before != null) throw new AssertionError("page " + page + " is " + before + " and " + type);
    }

    /** The pages that have no owner: pointer maps, the lock-byte page and, in a damaged database, those that are lost. */
    List<Long> ownerless() throws IOException {
        List<Long> none = new ArrayList<>();
        for (long page = 1; page <= pages.pages(); page++) if (!owners.containsKey(page)) none.add(page);
        return none;
    }

    /** What the pointer map says, of every page that it speaks of. */
    Map<Long, PtrmapEntry> ptrmap() throws IOException {
        Map<Long, PtrmapEntry> said = new TreeMap<>();
        byte[] bytes = new byte[geometry.pageSizeBytes()];
        for (long page = 3; page <= pages.pages(); page++) {
            if (geometry.isPtrmap(page)) continue;
            if (!pages.read(geometry.ptrmapOf(page), bytes, 0)) throw new AssertionError("page " + page);
            said.put(
                    page,
                    PtrmapEntry.decode(bytes, PtrmapEntry.offset(geometry, page))
                            .orElseThrow());
        }
        return said;
    }

    static void ok(Reading reading) {
        if (reading instanceof Unreadable unreadable) fail(unreadable);
    }

    private static void fail(Unreadable unreadable) {
        throw new AssertionError("page " + unreadable.page() + ": " + unreadable.why());
    }

    @Override
    public String toString() {
        return schema.rows().stream().map(SchemaRow::name).collect(Collectors.joining(", "));
    }
}
