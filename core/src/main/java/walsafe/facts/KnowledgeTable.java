package walsafe.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The two tables about filesystems, a heading and then a row per line. They are searched as one text, and a line is taken
 * apart only if it is about the filesystem that is asked for: see {@link JarTable} for why.
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
            String[] cells = table().cells(line(text, before + 1));
            // A type is not always a word: "ext4<tab>linux" begins a line as well.
            if (cells[0].length() == filesystem.length() && cells[1].equals(system)) rows.add(cells);
        }
        return rows;
    }

    /** Every row but the heading; for the tests of the tables. */
    List<String[]> all() {
        List<String[]> rows = table().rows();
        return rows.subList(1, rows.size());
    }

    /** The whole resource. */
    String text() {
        return table().text();
    }

    private JarTable table() {
        return new JarTable(resource, columns);
    }

    private static String line(String text, int start) {
        int end = text.indexOf('\n', start);
        return end < 0 ? text.substring(start) : text.substring(start, end);
    }
}
