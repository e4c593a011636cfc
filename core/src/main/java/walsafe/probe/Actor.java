package walsafe.probe;

import java.io.IOException;

/**
 * One of the two sides of an experiment, as the one who conducts it speaks with it. What it can do is in {@link Deeds};
 * where it does it is its line's affair: here, in a child, or on another host.
 */
final class Actor implements AutoCloseable {
    /** What the far side could not do, in its own words. The line is still good. */
    static final class Failure extends IOException {
        private static final long serialVersionUID = 1L;

        private final String said;

        Failure(String said) {
            super(said);
            this.said = said;
        }

        String said() {
            return said;
        }
    }

    private final String name;
    private final Line line;

    Actor(String name, Line line) {
        this.name = name;
        this.line = line;
    }

    String name() {
        return name;
    }

    boolean expendable() {
        return line.expendable();
    }

    /** Has it got the lock, or does another hold one against it? Never waits. */
    boolean lock(String file, long position, long bytes, boolean shared) throws IOException {
        return ask("lock " + file + ' ' + position + ' ' + bytes + ' ' + (shared ? "shared" : "exclusive"))
                .equals("granted");
    }

    void unlock(String file) throws IOException {
        ask("unlock " + file);
    }

    void write(String file, long position, long value) throws IOException {
        ask("write " + file + ' ' + position + ' ' + value);
    }

    /** The value there; -1 beyond the end. */
    long read(String file, long position) throws IOException {
        return number("read " + file + ' ' + position);
    }

    long size(String file) throws IOException {
        return number("size " + file);
    }

    /** Opens the file once more and closes that descriptor. */
    void glimpse(String file) throws IOException {
        ask("glimpse " + file);
    }

    void map(String file) throws IOException {
        ask("map " + file);
    }

    void poke(String file, int position, long value) throws IOException {
        ask("poke " + file + ' ' + position + ' ' + value);
    }

    long peek(String file, int position) throws IOException {
        return number("peek " + file + ' ' + position);
    }

    /** Stores one byte through the mapping and writes the page back. */
    void dab(String file, int position, int value) throws IOException {
        ask("dab " + file + ' ' + position + ' ' + value);
    }

    long look(String file, int position) throws IOException {
        return number("look " + file + ' ' + position);
    }

    /** Makes a file that must not exist; false if it does. */
    boolean create(String file) throws IOException {
        return ask("create " + file).equals("made");
    }

    void remove(String file) throws IOException {
        ask("remove " + file);
    }

    void rename(String from, String to) throws IOException {
        ask("rename " + from + ' ' + to);
    }

    /** Makes or overwrites a file by its name, and keeps nothing open. */
    void put(String file, long value) throws IOException {
        ask("put " + file + ' ' + value);
    }

    /** What {@link #put} left under that name. */
    long get(String file) throws IOException {
        return number("get " + file);
    }

    boolean exists(String file) throws IOException {
        return ask("exists " + file).equals("there");
    }

    /** Does the list of the directory name it? */
    boolean listed(String file) throws IOException {
        return ask("listed " + file).equals("there");
    }

    /** Number of fsyncs tried, then the quickest, the median and the slowest in nanoseconds. */
    long[] sync(String file, int times) throws IOException {
        String[] words = ask("sync " + file + ' ' + times).split(" ", -1);
        long[] numbers = new long[words.length];
        for (int i = 0; i < words.length; i++) numbers[i] = Long.parseLong(words[i]);
        return numbers;
    }

    /** Opens a database and has it in that journal mode; the mode that SQLite says it is in. */
    String openDatabase(String file, String journalMode) throws IOException {
        return ask("sql-open " + file + ' ' + journalMode);
    }

    /** Begins to commit rows, one a transaction; {@link #committed} tells how many were acknowledged. */
    void commit(int rows) throws IOException {
        line.tell("sql-commit " + name + ' ' + rows);
    }

    Committed committed() throws IOException {
        String[] words = understood(line.hear()).split(" ", 2);
        return new Committed(Integer.parseInt(words[0]), words.length > 1 ? words[1] : "");
    }

    /**
     * What became of commits.
     *
     * @param acknowledged how many SQLite said are kept
     * @param error what ended them early, or empty
     */
    record Committed(int acknowledged, String error) {}

    /** {@code busy|log|checkpointed}, as SQLite answers. */
    String checkpoint() throws IOException {
        return ask("sql-checkpoint");
    }

    /** How many rows of an actor the database holds. */
    int rows(String actor) throws IOException {
        return (int) number("sql-count " + actor);
    }

    /** The first line of {@code PRAGMA integrity_check}. */
    String integrity() throws IOException {
        return ask("sql-integrity");
    }

    /** Makes a table of that many rows, each larger than half a page, with the value 1. */
    void fill(int rows) throws IOException {
        ask("sql-fill " + rows);
    }

    /** Leaves a transaction half done, with most of its pages in the database file: each row at 2. */
    void half() throws IOException {
        ask("sql-half");
    }

    /** {@code rows least greatest} of that table. */
    String survey() throws IOException {
        return ask("sql-survey");
    }

    void closeDatabase() throws IOException {
        ask("sql-close");
    }

    void kill() throws IOException {
        line.kill();
    }

    private long number(String question) throws IOException {
        return Long.parseLong(ask(question));
    }

    private String ask(String question) throws IOException {
        line.tell(question);
        return understood(line.hear());
    }

    private static String understood(String answer) throws Failure {
        if (answer.startsWith(Deeds.FAILED)) throw new Failure(answer.substring(Deeds.FAILED.length()));
        return answer;
    }

    @Override
    public void close() {
        line.close();
    }
}
