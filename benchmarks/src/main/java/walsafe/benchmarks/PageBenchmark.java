package walsafe.benchmarks;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import walsafe.format.BtreePage;
import walsafe.format.Geometry;
import walsafe.format.PageLayout;
import walsafe.format.RecordCursor;

/** What it costs to take a full leaf of a table apart: its cells, their layout, and every value of every record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PageBenchmark {
    private static final int PAGE_BYTES = 4096;

    /** Pages taken in turn, so that they do not all lie in the processor's nearest cache. */
    private static final int PAGES = 256;

    /** Bytes of text in each row, beside a rowid, an integer and a double: about 130, 55 and 8 rows on a page. */
    @Param({"8", "50", "450"})
    public int textBytes;

    private final Geometry geometry = new Geometry(PAGE_BYTES, 0);
    private final BtreePage page = new BtreePage(geometry);
    private final PageLayout layout = new PageLayout(geometry);
    private final RecordCursor record = new RecordCursor();
    private byte[] pages = {};
    private int next;

    @Setup
    public void fill() {
        pages = new byte[PAGES * PAGE_BYTES];
        Random random = new Random(1);
        for (int each = 0; each < PAGES; each++) fill(each * PAGE_BYTES, random);
    }

    /** A leaf as SQLite fills it from its end: payload size, rowid of 3 bytes, record header, values. */
    private void fill(int base, Random random) {
        int payload = 5 + 3 + 8 + textBytes;
        int textType = 13 + 2 * textBytes;
        int cells = 0;
        int at = PAGE_BYTES;
        while (at - (payload + 5) >= 8 + 2 * (cells + 1)) {
            at -= payload + 5;
            int p = base + at;
            pages[p++] = (byte) (0x80 | payload >> 7);
            pages[p++] = (byte) (payload & 0x7f);
            pages[p++] = (byte) 0x81;
            pages[p++] = (byte) (0x80 | cells >> 7);
            pages[p++] = (byte) (cells & 0x7f);
            byte[] header = {5, 3, 7, (byte) (0x80 | textType >> 7), (byte) (textType & 0x7f)};
            System.arraycopy(header, 0, pages, p, header.length);
            for (int i = header.length; i < payload; i++) pages[p + i] = (byte) random.nextInt();
            put16(base + 8 + 2 * cells++, at);
        }
        pages[base] = 13;
        put16(base + 3, cells);
        put16(base + 5, at);
    }

    private void put16(int at, int value) {
        pages[at] = (byte) (value >> 8);
        pages[at + 1] = (byte) value;
    }

    private BtreePage turn() {
        next = (next + 1) % PAGES;
        if (!page.read(pages, next * PAGE_BYTES, 2).ok()) throw new IllegalStateException("not a page");
        return page;
    }

    /** The cells alone: payload sizes and rowids. */
    @Benchmark
    public long cells() {
        BtreePage leaf = turn();
        long sum = 0;
        for (int cell = 0; cell < leaf.cells(); cell++) {
            if (leaf.cell(cell).ok()) sum += leaf.rowid() + leaf.payloadBytes();
        }
        return sum;
    }

    /** The cells, and that they lie side by side. */
    @Benchmark
    public boolean layout() {
        if (!layout.of(turn()).ok()) throw new IllegalStateException("not laid out");
        return true;
    }

    /** The cells, their layout, and every value but the text's bytes. */
    @Benchmark
    public long everything() {
        BtreePage leaf = turn();
        long sum = 0;
        boolean sound = layout.begin(leaf).ok();
        for (int cell = 0; cell < leaf.cells(); cell++) {
            sound &= leaf.cell(cell).ok()
                    && layout.claim().ok()
                    && record.read(leaf).ok();
            while (record.next()) sum += record.isInteger() ? record.integer() : record.contentBytes();
            sound &= record.end().ok();
        }
        if (!sound || !layout.end().ok()) throw new IllegalStateException("not sound");
        return sum;
    }
}
