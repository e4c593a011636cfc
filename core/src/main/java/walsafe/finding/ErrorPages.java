package walsafe.finding;

import java.util.List;
import java.util.Optional;
import walsafe.finding.Book.Code;
import walsafe.finding.Book.Entry;
import walsafe.finding.Explain.Page;

/**
 * Finds the page about an error of SQLite's by what a program has printed.
 *
 * <p>A pasted message often holds several clues, such as {@code [SQLITE_IOERR_SHORT_READ] … (disk I/O error)}. They are
 * tried from the most telling to the least:
 *
 * <ol>
 *   <li>the name of an extended code, {@code SQLITE_IOERR_SHORT_READ}
 *   <li>a message with a page of its own, {@code btreeInitPage() returns error code 11}
 *   <li>the number of an extended code, {@code 522}
 *   <li>a message that belongs to a code, {@code database is locked}
 *   <li>the name or number of a primary code, {@code SQLITE_BUSY}, {@code 5}
 *   <li>a part of a message that only one page has, {@code disk image is malformed}
 * </ol>
 *
 * <p>Of several messages the longest decides. An extended code that has no page leads to the page of its primary code,
 * which is its lowest byte (rescode.html, section 3), and is told so.
 *
 * @param book the pages, {@code docs/sqlite-errors.md}
 */
record ErrorPages(Book book) {
    private static final String PREFIX = "sqlite_";

    /** Twice the longest of today; what is longer is no code, and would only cost time. */
    private static final int LONGEST_NAME = 64;

    /** Less would be words that happen to stand in a message. */
    private static final int SHORTEST_PART = 10;

    /** {@code SQLITE_WARNING}, the last primary code that is an error or a notice (rescode.html, section 5). */
    private static final int LAST_PRIMARY = 28;

    /** The page for a text in lower case. */
    Optional<Page> of(String wanted) {
        int number = Numbers.code(wanted);
        Optional<Page> found = extendedName(wanted);
        if (found.isEmpty()) found = message(wanted, false);
        if (found.isEmpty() && number > 255) found = number(number);
        if (found.isEmpty()) found = message(wanted, true);
        if (found.isEmpty()) found = primaryName(wanted);
        if (found.isEmpty()) found = number(number);
        if (found.isEmpty()) found = part(wanted);
        return found;
    }

    /** By some words of a message, as somebody remembers or greps them. */
    private Optional<Page> part(String wanted) {
        if (wanted.length() < SHORTEST_PART || wanted.indexOf(' ') < 0) return Optional.empty();
        List<Entry> entries = book.entries().stream()
                .filter(entry -> entry.messages().stream().anyMatch(message -> message.contains(wanted)))
                .toList();
        return entries.size() == 1 ? Optional.of(entries.get(0).page()) : Optional.empty();
    }

    /** By the first name that is longer than a primary code's: a listed one, or a newer one of a listed family. */
    private Optional<Page> extendedName(String wanted) {
        for (int at = wanted.indexOf(PREFIX); at >= 0; at = nextName(wanted, at)) {
            String full = Letters.nameAt(wanted, at);
            int length = full.length();
            if (length > LONGEST_NAME) continue;
            Optional<Page> listed = named(full, full, true);
            if (listed.isPresent()) return listed;
            // The longest beginning that is a primary code: SQLITE_IOERR of SQLITE_IOERR_NEWER_THAN_THIS.
            while ((length = full.lastIndexOf('_', length - 1)) > PREFIX.length()) {
                Optional<Page> family = named(full.substring(0, length), full, false);
                if (family.isPresent()) return family;
            }
        }
        return Optional.empty();
    }

    private Optional<Page> primaryName(String wanted) {
        for (int at = wanted.indexOf(PREFIX); at >= 0; at = nextName(wanted, at)) {
            String name = Letters.nameAt(wanted, at);
            Optional<Page> listed = named(name, name, false);
            if (listed.isPresent()) return listed;
        }
        return Optional.empty();
    }

    private static int nextName(String wanted, int at) {
        return wanted.indexOf(PREFIX, at + Letters.nameAt(wanted, at).length());
    }

    private Optional<Page> named(String name, String asked, boolean extended) {
        for (Entry entry : book.entries()) {
            for (Code code : entry.codes()) {
                if (code.isExtended() != extended || !code.name().equalsIgnoreCase(name)) continue;
                return Optional.of(name.equals(asked) ? entry.page() : family(asked, code, entry));
            }
        }
        return Optional.empty();
    }

    private Optional<Page> number(int number) {
        Optional<Page> listed = numbered(number, number);
        int primary = number & 0xff;
        boolean mayBeExtended = number > 255 && primary >= 1 && primary <= LAST_PRIMARY;
        return listed.isPresent() || !mayBeExtended ? listed : numbered(primary, number);
    }

    private Optional<Page> numbered(int number, int asked) {
        for (Entry entry : book.entries()) {
            for (Code code : entry.codes()) {
                if (code.number() != number) continue;
                return Optional.of(number == asked ? entry.page() : family(Integer.toString(asked), code, entry));
            }
        }
        return Optional.empty();
    }

    private static Page family(String asked, Code primary, Entry entry) {
        String note = asked + " is not in this list. By its make it is a kind of " + primary.name() + " ("
                + primary.number() + "), whose page this is.\n\n";
        return new Page(entry.heading(), note + entry.text());
    }

    private Optional<Page> message(String wanted, boolean aboutCode) {
        Optional<Page> best = Optional.empty();
        int longest = 0;
        for (Entry entry : book.entries()) {
            if (entry.isAboutCode() != aboutCode) continue;
            for (String message : entry.messages()) {
                if (message.length() <= longest || !contains(wanted, message)) continue;
                longest = message.length();
                best = Optional.of(entry.page());
            }
        }
        return best;
    }

    /** Are the two parts of a message that … separates in the text, one after the other on one line? */
    private static boolean contains(String text, String message) {
        int gap = message.indexOf('…');
        if (gap < 0) return text.contains(message);
        String head = message.substring(0, gap);
        String tail = message.substring(gap + 1);
        int at = text.indexOf(head);
        while (at >= 0) {
            int found = text.indexOf(tail, at + head.length());
            if (found < 0) return false;
            int line = text.lastIndexOf('\n', found);
            if (line < at) return true;
            // On to the line of the tail, so that a long text is read once and not once for each of its lines.
            at = text.indexOf(head, line);
        }
        return false;
    }
}
