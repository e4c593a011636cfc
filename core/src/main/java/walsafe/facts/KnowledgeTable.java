package walsafe.facts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table of knowledge: tab-separated text in this jar, a heading and then a row per line. It lies on the way of every
 * start, so it is searched as one text, and a line is taken apart only if it is about the filesystem that is asked for.
 * For the same reason there is no lambda, stream or concatenation on that way: each would set up its machinery first,
 * which takes a fresh JVM longer than the search.
 */
enum KnowledgeTable {
    FILESYSTEMS("/walsafe/filesystems.tsv", 5),
    ANSWERS("/walsafe/answers.tsv", 8);

    private final String resource;
    private final int columns;

    KnowledgeTable(String resource, int columns) {
        this.resource = resource;
        this.columns = columns;
    }

    /**
     * The rows about one filesystem of one system, in the order of the table.
     *
     * @param system {@code linux}, {@code macos} or {@code windows}; on the last, the case of the name does not matter
     */
    List<String[]> about(String system, String filesystem) {
        String text = text();
        // The tables are ASCII, so lower case moves no column.
        String searched = system.equals("windows") ? text.toLowerCase(Locale.ROOT) : text;
        String wanted = system.equals("windows") ? filesystem.toLowerCase(Locale.ROOT) : filesystem;
        String start = "\n".concat(wanted).concat("\t");
        List<String[]> rows = new ArrayList<>();
        for (int before = searched.indexOf(start); before >= 0; before = searched.indexOf(start, before + 1)) {
            String[] cells = cells(line(text, before + 1));
            // A type is not always a word: "ext4<tab>linux" begins a line as well.
            if (cells[0].length() == filesystem.length() && cells[1].equals(system)) rows.add(cells);
        }
        return rows;
    }

    /** Every row; for the tests of the tables. */
    List<String[]> all() {
        return text().lines().skip(1).map(this::cells).toList();
    }

    /** The whole resource. */
    String text() {
        try (InputStream in = KnowledgeTable.class.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException("walsafe's jar lacks " + resource);
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource + " of walsafe's jar", e);
        }
    }

    private static String line(String text, int start) {
        int end = text.indexOf('\n', start);
        return end < 0 ? text.substring(start) : text.substring(start, end);
    }

    private String[] cells(String line) {
        String[] cells = new String[columns];
        int from = 0;
        for (int column = 0; column < columns - 1; column++) {
            int tab = line.indexOf('\t', from);
            if (tab < 0) throw malformed(line);
            cells[column] = line.substring(from, tab);
            from = tab + 1;
        }
        if (line.indexOf('\t', from) >= 0) throw malformed(line);
        cells[columns - 1] = line.substring(from);
        return cells;
    }

    private IllegalStateException malformed(String line) {
        return new IllegalStateException(resource + " must have " + columns + " columns, but has the line: " + line);
    }
}
