package walsafe.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Takes SQL text apart just far enough to know with which words each of its statements begins. Follows the reading of
 * {@code sqlite3_complete()} (sqlite.org/c3ref/complete.html): strings, quoted names and comments hide a semicolon, and
 * a CREATE TRIGGER ends only at {@code ;END;}.
 */
final class Statements {
    private static final int WORDS = 9; // EXPLAIN QUERY PLAN PRAGMA main . journal_mode = wal

    private final String sql;
    private int at;

    private Statements(String sql) {
        this.sql = sql;
    }

    /**
     * The first words of each statement, upper case, at most nine; quoted names without their quotes. Statements without
     * a word are left out. Takes time in proportion to the text.
     */
    static List<List<String>> beginnings(String sql) {
        return new Statements(sql).beginnings();
    }

    private List<List<String>> beginnings() {
        List<List<String>> all = new ArrayList<>();
        List<String> words = new ArrayList<>();
        String previous = ";";
        String beforeThat = "";
        boolean several = sql.indexOf(';') >= 0;
        while (at < sql.length() && (several || words.size() < WORDS)) {
            String token = next();
            if (token.isEmpty()) continue;
            boolean ends = token.equals(";") && (!trigger(words) || (previous.equals("END") && beforeThat.equals(";")));
            if (ends) {
                if (!words.isEmpty()) all.add(List.copyOf(words));
                words.clear();
            } else if (words.size() < WORDS && !token.equals(";")) {
                words.add(token);
            }
            beforeThat = previous;
            previous = token;
        }
        if (!words.isEmpty()) all.add(List.copyOf(words));
        return all;
    }

    private static boolean trigger(List<String> words) {
        if (words.isEmpty() || !words.get(0).equals("CREATE")) return false;
        int kind = words.size() > 1 && words.get(1).startsWith("TEMP") ? 2 : 1;
        return words.size() > kind && words.get(kind).equals("TRIGGER");
    }

    /** The next word or sign, upper case; empty for space and comments. */
    private String next() {
        char c = sql.charAt(at);
        if (sql.startsWith("--", at)) return skipTo("\n", 2);
        if (sql.startsWith("/*", at)) return skipTo("*/", 2);
        if (c == '\'' || c == '"' || c == '`') return quoted(c);
        if (c == '[') return quoted(']');
        if (wordPart(c)) return word();
        at++;
        return Character.isWhitespace(c) || c == '\ufeff' ? "" : String.valueOf(c);
    }

    private String skipTo(String end, int from) {
        int found = sql.indexOf(end, at + from);
        at = found < 0 ? sql.length() : found + end.length();
        return "";
    }

    /** A doubled quote inside is one quote, except in brackets, where there is none. */
    private String quoted(char end) {
        int start = ++at;
        while (at < sql.length()) {
            boolean closes = sql.charAt(at) == end;
            boolean doubled = closes && end != ']' && at + 1 < sql.length() && sql.charAt(at + 1) == end;
            if (closes && !doubled) break;
            at += doubled ? 2 : 1;
        }
        String inside = sql.substring(start, Math.min(at, sql.length()));
        at = Math.min(at + 1, sql.length());
        boolean noWord = inside.isEmpty() || inside.equals(";"); // a quoted semicolon ends nothing
        return noWord ? "''" : inside.toUpperCase(Locale.ROOT);
    }

    private String word() {
        int start = at;
        while (at < sql.length() && wordPart(sql.charAt(at))) at++;
        return sql.substring(start, at).toUpperCase(Locale.ROOT);
    }

    private static boolean wordPart(char c) {
        return c == '_' || c == '$' || Character.isLetterOrDigit(c) || (c > 127 && c != '\ufeff');
    }
}
