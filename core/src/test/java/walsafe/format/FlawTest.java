package walsafe.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leaf of a table that SQLite wrote, with a free block in it; then one thing wrong with it. */
class FlawTest {
    private static final int ROOT = 2;

    @TempDir
    Path directory;

    private byte[] bytes = {};

    @BeforeEach
    void aLeaf() throws Exception {
        byte[] file = Files.readAllBytes(Sqlite.database(
                directory.resolve("a.db"),
                "PRAGMA page_size=512",
                "CREATE TABLE t(x)",
                "INSERT INTO t VALUES ('one'), ('twotwo'), ('three'), ('fourfour'), ('five')",
                "DELETE FROM t WHERE x IN ('twotwo', 'fourfour')"));
        bytes = Arrays.copyOfRange(file, 512, 1024);
        assertThat(flaw()).isEmpty();
        assertThat(u16(1)).as("a free block").isPositive();
    }

    @Test
    void aKindThatIsNoneIsTold() {
        bytes[0] = 7;

        assertThat(flaw()).containsExactly(Flaw.PAGE_KIND_UNKNOWN);
    }

    @Test
    void moreCellsThanHaveRoomAreTold() {
        bytes[3] = 1;

        assertThat(flaw()).containsExactly(Flaw.CELLS_TOO_MANY);
    }

    @Test
    void contentThatBeginsWithinThePointersIsTold() {
        put16(5, 9);

        assertThat(flaw()).containsExactly(Flaw.CONTENT_START_OUTSIDE);
    }

    @Test
    void twoPointersToOneCellAreTold() {
        put16(8, u16(10));

        assertThat(flaw()).containsExactly(Flaw.BYTES_USED_TWICE);
    }

    @Test
    void aPointerOutsideOfTheContentIsTold() {
        put16(8, u16(5) - 1);

        assertThat(flaw()).containsExactly(Flaw.CELL_OUTSIDE);
    }

    @Test
    void aPayloadBehindThePagesEndIsTold() {
        bytes[u16(8)] = 100;

        assertThat(flaw()).containsExactly(Flaw.CELL_TOO_LONG);
    }

    @Test
    void aWrongCountOfFragmentsIsTold() {
        bytes[7]++;

        assertThat(flaw()).containsExactly(Flaw.FRAGMENTS_MISCOUNTED);
    }

    @Test
    void freeBlocksThatLieWrongAreTold() {
        int first = u16(1);
        put16(1, 3);
        assertThat(flaw()).containsExactly(Flaw.FREEBLOCK_OUTSIDE);
        put16(1, first);
        put16(first, first); // its own next: it does not rise
        assertThat(flaw()).containsExactly(Flaw.FREEBLOCK_ORDER);
        put16(first, 0);
        put16(first + 2, 600);
        assertThat(flaw()).containsExactly(Flaw.FREEBLOCK_TOO_LONG);
    }

    @Test
    void aRecordThatDoesNotFitItsPayloadIsTold() {
        int payload = u16(8) + 2;
        assertThat(record()).isEmpty();
        bytes[payload + 1] = 10;
        assertThat(record()).containsExactly(Flaw.SERIAL_TYPE_RESERVED);
        bytes[payload + 1] = 13;
        assertThat(record()).containsExactly(Flaw.RECORD_TOO_LONG);
        bytes[payload + 1] = 33;
        assertThat(record()).containsExactly(Flaw.RECORD_TOO_SHORT);
        bytes[payload] = 0;
        assertThat(record()).containsExactly(Flaw.RECORD_HEADER_EMPTY);
        bytes[payload] = 90;
        assertThat(record()).containsExactly(Flaw.RECORD_HEADER_TOO_LONG);
    }

    @Test
    void whatIsWrongIsSaidWithItsNumbers() {
        assertThat(new Unreadable(Flaw.CELLS_TOO_MANY, 9, 700, 84).why())
                .isEqualTo("it claims 700 cells; at most 84 have room");
        assertThat(Legible.YES.why()).isEmpty();
    }

    private List<Flaw> flaw() {
        BtreePage page = new BtreePage(new Geometry(512, 0));
        Reading reading = page.read(bytes, 0, ROOT);
        return flaws(reading.ok() ? new PageLayout(new Geometry(512, 0)).of(page) : reading);
    }

    private List<Flaw> record() {
        BtreePage page = new BtreePage(new Geometry(512, 0));
        RecordCursor record = new RecordCursor();
        assertThat(page.read(bytes, 0, ROOT).ok() && page.cell(0).ok()).isTrue();
        record.read(page);
        while (record.next()) assertThat(record.here()).isTrue();
        return flaws(record.end());
    }

    private static List<Flaw> flaws(Reading reading) {
        List<Flaw> flaws = new ArrayList<>();
        if (reading instanceof Unreadable unreadable) flaws.add(unreadable.flaw());
        return flaws;
    }

    private int u16(int at) {
        return BigEndian.u16(bytes, at);
    }

    private void put16(int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }
}
