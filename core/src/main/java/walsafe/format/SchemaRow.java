package walsafe.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A row of sqlite_schema, the table whose root is page 1.
 *
 * <pre>
 * column 0  type: table, index, view or trigger                  (fileformat2, 2.6)
 *        1  name
 *        2  tbl_name: the table that it belongs to; its own name if it is a table or view
 *        3  rootpage; 0 or NULL for views, triggers and virtual tables
 *        4  sql: the CREATE statement; NULL for the indexes that SQLite makes for UNIQUE and PRIMARY KEY
 * </pre>
 *
 * @param rowid in sqlite_schema
 * @param type as stored
 * @param rootPage 0 if it has none
 * @param sql empty for an automatic index
 */
public record SchemaRow(long rowid, String type, String name, String table, long rootPage, Optional<String> sql) {
    private static final int COLUMNS = 5;

    /** Empty if a record is no such row: then it has other columns or other types. */
    static Optional<SchemaRow> of(long rowid, RecordCursor record, TextEncoding encoding) {
        List<Value> values = new ArrayList<>(COLUMNS);
        while (record.next()) {
            if (!record.here() || values.size() == COLUMNS) return Optional.empty();
            values.add(record.value(encoding));
        }
        return record.end().ok() && values.size() == COLUMNS ? of(rowid, values) : Optional.empty();
    }

    private static Optional<SchemaRow> of(long rowid, List<Value> values) {
        Optional<String> type = text(values.get(0));
        Optional<String> name = text(values.get(1));
        Optional<String> table = text(values.get(2));
        if (type.isEmpty() || name.isEmpty() || table.isEmpty()) return Optional.empty();
        long root = values.get(3) instanceof Value.Int number ? number.value() : 0;
        return Optional.of(new SchemaRow(rowid, type.get(), name.get(), table.get(), root, text(values.get(4))));
    }

    private static Optional<String> text(Value value) {
        return value instanceof Value.Text text ? Optional.of(text.string()) : Optional.empty();
    }
}
