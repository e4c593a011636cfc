package walsafe.facts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of knowledge in this jar: ASCII, a row per line, tabs between its cells. What is wrong with one is a defect of
 * ours and an exception; the build's tests read every row.
 *
 * <p>The tables lie on the way of every start, so there is no lambda, stream or concatenation on that way: each would set
 * up its machinery first, which takes a fresh JVM longer than the reading.
 *
 * @param resource its absolute name in the jar
 * @param columns how many cells each row must have
 */
record JarTable(String resource, int columns) {
    /** The whole of it, comments and heading included. */
    String text() {
        try (InputStream in = JarTable.class.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException("walsafe's jar lacks " + resource);
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource + " of walsafe's jar", e);
        }
    }

    /** Every row; lines that begin with {@code #} are comments. */
    List<String[]> rows() {
        List<String[]> rows = new ArrayList<>();
        for (String line : text().split("\n", -1)) {
            if (!line.isEmpty() && line.charAt(0) != '#') rows.add(cells(line));
        }
        return rows;
    }

    /** @throws IllegalStateException if the line has more or fewer cells than it must */
    String[] cells(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length == columns) return cells;
        throw new IllegalStateException(resource + " must have " + columns + " columns, but has the line: " + line);
    }
}
