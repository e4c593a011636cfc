package walsafe.peer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the two sides of a connection both know, for this one time. It does not travel: each side shows that it has it by a
 * sum over it and two numbers of chance (HMAC-SHA-256, RFC 2104), so that who listens in learns nothing to use again.
 */
final class Token {
    private static final SecureRandom CHANCE = new SecureRandom();

    private final String text;

    private Token(String text) {
        this.text = text;
    }

    static Token fresh() {
        return new Token(chance(10) + "-" + chance(10)); // 160 bits
    }

    static Token of(String text) {
        return new Token(text.strip());
    }

    /** That many random bytes in hexadecimal. */
    static String chance(int bytes) {
        byte[] random = new byte[bytes];
        CHANCE.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    String text() {
        return text;
    }

    /** What only who has the token can say. */
    String proof(String role, String numbers) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(("walsafe " + text).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] sum = mac.doFinal((role + ' ' + numbers).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    boolean proved(String role, String numbers, String proof) {
        byte[] wanted = proof(role, numbers).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(wanted, proof.getBytes(StandardCharsets.UTF_8)); // in constant time
    }
}
