package walsafe.peer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Text as file names. Digits and small letters alone, five bits each, since SMB and vfat forbid others and hold great and
 * small letters for the same; 105 of them at most, so that the whole name keeps within the 143 bytes that eCryptfs allows.
 */
final class Letters {
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuv";
    private static final int BYTES = 65; // 104 digits

    private Letters() {}

    /** In pieces that each fit into a name; one piece, empty, for the empty text. */
    static List<String> written(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from == 0 || from < bytes.length; from += BYTES) {
            pieces.add(digits(bytes, from, Math.min(bytes.length, from + BYTES)));
        }
        return pieces;
    }

    private static String digits(byte[] bytes, int from, int to) {
        StringBuilder digits = new StringBuilder();
        int held = 0;
        int bits = 0;
        for (int i = from; i < to; i++) {
            held = (held << 8) | (bytes[i] & 0xff);
            for (bits += 8; bits >= 5; bits -= 5) digits.append(DIGITS.charAt((held >> (bits - 5)) & 31));
            held &= (1 << bits) - 1;
        }
        if (bits > 0) digits.append(DIGITS.charAt((held << (5 - bits)) & 31));
        return digits.toString();
    }

    /** @throws IllegalArgumentException if these were not written so */
    static String read(List<String> pieces) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String piece : pieces) {
            int held = 0;
            int bits = 0;
            for (int i = 0; i < piece.length(); i++) {
                int digit = DIGITS.indexOf(piece.charAt(i));
                if (digit < 0) throw new IllegalArgumentException("not a digit: " + piece.charAt(i));
                held = (held << 5) | digit;
                bits += 5;
                if (bits >= 8) {
                    bits -= 8;
                    bytes.write(held >> bits);
                    held &= (1 << bits) - 1;
                }
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
