package walsafe.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Unsigned numbers in an array of bytes, big-endian unless said otherwise: SQLite's files are. */
final class Bytes {
    private final ByteBuffer bytes;

    Bytes(byte[] bytes) {
        this(bytes, ByteOrder.BIG_ENDIAN);
    }

    Bytes(byte[] bytes, ByteOrder order) {
        this.bytes = ByteBuffer.wrap(bytes).order(order);
    }

    int u8(int offset) {
        return Byte.toUnsignedInt(bytes.get(offset));
    }

    int u16(int offset) {
        return Short.toUnsignedInt(bytes.getShort(offset));
    }

    int i32(int offset) {
        return bytes.getInt(offset);
    }

    long u32(int offset) {
        return Integer.toUnsignedLong(bytes.getInt(offset));
    }

    boolean has(int offset, byte[] expected) {
        for (int i = 0; i < expected.length; i++) {
            if (offset + i >= bytes.limit() || bytes.get(offset + i) != expected[i]) return false;
        }
        return true;
    }
}
