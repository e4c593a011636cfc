package walsafe.guard;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one statement, one after another: what a {@link ResultSet} of sqlite-jdbc gives, but with no way to the
 * statement and the connection behind it. Columns are numbered from 1, or named as SQLite names them, in either case.
 *
 * <p>Belongs to the thread that reads, and is dead once {@link Rows#read} has returned; then every call throws. NULL is
 * null for objects and 0 for numbers, as in JDBC; {@link #isNull} tells them apart.
 */
@SuppressWarnings("exports") // the annotation says something to tools; nobody needs it to call these
public final class Cursor {
    private final ResultSet rows;
    private final Thread reader = Thread.currentThread();
    private String @Nullable [] names; // asked for when a column is first named
    private boolean open = true;

    Cursor(ResultSet rows) {
        this.rows = rows;
    }

    /** Goes to the next row, at first to the first; false behind the last. */
    public boolean next() throws SQLException {
        return rows().next();
    }

    /** How many columns each row has. */
    public int columns() throws SQLException {
        return rows().getMetaData().getColumnCount();
    }

    /** The name of a column, as the statement says or as SQLite makes it up. */
    public String name(int column) throws SQLException {
        return rows().getMetaData().getColumnLabel(column);
    }

    public boolean isNull(int column) throws SQLException {
        return rows().getObject(column) == null;
    }

    public boolean isNull(String column) throws SQLException {
        return isNull(number(column));
    }

    public @Nullable String getString(int column) throws SQLException {
        return rows().getString(column);
    }

    public @Nullable String getString(String column) throws SQLException {
        return getString(number(column));
    }

    public int getInt(int column) throws SQLException {
        return rows().getInt(column);
    }

    public int getInt(String column) throws SQLException {
        return getInt(number(column));
    }

    public long getLong(int column) throws SQLException {
        return rows().getLong(column);
    }

    public long getLong(String column) throws SQLException {
        return getLong(number(column));
    }

    public double getDouble(int column) throws SQLException {
        return rows().getDouble(column);
    }

    public double getDouble(String column) throws SQLException {
        return getDouble(number(column));
    }

    public boolean getBoolean(int column) throws SQLException {
        return rows().getBoolean(column);
    }

    public boolean getBoolean(String column) throws SQLException {
        return getBoolean(number(column));
    }

    public byte @Nullable [] getBytes(int column) throws SQLException {
        return rows().getBytes(column);
    }

    public byte @Nullable [] getBytes(String column) throws SQLException {
        return getBytes(number(column));
    }

    /** As SQLite stores it: Integer, Long, Double, String, byte[] or null. */
    public @Nullable Object getObject(int column) throws SQLException {
        return rows().getObject(column);
    }

    public @Nullable Object getObject(String column) throws SQLException {
        return getObject(number(column));
    }

    void shut() {
        open = false;
    }

    private ResultSet rows() throws SQLException {
        if (Thread.currentThread() != reader) throw new SQLException("these rows are another thread's", "24000");
        if (!open) throw new SQLException("these rows were a read's, and the read has ended", "24000");
        return rows;
    }

    /**
     * Asks SQLite itself, once for each run of the statement: a statement that is kept is compiled anew when the schema has
     * changed, and the driver would go on with the numbers that the names had before.
     */
    private int number(String column) throws SQLException {
        String[] known = names == null ? names() : names;
        for (int i = 0; i < known.length; i++) {
            if (known[i].equalsIgnoreCase(column)) return i + 1;
        }
        throw new SQLException("no column is named " + column + ", only " + String.join(", ", known), "42S22");
    }

    private String[] names() throws SQLException {
        String[] all = new String[columns()];
        for (int i = 0; i < all.length; i++) all[i] = name(i + 1);
        names = all;
        return all;
    }
}
