package walsafe.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import walsafe.finding.Book.Code;
import walsafe.finding.Book.Entry;
import walsafe.words.Typo;

/**
 * The long answer, offline: the page about a problem of ours, a code of SQLite's, or a message that somebody has pasted
 * from a log.
 *
 * <p>What is asked may be a whole log line with several clues in it. An id of ours decides first; then, of SQLite's words,
 * the more telling before the less: extended code, message, primary code. Only the first 64 Ki characters are looked at.
 */
public final class Explain {
    private static final int CHARACTERS_READ = 1 << 16;
    private static final int SUGGESTIONS = 5;
    private static final int MOST_OFF = 2; // letters of a name
    private static final int FAR = Integer.MAX_VALUE;

    private Explain() {}

    /**
     * A page of the documents.
     *
     * @param title its heading, which begins with the id or the code
     * @param text Markdown as written, without the heading
     */
    public record Page(String title, String text) {}

    /** Read when it is first asked for, and once. */
    private static final class Problems {
        static final Book BOOK = Book.read("/walsafe/problems.md");
    }

    /** Apart from the problems: who asks for {@code WS301} does not wait for these. */
    private static final class Errors {
        static final Book BOOK = Book.read("/walsafe/sqlite-errors.md");
    }

    /** The page about an id, a code, a name or a message; empty if none is about it. Never throws for what is asked. */
    public static Optional<Page> of(String asked) {
        String text = asked.length() > CHARACTERS_READ ? asked.substring(0, CHARACTERS_READ) : asked;
        String wanted = Letters.lower(text).strip();
        Optional<Page> problem = ofProblem(wanted);
        return problem.isPresent() ? problem : new ErrorPages(Errors.BOOK).of(wanted);
    }

    /** Up to five headings near what was asked, the nearest first, each good to be asked for; for when there is no page. */
    public static List<String> suggestions(String asked) {
        String wanted = Letters.lower(asked.length() > 200 ? asked.substring(0, 200) : asked)
                .strip();
        List<String> near = new ArrayList<>();
        if (wanted.isEmpty()) return near;
        // Twice: what is nearly the id or name comes before what only shares a word with the heading.
        for (int off = 0; off <= MOST_OFF; off++) {
            for (Entry entry : everything()) if (lettersOff(entry, wanted) == off) add(entry.heading(), near);
        }
        for (Entry entry : everything()) if (sharesWord(entry.heading(), wanted)) add(entry.heading(), near);
        // Whoever asks for "NFS" or "Kubernetes" gets the pages that speak of it.
        if (near.isEmpty()) for (Entry entry : everything()) if (mentions(entry, wanted)) add(entry.heading(), near);
        return List.copyOf(near);
    }

    /** All headings, by family; what {@code walsafe explain} prints when nothing is asked. */
    public static String index() {
        StringBuilder index = new StringBuilder();
        String front = Problems.BOOK.front();
        for (int row = front.indexOf("\n| WS"); row >= 0; row = front.indexOf("\n| WS", row + 1)) {
            String family = front.substring(row + 3, front.indexOf(" |", row));
            String about = front.substring(row + 6 + family.length(), front.indexOf(" |\n", row));
            index.append(family).append(' ').append(about).append('\n');
            for (Entry entry : Problems.BOOK.entries()) {
                if (entry.heading().startsWith(family.substring(0, 3))) list(entry, index);
            }
        }
        index.append("SQLite's codes\n");
        for (Entry entry : Errors.BOOK.entries()) if (entry.isAboutCode()) list(entry, index);
        index.append("SQLite's messages\n");
        for (Entry entry : Errors.BOOK.entries()) if (!entry.isAboutCode()) list(entry, index);
        return index.toString();
    }

    private static void list(Entry entry, StringBuilder index) {
        index.append("  ").append(entry.heading()).append('\n');
    }

    private static Optional<Page> ofProblem(String wanted) {
        for (int at = wanted.indexOf("ws"); at >= 0; at = wanted.indexOf("ws", at + 1)) {
            if (at > 0 && Letters.isOfName(wanted.charAt(at - 1))) continue;
            String name = Letters.nameAt(wanted, at);
            for (Entry entry : Problems.BOOK.entries()) {
                if (idOf(entry).equalsIgnoreCase(name)) return Optional.of(entry.page());
            }
        }
        return Optional.empty();
    }

    private static List<Entry> everything() {
        List<Entry> all = new ArrayList<>(Problems.BOOK.entries());
        all.addAll(Errors.BOOK.entries());
        return all;
    }

    private static String idOf(Entry entry) {
        return Letters.nameAt(entry.heading(), 0);
    }

    /** How many letters of its id or of a code's name are wrong; more than {@link #MOST_OFF} if it is not meant. */
    private static int lettersOff(Entry entry, String wanted) {
        if (wanted.length() < 4 || wanted.length() > 40) return FAR;
        int least = near(Typo.distance(Letters.lower(idOf(entry)), wanted), sameFamily(entry, wanted) ? 2 : 1);
        for (Code code : entry.codes()) {
            String name = Letters.lower(code.name());
            String shortName = name.substring("sqlite_".length());
            least = Math.min(least, near(Typo.distance(name, wanted), MOST_OFF));
            least = Math.min(least, near(Typo.distance(shortName, wanted), 1));
        }
        return least;
    }

    private static int near(int distance, int most) {
        return distance <= most ? distance : FAR;
    }

    /** In an id of five letters two wrong ones are another id, but perhaps of that family; anything else may be longer. */
    private static boolean sameFamily(Entry entry, String wanted) {
        return !wanted.startsWith("ws") || Letters.lower(idOf(entry)).startsWith(wanted.substring(0, 3));
    }

    private static boolean sharesWord(String heading, String wanted) {
        String low = Letters.lower(heading);
        for (int at = 0; at < wanted.length(); at++) {
            String word = Letters.nameAt(wanted, at);
            if (word.length() >= 4 && low.contains(word)) return true;
            at += word.length();
        }
        return false;
    }

    private static boolean mentions(Entry entry, String wanted) {
        if (wanted.length() < 3) return false;
        String low = Letters.lower(entry.page().text());
        for (int at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, at + 1)) {
            int end = at + wanted.length();
            boolean begins = at == 0 || !Letters.isOfName(low.charAt(at - 1));
            if (begins && (end == low.length() || !Letters.isOfName(low.charAt(end)))) return true;
        }
        return false;
    }

    private static void add(String heading, List<String> near) {
        if (near.size() < SUGGESTIONS && !near.contains(heading)) near.add(heading);
    }
}
