package walsafe.format;

import java.io.IOException;

/**
 * Bytes that can be read at any place: a file, or what another process read for us. Reading it is the only thing in
 * this package that may throw.
 */
public interface ByteSource {
    /** Size at this moment. */
    long sizeBytes() throws IOException;

    /**
     * Reads into a part of an array.
     *
     * @param offset 0 or more
     * @return how many bytes could be had: fewer than asked for where the bytes end, 0 behind their end
     */
    int read(long offset, byte[] into, int at, int length) throws IOException;

    /** Bytes in memory; not copied. */
    static ByteSource of(byte[] bytes) {
        return new ByteSource() {
            @Override
            public long sizeBytes() {
                return bytes.length;
            }

            @Override
            public int read(long offset, byte[] into, int at, int length) {
                int had = (int) Math.max(0, Math.min(length, bytes.length - offset));
                if (had > 0) System.arraycopy(bytes, (int) offset, into, at, had);
                return had;
            }
        };
    }
}
