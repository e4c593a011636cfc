package walsafe.finding;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A document of pages as it ships in the jar: {@code docs/problems.md}, {@code docs/sqlite-errors.md}.
 *
 * <p>A page begins with a line {@code ## heading} and ends before the next heading. Two kinds of line inside it are
 * read by us and by people alike:
 *
 * <pre>
 * Codes: SQLITE_IOERR_SHORT_READ (522), …     further codes told of on this page; the heading may carry one, too
 * Messages: `database is locked` · …          texts by which the page is found; … stands for anything
 * </pre>
 *
 * <p>Everything is found with {@code indexOf}: {@code walsafe explain} is run by people who wait for it, and neither
 * regular expressions nor streams come for free when a JVM starts.
 */
record Book(String front, List<Entry> entries) {
    private static final String PAGE = "\n## ";

    /** One page: its heading, the text below it, and what it is found by. */
    record Entry(String heading, String text, List<Code> codes, List<String> messages) {
        /** Is it about a code (general), or about one message (special)? */
        boolean isAboutCode() {
            return heading.startsWith("SQLITE_");
        }

        Explain.Page page() {
            return new Explain.Page(heading, text);
        }
    }

    /** A result code of SQLite (rescode.html). */
    record Code(String name, int number) {
        boolean isExtended() {
            return number > 255;
        }
    }

    static Book read(String resource) {
        try (InputStream in = Book.class.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException(resource + " is missing from the jar");
            // A checkout on Windows may have given the lines other ends.
            return parse(new String(in.readAllBytes(), UTF_8).replace("\r\n", "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Book parse(String document) {
        List<Entry> entries = new ArrayList<>();
        int first = document.indexOf(PAGE);
        for (int start = first; start >= 0; ) {
            int next = document.indexOf(PAGE, start + 1);
            int chapter = document.indexOf("\n# ", start + 1);
            int end = earlier(next, chapter, document.length());
            entries.add(entry(document.substring(start + PAGE.length(), end)));
            start = next;
        }
        return new Book(first < 0 ? document : document.substring(0, first), List.copyOf(entries));
    }

    private static int earlier(int one, int other, int last) {
        int end = one < 0 ? last : one;
        return other < 0 ? end : Math.min(end, other);
    }

    private static Entry entry(String page) {
        int endOfHeading = page.indexOf('\n');
        String heading = endOfHeading < 0 ? page : page.substring(0, endOfHeading);
        String text = endOfHeading < 0 ? "" : page.substring(endOfHeading + 1).strip();
        List<Code> codes = new ArrayList<>(codesIn(heading));
        codes.addAll(codesIn(lineAfter("Codes: ", page)));
        return new Entry(heading, text, List.copyOf(codes), quotedIn(lineAfter("Messages: ", page)));
    }

    private static String lineAfter(String label, String page) {
        int label0 = page.indexOf("\n" + label);
        if (label0 < 0) return "";
        int start = label0 + 1 + label.length();
        int end = page.indexOf('\n', start);
        return end < 0 ? page.substring(start) : page.substring(start, end);
    }

    /** Each {@code SQLITE_NAME (number)} of a line. */
    private static List<Code> codesIn(String line) {
        List<Code> codes = new ArrayList<>();
        for (int at = line.indexOf("SQLITE_"); at >= 0; at = line.indexOf("SQLITE_", at + 1)) {
            int open = line.indexOf(" (", at);
            int close = line.indexOf(')', at);
            if (open < 0 || close < open) break;
            codes.add(new Code(line.substring(at, open), Integer.parseInt(line.substring(open + 2, close))));
        }
        return codes;
    }

    /** Each text between backticks, in lower case. */
    private static List<String> quotedIn(String line) {
        List<String> quoted = new ArrayList<>();
        for (int open = line.indexOf('`'); open >= 0; ) {
            int close = line.indexOf('`', open + 1);
            if (close < 0) break;
            quoted.add(Letters.lower(line.substring(open + 1, close)));
            open = line.indexOf('`', close + 1);
        }
        return List.copyOf(quoted);
    }
}
