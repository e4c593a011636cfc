package walsafe.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How a database stores text (fileformat2, 1.3.13). */
public enum TextEncoding {
    UTF_8(StandardCharsets.UTF_8),
    UTF_16LE(StandardCharsets.UTF_16LE),
    UTF_16BE(StandardCharsets.UTF_16BE);

    private final Charset charset;

    TextEncoding(Charset charset) {
        this.charset = charset;
    }

    /** As the header says: 1 to 3, and 0 in a database without a schema, which is UTF-8; empty for anything else. */
    public static Optional<TextEncoding> of(int code) {
        return switch (code) {
            case 0, 1 -> Optional.of(UTF_8);
            case 2 -> Optional.of(UTF_16LE);
            case 3 -> Optional.of(UTF_16BE);
            default -> Optional.empty();
        };
    }

    /** The characters; U+FFFD where the bytes are none. */
    public String decode(ByteBuffer bytes) {
        return charset.decode(bytes).toString();
    }

    /** Are the bytes text in this encoding to the last of them. */
    public boolean wellFormed(ByteBuffer bytes) {
        try {
            charset.newDecoder().decode(bytes);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
