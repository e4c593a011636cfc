package walsafe.custody;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import walsafe.facts.DatabasePart;

/**
 * What is about to take whose name: the contents of an intent file, the same bytes as {@code docs/decisions/0016} has.
 * Numbers are big-endian.
 *
 * <pre>
 *    0  16  "walsafe-intent-1" in ASCII
 *   16  32  SHA-256 of all that follows
 *   48   8  when, milliseconds since 1970 in UTC
 *   56   8  inode of the new file
 *   64   8  its size in bytes
 *   72  32  its SHA-256
 *  104 144  the same 48 bytes for what has the names now: database, -wal, -journal; all zero where there is none
 *  248   2  length n of the set's name in bytes
 *  250   n  the set's name, a directory in quarantine, in ASCII
 *    …   2  length m of the database's own name in bytes
 *    …   m  the database's own name, without directories, in UTF-8
 * </pre>
 *
 * @param atMillis when
 * @param fresh the file that is to have the name
 * @param old what has the names now; the database always, the others if they are there
 * @param set where what is old is kept, the name of a directory in quarantine
 * @param database the file's own name, without directories
 */
record Replacement(long atMillis, Identity fresh, Map<DatabasePart, Identity> old, String set, String database) {
    /** No intent is longer; file names have 255 bytes at most. */
    static final int MAX_BYTES = 1024;

    /** {@code 20261126T122258.123Z}: sorts by time, and no filesystem forbids it. */
    static final Pattern SET_NAME = Pattern.compile("\\d{8}T\\d{6}\\.\\d{3}Z(-\\d{1,3})?");

    private static final byte[] MAGIC = "walsafe-intent-1".getBytes(StandardCharsets.US_ASCII);
    private static final int SUM_AT = MAGIC.length;
    private static final int BODY_AT = SUM_AT + 32;

    Replacement {
        old = new EnumMap<>(old);
        Objects.requireNonNull(old.get(DatabasePart.DATABASE), "a replacement replaces something");
    }

    Identity oldDatabase() {
        return Objects.requireNonNull(old.get(DatabasePart.DATABASE));
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
        out.put(MAGIC).position(BODY_AT).putLong(atMillis);
        put(out, Optional.of(fresh));
        for (DatabasePart part : Folder.SET) put(out, Optional.ofNullable(old.get(part)));
        put(out, set.getBytes(StandardCharsets.US_ASCII));
        put(out, database.getBytes(StandardCharsets.UTF_8));
        byte[] bytes = Arrays.copyOf(out.array(), out.position());
        System.arraycopy(sum(bytes), 0, bytes, SUM_AT, 32);
        return bytes;
    }

    /**
     * Understands it, or says why not.
     *
     * @throws IOException with a clause that can follow "the intent": bytes that were not written by {@link #encode}
     */
    static Replacement decode(byte[] bytes) throws IOException {
        if (bytes.length > MAX_BYTES || bytes.length < 252) throw new IOException("has " + bytes.length + " bytes");
        if (!Arrays.equals(MAGIC, 0, MAGIC.length, bytes, 0, MAGIC.length)) throw new IOException("is none of ours");
        if (!MessageDigest.isEqual(sum(bytes), Arrays.copyOfRange(bytes, SUM_AT, BODY_AT))) {
            throw new IOException("does not have the checksum that it says");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).position(BODY_AT);
        long atMillis = in.getLong();
        Identity fresh = identity(in).orElseThrow(() -> new IOException("names no new file"));
        Map<DatabasePart, Identity> old = new EnumMap<>(DatabasePart.class);
        for (DatabasePart part : Folder.SET) identity(in).ifPresent(identity -> old.put(part, identity));
        String set = text(in);
        String database = text(in);
        if (in.hasRemaining()) throw new IOException("is longer than it says");
        if (!SET_NAME.matcher(set).matches()) throw new IOException("names no set in quarantine");
        if (!old.containsKey(DatabasePart.DATABASE)) throw new IOException("names no old database");
        return new Replacement(atMillis, fresh, old, set, database);
    }

    private static byte[] sum(byte[] bytes) {
        MessageDigest digest = Identity.digest();
        digest.update(bytes, BODY_AT, bytes.length - BODY_AT);
        return digest.digest();
    }

    private static void put(ByteBuffer out, Optional<Identity> identity) {
        out.putLong(identity.map(Identity::inode).orElse(0L));
        out.putLong(identity.map(Identity::sizeBytes).orElse(0L));
        out.put(identity.map(each -> HexFormat.of().parseHex(each.sha256())).orElseGet(() -> new byte[32]));
    }

    private static void put(ByteBuffer out, byte[] text) {
        out.putShort((short) text.length).put(text);
    }

    private static Optional<Identity> identity(ByteBuffer in) throws IOException {
        long inode = in.getLong();
        long sizeBytes = in.getLong();
        byte[] sha256 = new byte[32];
        in.get(sha256);
        if (sizeBytes < 0) throw new IOException("names a size below 0");
        return inode == 0
                ? Optional.empty()
                : Optional.of(new Identity(inode, sizeBytes, HexFormat.of().formatHex(sha256)));
    }

    private static String text(ByteBuffer in) throws IOException {
        int length = in.remaining() < 2 ? Integer.MAX_VALUE : Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) throw new IOException("is shorter than it says");
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
