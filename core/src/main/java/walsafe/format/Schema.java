package walsafe.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The schema as it is stored: the rows of the tree whose root is page 1.
 *
 * @param rows those that can be read, in order of rowid
 * @param troubles what could not be read on the way
 * @param cut was there more than is read at most: a million rows, 256 MiB, a thousand troubles. No living schema comes near
 *     that, since SQLite holds it in memory
 */
public record Schema(List<SchemaRow> rows, List<Unreadable> troubles, boolean cut) {
    private static final int MOST_ROWS = 1_000_000;
    private static final int MOST_TROUBLES = 1000;
    private static final int MOST_ROW_BYTES = 1 << 24; // 16 MiB
    private static final long MOST_BYTES = 1 << 28; // 256 MiB

    public Schema {
        rows = List.copyOf(rows);
        troubles = List.copyOf(troubles);
    }

    /**
     * Reads it. What the bytes say is in the result, never an exception.
     *
     * @throws IOException if bytes cannot be had
     */
    public static Schema read(PageSource pages, Geometry geometry, TextEncoding encoding) throws IOException {
        Reader reader = new Reader(pages, geometry, encoding);
        reader.run();
        return new Schema(reader.rows, reader.troubles, reader.full());
    }

    private static final class Reader {
        private final TreeCursor tree;
        private final Payload payload;
        private final RecordCursor record = new RecordCursor();
        private final TextEncoding encoding;
        private final List<SchemaRow> rows = new ArrayList<>();
        private final List<Unreadable> troubles = new ArrayList<>();
        private long bytes;

        Reader(PageSource pages, Geometry geometry, TextEncoding encoding) {
            this.tree = new TreeCursor(pages, geometry, this::trouble);
            this.payload = new Payload(pages, geometry, MOST_ROW_BYTES);
            this.encoding = encoding;
        }

        private boolean full() {
            return rows.size() >= MOST_ROWS || bytes > MOST_BYTES || troubles.size() >= MOST_TROUBLES;
        }

        private void trouble(Reading reading) {
            if (reading instanceof Unreadable unreadable && troubles.size() < MOST_TROUBLES) troubles.add(unreadable);
        }

        void run() throws IOException {
            tree.start(1);
            while (!full() && tree.next()) row(tree.page());
        }

        private void row(BtreePage page) throws IOException {
            Reading gathered = payload.read(page);
            trouble(gathered);
            bytes += payload.length();
            if (payload.length() < page.payloadBytes()) return;
            Reading header = record.read(payload.bytes(), 0, payload.length(), payload.length(), page.number());
            trouble(header);
            if (!header.ok()) return;
            Optional<SchemaRow> row = SchemaRow.of(page.rowid(), record, encoding);
            row.ifPresent(rows::add);
            if (row.isEmpty()) trouble(new Unreadable(Flaw.SCHEMA_ROW_FOREIGN, page.number(), page.rowid(), 0));
        }
    }
}
