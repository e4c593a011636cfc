package walsafe.format;

import java.nio.ByteBuffer;

/**
 * A value as it is stored (datatype3, 2). A column of affinity REAL may store a whole number as {@link Int}; whoever
 * knows the column has to turn it back.
 */
public sealed interface Value permits Value.Null, Value.Int, Value.Real, Value.Text, Value.Blob {
    enum Null implements Value {
        NULL
    }

    record Int(long value) implements Value {}

    record Real(double value) implements Value {}

    /**
     * Text.
     *
     * @param bytes as stored, read-only; may hold NUL and what is no text at all
     * @param encoding of the database
     */
    record Text(ByteBuffer bytes, TextEncoding encoding) implements Value {
        public Text {
            bytes = bytes.asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer bytes() {
            return bytes.duplicate();
        }

        /** The characters; U+FFFD where the bytes are none. */
        public String string() {
            return encoding.decode(bytes());
        }
    }

    /**
     * A blob.
     *
     * @param bytes as stored, read-only
     */
    record Blob(ByteBuffer bytes) implements Value {
        public Blob {
            bytes = bytes.asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer bytes() {
            return bytes.duplicate();
        }
    }
}
