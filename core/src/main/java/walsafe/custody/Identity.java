package walsafe.custody;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * How a file is known again.
 *
 * @param inode its number
 * @param sizeBytes its length
 * @param sha256 of its bytes, 64 hexadecimal digits
 */
record Identity(long inode, long sizeBytes, String sha256) {
    private static final int CHUNK_BYTES = 1 << 20;

    /** Reads all of it through a channel that stays the caller's. */
    static Identity of(Path path, SeekableByteChannel channel) throws IOException {
        OptionalLong inode = inode(path);
        if (inode.isEmpty()) throw new NoSuchFileException(path.toString());
        return new Identity(inode.getAsLong(), channel.size(), sha256(channel));
    }

    /** Reads all of it through a descriptor of its own: never of a file that this process has a lock on. */
    static Identity of(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return of(path, channel);
        }
    }

    boolean sameBytes(Identity other) {
        return sizeBytes == other.sizeBytes && sha256.equals(other.sha256);
    }

    /** The number of what has this name, no link followed; empty if nothing has it. Opens nothing. */
    static OptionalLong inode(Path path) throws IOException {
        try {
            Map<String, Object> seen = Files.readAttributes(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
            return OptionalLong.of(((Number) Objects.requireNonNull(seen.get("ino"))).longValue());
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    private static String sha256(SeekableByteChannel channel) throws IOException {
        MessageDigest digest = digest();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        channel.position(0);
        while (channel.read(chunk.clear()) >= 0) digest.update(chunk.flip());
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
