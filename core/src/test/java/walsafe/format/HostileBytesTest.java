package walsafe.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sound files damaged in a hundred thousand ways, the same ways each time: no exception, no step more than the size of the
 * file allows, no array larger than the bytes that are there. {@code -Dfuzz.mutations} makes it more.
 */
class HostileBytesTest {
    private static final int MUTATIONS = Integer.getInteger("fuzz.mutations", 100_000);
    private static final List<PageKind> KINDS = List.of(PageKind.values());
    private static final List<byte[]> DATABASES = new ArrayList<>();
    private static byte[] wal = {};
    private static byte[] shm = {};
    private static byte[] journal = {};

    @BeforeAll
    static void soundFiles(@TempDir Path directory) throws Exception {
        for (int autoVacuum = 0; autoVacuum < 3; autoVacuum++) {
            DATABASES.add(Files.readAllBytes(Sqlite.database(
                    directory.resolve("d" + autoVacuum),
                    "PRAGMA page_size=512",
                    "PRAGMA auto_vacuum=" + autoVacuum,
                    "PRAGMA encoding='" + (autoVacuum == 1 ? "UTF-16le" : "UTF-8") + "'",
                    "CREATE TABLE t(a,b,c)",
                    "CREATE INDEX i ON t(b)",
                    "CREATE TABLE w(a PRIMARY KEY,b) WITHOUT ROWID",
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 40)"
                            + " INSERT INTO t SELECT i, i*0.7, hex(randomblob(i)) FROM n",
                    "INSERT INTO w SELECT a,c FROM t",
                    "INSERT INTO t VALUES (1,2,zeroblob(1500))",
                    "DELETE FROM t WHERE a BETWEEN 10 AND 20")));
        }
        Path killed = directory.resolve("wal.db");
        Victim.killed(
                killed,
                "PRAGMA page_size=512",
                "PRAGMA journal_mode=WAL",
                "CREATE TABLE t(x)",
                "INSERT INTO t VALUES (zeroblob(1500))",
                "INSERT INTO t VALUES (zeroblob(500))");
        wal = Files.readAllBytes(Sqlite.beside(killed, "-wal"));
        shm = Arrays.copyOf(Files.readAllBytes(Sqlite.beside(killed, "-shm")), 200);
        Path hot = Sqlite.database(
                directory.resolve("hot.db"),
                "PRAGMA page_size=512",
                "CREATE TABLE t(x)",
                "INSERT INTO t VALUES (zeroblob(5500))");
        Victim.killed(hot, "PRAGMA cache_size=2", "BEGIN", "UPDATE t SET x=1", "INSERT INTO t VALUES (zeroblob(9000))");
        journal = Files.readAllBytes(Sqlite.beside(hot, "-journal"));
    }

    @Test
    void aDatabaseOfAnyBytesIsReadToItsEnd() throws Exception {
        long most = 0;
        for (long seed = 0; seed < MUTATIONS / 10; seed++) {
            byte[] sound = DATABASES.get((int) (seed % DATABASES.size()));
            byte[] bytes = new Vandal(seed).damaged(sound);
            long steps = steps(bytes, "seed " + seed);
            most = Math.max(most, steps);
        }
        assertThat(most).isBetween(30L, 5_000L);
    }

    @Test
    void aPageOfAnyBytesIsReadToItsEnd() throws Exception {
        Geometry geometry = new Geometry(512, 0);
        byte[] sound = DATABASES.get(0);
        int readable = 0;
        for (long seed = 0; seed < MUTATIONS; seed++) {
            int number = (int) (seed % (sound.length / 512)) + 1;
            byte[] page = Arrays.copyOfRange(sound, (number - 1) * 512, number * 512);
            byte[] bytes = Arrays.copyOf(new Vandal(seed).damaged(page), 512);
            try {
                if (onePage(bytes, geometry, number)) readable++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(readable).isBetween(MUTATIONS / 100, MUTATIONS * 9 / 10);
    }

    private static boolean onePage(byte[] bytes, Geometry geometry, long number) {
        BtreePage page = new BtreePage(geometry);
        RecordCursor record = new RecordCursor();
        boolean readable = page.read(bytes, 0, number).ok();
        boolean sound = readable && new PageLayout(geometry).of(page).ok();
        PageKind kind = readable ? page.kind() : KINDS.get((int) (number % 4));
        page.readAs(kind, bytes, 0, number);
        for (int cell = 0; cell < page.cells(); cell++) cell(page, page.cell(cell), record, TextEncoding.UTF_8);
        for (int offset = 500; offset <= 512; offset++) cell(page, page.cellAt(offset), record, TextEncoding.UTF_8);
        return sound;
    }

    /** Reads everything there is in every way there is, and counts the pages read. */
    private static long steps(byte[] bytes, String which) {
        try {
            return everything(bytes);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new AssertionError(which, e);
        }
    }

    private static long everything(byte[] bytes) throws IOException {
        Optional<Header> header = Header.decode(bytes);
        Geometry geometry = header.flatMap(Geometry::of).orElseGet(() -> new Geometry(512, 0));
        Counting pages = new Counting(PageSource.of(ByteSource.of(bytes), geometry));
        TextEncoding encoding =
                header.flatMap(each -> TextEncoding.of(each.encoding())).orElse(TextEncoding.UTF_8);
        Schema schema = Schema.read(pages, geometry, encoding);
        for (SchemaRow row : schema.rows()) tree(pages, geometry, row.rootPage(), encoding);
        Freelist.walk(pages, geometry, header.map(Header::firstFreelistTrunk).orElse(2L), (page, trunk, isTrunk) -> {});
        everyPage(pages, geometry, encoding);
        return pages.reads;
    }

    private static void tree(PageSource pages, Geometry geometry, long root, TextEncoding encoding) throws IOException {
        List<Unreadable> troubles = new ArrayList<>();
        TreeCursor tree = new TreeCursor(pages, geometry, troubles::add);
        Payload payload = new Payload(pages, geometry, 4000);
        RecordCursor record = new RecordCursor();
        tree.start(root);
        while (tree.next()) {
            Reading reading = payload.read(tree.page());
            if (!reading.ok()) reading.why();
            if (payload.length() > 4000 || payload.bytes().length > 8000) throw new IllegalStateException("too much");
            record.read(payload.bytes(), 0, payload.length(), tree.page().payloadBytes(), 1);
            values(record, encoding);
        }
        if (tree.pagesVisited() > pages.pages()) throw new IllegalStateException("pages visited twice");
        troubles.forEach(Unreadable::why);
    }

    private static void everyPage(PageSource pages, Geometry geometry, TextEncoding encoding) throws IOException {
        byte[] bytes = new byte[geometry.pageSizeBytes()];
        BtreePage page = new BtreePage(geometry);
        PageLayout layout = new PageLayout(geometry);
        FreelistTrunk trunk = new FreelistTrunk(geometry);
        RecordCursor record = new RecordCursor();
        for (long number = 1; number <= pages.pages(); number++) {
            pages.read(number, bytes, 0);
            if (page.read(bytes, 0, number).ok()) layout.of(page);
            PageKind kind = KINDS.get((bytes[7] & 0xff) % 4); // as good as any
            page.readAs(kind, bytes, 0, number);
            layout.begin(page);
            for (int cell = 0; cell < page.cells(); cell++) cell(page, page.cell(cell), record, encoding);
            for (int offset = -1; offset <= 512; offset += 17) cell(page, page.cellAt(offset), record, encoding);
            trunk.read(bytes, 0, number);
            for (int leaf = 0; leaf < trunk.leaves(); leaf++) trunk.leaf(leaf);
            PtrmapEntry.decode(bytes, geometry.usableBytes() - PtrmapEntry.SIZE_BYTES);
        }
    }

    private static void cell(BtreePage page, Reading reading, RecordCursor record, TextEncoding encoding) {
        if (!reading.ok()) return;
        if (page.localBytes() < 0
                || page.cellOffset() + page.cellBytes() > page.geometry().usableBytes()) {
            throw new IllegalStateException("a cell that is not on its page");
        }
        page.overflowPage();
        if (!page.kind().leaf()) page.child();
        record.read(page);
        values(record, encoding);
    }

    private static void values(RecordCursor record, TextEncoding encoding) {
        while (record.next()) {
            if (!record.here()) continue;
            Value value = record.value(encoding);
            if (value instanceof Value.Text text && text.string().length() > record.contentBytes()) {
                throw new IllegalStateException("text longer than its bytes");
            }
        }
    }

    @Test
    void aLogOfAnyBytesIsReadToItsEnd() throws Exception {
        byte[] database = DATABASES.get(0);
        int committed = 0;
        byte[] page = new byte[65536];
        for (long seed = 0; seed < MUTATIONS / 25; seed++) {
            byte[] bytes = new Vandal(seed).damaged(wal);
            WalLog log = WalLog.read(ByteSource.of(bytes));
            if (log.committedFrames() > 0) committed++;
            assertThat(log.committedFrames()).isLessThanOrEqualTo(bytes.length / 536);
            PageSource pages = log.over(PageSource.of(ByteSource.of(database), new Geometry(512, 0)));
            for (long number : log.pages()) pages.read(number, page, 0);
            log.behind().forEach(run -> assertThat(run.frames()).isPositive());
            WalFrames frames =
                    WalFrames.withoutHeader(ByteSource.of(bytes), new Geometry(512, 0), ByteOrder.LITTLE_ENDIAN);
            while (frames.next()) frames.sumHolds();
        }
        assertThat(committed).isBetween(MUTATIONS / 200, MUTATIONS / 25 - 1);
    }

    @Test
    void aJournalOfAnyBytesIsReadToItsEnd() throws Exception {
        int played = 0;
        byte[] page = new byte[65536];
        for (long seed = 0; seed < MUTATIONS / 25; seed++) {
            byte[] bytes = new Vandal(seed).damaged(journal);
            JournalLog log = JournalLog.read(ByteSource.of(bytes), 512);
            if (log.pages().length > 0) played++;
            PageSource pages = log.over(PageSource.of(ByteSource.of(DATABASES.get(0)), new Geometry(512, 0)));
            for (long number : log.pages()) pages.read(number, page, 0);
            log.end().why();
            SuperJournal.names(bytes);
        }
        assertThat(played).isBetween(MUTATIONS / 200, MUTATIONS / 25 - 1);
    }

    @Test
    void aWalIndexOfAnyBytesIsRead() {
        for (long seed = 0; seed < MUTATIONS; seed++) {
            byte[] bytes = new Vandal(seed).damaged(shm);
            WalIndex.decode(bytes);
            WalIndexHeader.decode(bytes, 0);
            WalIndexHeader.decode(bytes, 1);
            WalIndexHeader.backfillAttempted(bytes);
        }
        assertThat(WalIndexHeader.decode(shm, 0)).isEqualTo(WalIndexHeader.decode(shm, 1));
        assertThat(WalIndexHeader.decode(shm, 0).orElseThrow().maxFrame())
                .isEqualTo(WalIndex.decode(shm).maxFrame())
                .isPositive();
    }

    /** A cell that claims two gigabytes, in a file of a few pages: seen at once, and nothing allocated for it. */
    @Test
    void aPayloadLargerThanTheFileIsRefusedWithoutBeingFollowed() throws Exception {
        byte[] bytes = new byte[4 * 512];
        byte[] page = new byte[512];
        page[0] = 13;
        page[4] = 1;
        page[5] = 1;
        page[8] = 1; // the cell at 256
        byte[] cell = {(byte) 0x87, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, 1};
        System.arraycopy(cell, 0, page, 256, cell.length);
        Geometry geometry = new Geometry(512, 0);
        Counting pages = new Counting(PageSource.of(ByteSource.of(bytes), geometry));
        BtreePage view = new BtreePage(geometry);
        assertThat(view.read(page, 0, 2).why()).isEmpty();
        assertThat(view.cell(0).why()).isEmpty();
        assertThat(view.payloadBytes()).isEqualTo(Integer.MAX_VALUE);
        Payload payload = new Payload(pages, geometry, Integer.MAX_VALUE);

        Reading reading = payload.read(view);

        assertThat(reading.why()).contains("more than the 2032 there can be");
        assertThat(pages.reads).isZero();
        assertThat(payload.bytes().length).isLessThan(10_000);
    }

    /** A chain of overflow pages that comes back to itself, in a file with room for all that it claims. */
    @Test
    void aChainInACircleEndsAfterAFewTurns() throws Exception {
        Geometry geometry = new Geometry(512, 0);
        byte[] bytes = new byte[5000 * 512];
        for (int page = 0; page < 5000; page++) {
            int next = page % 7 == 6 ? page - 5 : page + 2; // 1 to 7, and back
            bytes[page * 512 + 2] = (byte) (next >> 8);
            bytes[page * 512 + 3] = (byte) next;
        }
        Counting pages = new Counting(PageSource.of(ByteSource.of(bytes), geometry));

        Reading reading = new OverflowChain(pages, geometry).follow(1, 4000 * 508, 9, (page, from, at, length) -> true);

        assertThat(reading)
                .isInstanceOfSatisfying(
                        Unreadable.class, no -> assertThat(no.flaw()).isEqualTo(Flaw.CHAIN_IN_CIRCLES));
        assertThat(pages.reads).isLessThan(30);
    }

    private static final class Counting implements PageSource {
        private final PageSource pages;
        private long reads;

        Counting(PageSource pages) {
            this.pages = pages;
        }

        @Override
        public long pages() throws IOException {
            return pages.pages();
        }

        @Override
        public boolean read(long page, byte[] into, int at) throws IOException {
            reads++;
            return pages.read(page, into, at);
        }
    }
}
