package walsafe.facts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a file that does not begin with SQLite's magic may be, by its first few thousand bytes. */
final class FirstBytes {
    /** @param magic Latin-1, so that each char is a byte */
    private record Mark(int offset, String magic, String words) {}

    // A longer magic before a shorter one that it begins with.
    private static final List<Mark> MARKS = List.of(
            new Mark(0, "** This file contains an SQLite 2.1 database **", "a database of SQLite 2"),
            new Mark(0, "7\u007f\u0006\u0082", "the -wal of a SQLite database"),
            new Mark(0, "7\u007f\u0006\u0083", "the -wal of a SQLite database"),
            new Mark(0, "\u00d9\u00d5\u0005\u00f9 \u00a1c\u00d7", "the rollback journal of a SQLite database"),
            new Mark(
                    0,
                    "version https://git-lfs.github.com/spec/",
                    "a Git LFS pointer: the file itself was not fetched"),
            new Mark(8, "DUCK", "a DuckDB database"),
            new Mark(0, "H:2,block:", "an H2 database"),
            new Mark(0, "-- H2 0.5/B --", "an H2 database"),
            new Mark(16, "T-DB", "a Realm database"),
            new Mark(4, "Standard Jet DB", "a Microsoft Access database"),
            new Mark(4, "Standard ACE DB", "a Microsoft Access database"),
            new Mark(16, "\u00de\u00c0\u00ef\u00be", "an LMDB database"),
            new Mark(16, "\u00ed\u00da\u000c\u00ed", "a bbolt database"),
            new Mark(0, "LTX1", "a transaction file of Litestream or LiteFS"),
            new Mark(0, "PAR1", "a Parquet file"),
            new Mark(0, "\u0089PNG\r\n\u001a\n", "a PNG image"),
            new Mark(0, "\u00ff\u00d8\u00ff", "a JPEG image"),
            new Mark(0, "GIF8", "a GIF image"),
            new Mark(8, "WEBP", "a WebP image"),
            new Mark(4, "ftyp", "an MP4 or HEIF file"),
            new Mark(0, "\u001f\u008b", "a gzip archive"),
            new Mark(0, "PK\u0003\u0004", "a zip archive"),
            new Mark(0, "PK\u0005\u0006", "a zip archive"),
            new Mark(0, "\u00fd7zXZ\u0000", "an xz archive"),
            new Mark(0, "(\u00b5/\u00fd", "a zstd archive"),
            new Mark(0, "\u0004\"M\u0018", "an LZ4 archive"),
            new Mark(0, "BZh", "a bzip2 archive"),
            new Mark(0, "7z\u00bc\u00af'\u001c", "a 7-Zip archive"),
            new Mark(0, "Rar!", "a RAR archive"),
            new Mark(257, "ustar", "a tar archive"),
            new Mark(0, "%PDF-", "a PDF document"),
            new Mark(0, "\u007fELF", "an ELF program or library"),
            new Mark(0, "MZ", "a Windows program or library"),
            new Mark(0, "\u00ca\u00fe\u00ba\u00be", "a Java class or a macOS program"),
            new Mark(0, "age-encryption.org/", "a file encrypted with age"),
            new Mark(0, "Salted__", "a file encrypted with OpenSSL"));

    private static final String MAGIC = "SQLite format 3\u0000";

    private final byte[] bytes;
    private final String latin;
    private final long sizeBytes;

    /**
     * @param bytes the first 4096, or fewer if there are fewer
     * @param sizeBytes of the whole file
     */
    FirstBytes(byte[] bytes, long sizeBytes) {
        this.bytes = bytes;
        this.latin = new String(bytes, ISO_8859_1);
        this.sizeBytes = sizeBytes;
    }

    /** With its article; empty if they suggest nothing. */
    Optional<String> lookLike() {
        if (zeros()) {
            return Optional.of(
                    bytes.length == sizeBytes ? "nothing but zero bytes" : "a file that begins with zero bytes");
        }
        if (isCutOff()) return Optional.of("a SQLite database cut off after " + sizeBytes + " bytes");
        if (isBeheaded()) return Optional.of("a SQLite database whose first bytes were overwritten");
        return MARKS.stream()
                .filter(mark -> latin.startsWith(mark.magic(), mark.offset()))
                .map(Mark::words)
                .findFirst()
                .or(this::text);
    }

    /** Not a byte has been written where the header belongs, or what was written is lost. */
    boolean zeros() {
        return latin.chars().allMatch(each -> each == 0);
    }

    private boolean isCutOff() {
        return sizeBytes < 100 && (latin.startsWith(MAGIC) || MAGIC.startsWith(latin));
    }

    /** Page size, payload fractions and the type of the schema's first page are where a database has them. */
    private boolean isBeheaded() {
        if (bytes.length < 512 || !latin.startsWith("@  ", 21)) return false;
        int pageSize = latin.charAt(16) << 8 | latin.charAt(17);
        boolean schemaPage = bytes[100] == 5 || bytes[100] == 13;
        return schemaPage && (pageSize == 1 || (pageSize >= 512 && Integer.bitCount(pageSize) == 1));
    }

    private Optional<String> text() {
        Optional<String> decoded = decoded();
        if (decoded.isEmpty() || decoded.get().chars().anyMatch(FirstBytes::binary)) return Optional.empty();
        return Optional.of(sortOfText(decoded.get().strip().toLowerCase(Locale.ROOT)));
    }

    private static String sortOfText(String text) {
        if (text.startsWith("pragma ")
                || text.startsWith("begin transaction")
                || text.startsWith("create table")
                || text.startsWith("insert into")
                || text.startsWith("-- ")) {
            return "a text file that begins like a SQL dump";
        }
        if (text.startsWith("{") || text.startsWith("[")) return "a text file that begins like JSON";
        if (text.startsWith("<!doctype html") || text.startsWith("<html")) return "an HTML page";
        if (text.startsWith("<?xml")) return "an XML document";
        if (text.startsWith("#!")) return "a script";
        return "a text file";
    }

    private static boolean binary(int each) {
        return each < ' ' && each != '\n' && each != '\r' && each != '\t' && each != '\f';
    }

    /** As UTF-8. The last character may be cut in two, so up to three bytes at the end are not looked at. */
    private Optional<String> decoded() {
        for (int dropped = 0; dropped <= 3 && dropped < bytes.length; dropped++) {
            try {
                String text = UTF_8.newDecoder()
                        .decode(ByteBuffer.wrap(bytes, 0, bytes.length - dropped))
                        .toString();
                return Optional.of(text.startsWith("\ufeff") ? text.substring(1) : text);
            } catch (CharacterCodingException e) {
                if (bytes.length == sizeBytes) return Optional.empty();
                // else perhaps cut in two: try with one byte less
            }
        }
        return Optional.empty();
    }

    /**
     * Whole pages of bytes as even as random ones. So are compressed files, but those have a magic; and a database of
     * SQLCipher, SEE or sqlite3mc has none.
     */
    boolean mayBeEncrypted() {
        return sizeBytes % 512 == 0 && bytes.length >= 512 && bitsPerByte() > evenlyRandom() - 0.1;
    }

    private double bitsPerByte() {
        int[] counts = new int[256];
        for (byte each : bytes) counts[Byte.toUnsignedInt(each)]++;
        double bits = 0;
        for (int count : counts) {
            double share = (double) count / bytes.length;
            if (count > 0) bits -= share * Math.log(share) / Math.log(2);
        }
        return bits;
    }

    /** What so many random bytes come to: a little under 8 (Miller and Madow's correction; 7.955 for 4096 bytes). */
    private double evenlyRandom() {
        return 8 - 255 / (2 * bytes.length * Math.log(2));
    }
}
