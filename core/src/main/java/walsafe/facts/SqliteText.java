package walsafe.facts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Tells from the bytes of a program or library whether SQLite is built into it, and which.
 *
 * <p>A SQLite holds three texts. The magic of a database header and the source id ({@code sqlite3_sourceid()}: date,
 * time and hash of the check-in) say that it is one; the shell, which merely calls a library, has these too. The third
 * is {@code sqlite3_version[]}, which makes it the library itself. That is a short text, and other things in the same
 * program have versions alike, so it counts only if
 *
 * <ol>
 *   <li>no letter stands before it: compilers lay it behind other constants, not inside a sentence;
 *   <li>it is 3.7.0 or later: older ones know no WAL, and OpenSSL's 3.0 to 3.6 live in many of the same programs;
 *   <li>where several are left (a Python with SQLite built in has its own 3.11.7), the number that {@code
 *       sqlite3_libversion_number()} returns, 3045001 for 3.45.1, is in the machine code too. Not every processor's
 *       code holds it in one piece; then the version stays unknown.
 * </ol>
 *
 * @param isSqlite are all three texts there
 * @param version empty if there are several, and none is confirmed
 */
record SqliteText(boolean isSqlite, Optional<SqliteVersion> version) {
    static final SqliteText NONE = new SqliteText(false, Optional.empty());

    /** Where the bytes come from; they may be asked for twice. */
    interface Source {
        InputStream open() throws IOException;
    }

    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern SOURCE_ID =
            Pattern.compile("20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d [0-9a-f]{40}");
    private static final int SOURCE_ID_BYTES = 60;
    private static final Pattern VERSION = Pattern.compile("3\\.([7-9]|\\d\\d)\\.\\d{1,2}");
    private static final int LONGEST_VERSION = "3.99.99".length();

    /**
     * Reads up to {@code most} bytes, one block in memory at a time; twice if the version is in doubt.
     *
     * @throws IOException if bytes cannot be had; what they say is never an exception
     */
    static SqliteText read(Source source, long most) throws IOException {
        Finds finds = new Finds();
        try (InputStream in = source.open()) {
            ByteWindow window = new ByteWindow(in, most);
            if (!window.fill() || !window.has(ELF, window.first())) return NONE;
            do {
                finds.collect(window);
            } while (window.fill());
        }
        if (!finds.magic || !finds.sourceId || finds.versions.isEmpty()) return NONE;
        if (finds.versions.size() == 1) {
            return new SqliteText(true, finds.versions.stream().findFirst());
        }
        return new SqliteText(true, confirmed(source, most, finds.versions));
    }

    private static final class Finds {
        private boolean magic;
        private boolean sourceId;
        private final Set<SqliteVersion> versions = new TreeSet<>();

        /** Most bytes are none of the three first letters and cost one comparison each. */
        private void collect(ByteWindow window) {
            for (int at = window.first(); at < window.end(); at++) {
                byte letter = window.at(at);
                if (letter == '3' && window.at(at + 1) == '.') {
                    version(window, at).ifPresent(versions::add);
                } else if (letter == 'S' && !magic) {
                    magic = window.has(MAGIC, at);
                } else if (letter == '2' && !sourceId && window.at(at + 1) == '0') {
                    sourceId =
                            SOURCE_ID.matcher(window.text(at, SOURCE_ID_BYTES)).matches();
                }
            }
        }

        private static Optional<SqliteVersion> version(ByteWindow window, int at) {
            byte before = window.at(at - 1);
            if (before >= ' ') return Optional.empty();
            int length = 0;
            while (length <= LONGEST_VERSION && window.at(at + length) != 0) length++;
            String text = window.text(at, length);
            return VERSION.matcher(text).matches() ? SqliteVersion.parse(text) : Optional.empty();
        }
    }

    private static Optional<SqliteVersion> confirmed(Source source, long most, Set<SqliteVersion> versions)
            throws IOException {
        Set<SqliteVersion> inCode = new TreeSet<>();
        try (InputStream in = source.open()) {
            ByteWindow window = new ByteWindow(in, most);
            while (window.fill()) {
                for (int at = window.first(); at < window.end(); at++) {
                    SqliteVersion.ofNumber(window.littleEndian(at))
                            .filter(versions::contains)
                            .ifPresent(inCode::add);
                }
            }
        }
        return inCode.size() == 1 ? inCode.stream().findFirst() : Optional.empty();
    }
}
