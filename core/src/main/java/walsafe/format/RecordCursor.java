package walsafe.format;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Walks the values of a record one after the other, and looks at no more than it is asked for. Allocates nothing but
 * where {@link #value} is called or bytes are unreadable. Not for several threads at once.
 *
 * <pre>
 * a record: size of its header, counting itself, varint; a serial type for each value, varints; the values
 *
 * serial type  bytes  value                                      (fileformat2, 2.1)
 *      0         0    NULL
 *    1 to 4    1 to 4 integer, big-endian, two's complement
 *      5         6    likewise
 *      6         8    likewise
 *      7         8    IEEE 754 double, big-endian
 *      8         0    the integer 0 (schema format 4)
 *      9         0    the integer 1 (schema format 4)
 *    10, 11           never written
 *   n &gt;= 12, even  (n-12)/2  BLOB
 *   n &gt;= 13, odd   (n-13)/2  text
 * </pre>
 *
 * <pre>{@code
 * if (record.read(page).ok()) {
 *     while (record.next()) …record.serialType(), record.integer()…
 * }
 * record.end() // OK if all of it fits together
 * }</pre>
 */
public final class RecordCursor {
    private static final int[] SIZES = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};

    private byte[] bytes = {};
    private int base;
    private int present;
    private long payloadBytes;
    private long page;

    private int headerAt;
    private int headerEnd;
    private int column;
    private long serialType;
    private long contentFrom;
    private long contentBytes;
    private Reading end = Legible.YES;

    /** One that is not at a record yet. */
    public RecordCursor() {}

    /** Moves to the record in the page's present cell: to as much of it as the cell has. */
    public Reading read(BtreePage page) {
        return read(page.bytes(), page.payloadAt(), page.localBytes(), page.payloadBytes(), page.number());
    }

    /**
     * Moves to a record.
     *
     * @param bytes not copied
     * @param at where it begins in them
     * @param present how many bytes of it are at hand, from its beginning
     * @param payloadBytes how many it has
     * @param page number of the page to name where it is unreadable
     */
    public Reading read(byte[] bytes, int at, int present, long payloadBytes, long page) {
        this.bytes = bytes;
        this.base = at;
        this.present = present;
        this.payloadBytes = payloadBytes;
        this.page = page;
        column = -1;
        contentBytes = 0;
        headerAt = 0; // so that a record which cannot be read has no values
        headerEnd = 0;
        contentFrom = 0;
        end = header();
        return end;
    }

    private Reading header() {
        int length = Varint.length(bytes, base, base + present);
        if (length == 0) return flaw(Flaw.RECORD_HEADER_TORN, present, payloadBytes);
        long size = Varint.value(bytes, base);
        if (size < length) return flaw(Flaw.RECORD_HEADER_EMPTY, size, length);
        if (size < 0 || size > payloadBytes) return flaw(Flaw.RECORD_HEADER_TOO_LONG, size, payloadBytes);
        if (size > present) return flaw(Flaw.RECORD_HEADER_NOT_HERE, size, present);
        headerAt = length;
        headerEnd = (int) size;
        contentFrom = size;
        return Legible.YES;
    }

    private Unreadable flaw(Flaw flaw, long seen, long expected) {
        return new Unreadable(flaw, page, seen, expected);
    }

    /** Moves to the next value; false behind the last one, and where the record cannot be read on: {@link #end} tells. */
    public boolean next() {
        if (headerAt >= headerEnd) {
            finish();
            return false;
        }
        contentFrom += contentBytes;
        contentBytes = 0;
        int first = bytes[base + headerAt];
        if (first >= 0) {
            serialType = first;
            headerAt++;
        } else if (!longSerialType()) return false;
        if (serialType >= 12) contentBytes = (serialType - 12) >>> 1;
        else if (serialType == 10 || serialType == 11) return stop(Flaw.SERIAL_TYPE_RESERVED, serialType, 0);
        else contentBytes = SIZES[(int) serialType];
        if (contentBytes > payloadBytes - contentFrom) {
            return stop(Flaw.RECORD_TOO_SHORT, contentFrom + contentBytes, payloadBytes);
        }
        column++;
        return true;
    }

    private boolean longSerialType() {
        int length = Varint.length(bytes, base + headerAt, base + headerEnd);
        if (length == 0) return stop(Flaw.RECORD_HEADER_TORN, headerAt + (long) Varint.MOST_BYTES, headerEnd);
        serialType = Varint.value(bytes, base + headerAt);
        headerAt += length;
        return serialType >= 0 || stop(Flaw.RECORD_TOO_SHORT, serialType, payloadBytes);
    }

    private boolean stop(Flaw flaw, long seen, long expected) {
        end = flaw(flaw, seen, expected);
        headerAt = headerEnd;
        contentBytes = 0;
        return false;
    }

    private void finish() {
        if (!end.ok()) return;
        long ends = contentFrom + contentBytes;
        if (ends != payloadBytes) end = flaw(Flaw.RECORD_TOO_LONG, ends, payloadBytes);
    }

    /** Why there is no next value: OK if the header and the values end where they should. */
    public Reading end() {
        return end;
    }

    /** Which value this is, from 0. */
    public int column() {
        return column;
    }

    public long serialType() {
        return serialType;
    }

    public boolean isNull() {
        return serialType == 0;
    }

    public boolean isInteger() {
        return (serialType >= 1 && serialType <= 6) || serialType == 8 || serialType == 9;
    }

    public boolean isReal() {
        return serialType == 7;
    }

    public boolean isBlob() {
        return serialType >= 12 && (serialType & 1) == 0;
    }

    public boolean isText() {
        return serialType >= 13 && (serialType & 1) == 1;
    }

    /** Where its bytes begin in the payload. */
    public long contentFrom() {
        return contentFrom;
    }

    /** How many bytes it has. */
    public long contentBytes() {
        return contentBytes;
    }

    /** Are all its bytes at hand. Where they are not, {@link Payload} has them. */
    public boolean here() {
        return contentFrom + contentBytes <= present;
    }

    /** Where its bytes begin in the array that {@link #read} was told, if they are {@link #here}. */
    public int contentAt() {
        return base + (int) contentFrom;
    }

    /** Its value, if it {@link #isInteger} and {@link #here}. */
    public long integer() {
        int at = contentAt();
        return switch ((int) serialType) {
            case 1 -> bytes[at];
            case 2 -> (short) BigEndian.u16(bytes, at);
            case 3 -> bytes[at] << 16 | BigEndian.u16(bytes, at + 1);
            case 4 -> BigEndian.i32(bytes, at);
            case 5 -> (long) (short) BigEndian.u16(bytes, at) << 32 | BigEndian.u32(bytes, at + 2);
            case 6 -> BigEndian.i64(bytes, at);
            case 9 -> 1;
            default -> 0;
        };
    }

    /** Its value, if it {@link #isReal} and {@link #here}. */
    public double real() {
        return Double.longBitsToDouble(BigEndian.i64(bytes, contentAt()));
    }

    /** Its value, copied, if it is {@link #here}. */
    public Value value(TextEncoding encoding) {
        if (!here()) {
            throw new IllegalStateException("of " + contentBytes + " bytes at " + contentFrom + " only those before "
                    + present + " are at hand");
        }
        if (isNull()) return Value.Null.NULL;
        if (isInteger()) return new Value.Int(integer());
        if (isReal()) return new Value.Real(real());
        ByteBuffer copy = ByteBuffer.wrap(Arrays.copyOfRange(bytes, contentAt(), contentAt() + (int) contentBytes));
        return isText() ? new Value.Text(copy, encoding) : new Value.Blob(copy);
    }
}
