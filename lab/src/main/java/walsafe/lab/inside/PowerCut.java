package walsafe.lab.inside;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.stream.Stream;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.guard.Work;
import walsafe.policy.Intent;

/**
 * One life between two power cuts: {@code LIFE usual|eager COUNTS DIRECTORY=SETTINGS…}. Opens what the last life left in
 * each directory and writes into the file COUNTS what is there; then makes a new database in each and adds rows to all of them, one
 * to a transaction, until the power is cut. Each commit is acknowledged on the console, which is outside of this
 * kernel: {@code @@ack PLACE_NUMBER;} with the place of the directory among the arguments.
 *
 * <p>The first row is 1. A row's words follow from its number, so that what is found can be held against what was written.
 */
public final class PowerCut {
    private static final String TABLE = "CREATE TABLE message(number INTEGER PRIMARY KEY, words TEXT)";
    private static final String INDEX = "CREATE INDEX by_words ON message(words)";
    private static final int FEW = 3; // commits after which a writer counts as under way

    private final int life;
    private final boolean eager;
    private final OutputStream console;

    private PowerCut(int life, boolean eager, OutputStream console) {
        this.life = life;
        this.eager = eager;
        this.console = console;
    }

    public static void main(String[] arguments) throws Exception {
        try (OutputStream console = new FileOutputStream("/dev/console")) {
            PowerCut cut = new PowerCut(Integer.parseInt(arguments[0]), arguments[1].equals("eager"), console);
            StringBuilder counts = new StringBuilder();
            for (int place = 0; place < arguments.length - 3; place++) {
                String[] words = arguments[place + 3].split("=");
                counts.append(place)
                        .append('\t')
                        .append(cut.counted(Path.of(words[0]), Settings.valueOf(words[1])))
                        .append('\n');
            }
            Files.writeString(Path.of(arguments[2]), counts); // closing it hands it to the host
            cut.say("counted", "life" + cut.life);
            for (int place = 0; place < arguments.length - 3; place++)
                cut.prepare(arguments[place + 3].split("=")[0]);
            new ProcessBuilder("sync").start().waitFor(); // the directories are the user's; what is in them is not
            for (int place = 0; place < arguments.length - 3; place++) {
                String[] words = arguments[place + 3].split("=");
                cut.begin(place, Path.of(words[0]), Settings.valueOf(words[1]));
            }
            Thread.currentThread().join(); // the power cut is the end
        }
    }

    /** How it was opened, what {@code integrity_check} says, how many rows have wrong words, and the numbers of the rows. */
    private String counted(Path directory, Settings settings) {
        Path database = database(directory, life - 1);
        if (life == 0) return "none\tok\t0\t";
        if (!Files.exists(database)) return "gone\tok\t0\t";
        String opened = "opened";
        Optional<Intent> intent = settings.intent(eager);
        if (intent.isPresent()) {
            try (SafeDatabase db = Walsafe.open(database, intent.get())) {
                return "opened\t" + db.read(PowerCut::found);
            } catch (SQLException refused) {
                opened = oneLine(refused);
            }
        }
        try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            return opened + "\t" + found(db);
        } catch (SQLException damaged) {
            return opened + "\t" + oneLine(damaged) + "\t0\t";
        }
    }

    private static String found(Connection db) throws SQLException {
        String integrity;
        try (Statement sql = db.createStatement();
                ResultSet verdict = sql.executeQuery("PRAGMA integrity_check(1)")) {
            integrity = verdict.getString(1).replaceAll("\\s+", " ");
        } catch (SQLException damaged) {
            integrity = oneLine(damaged);
        }
        StringBuilder numbers = new StringBuilder();
        int wrong = 0;
        try (Statement sql = db.createStatement();
                ResultSet rows = sql.executeQuery("SELECT number, words FROM message NOT INDEXED")) {
            while (rows.next()) {
                int number = rows.getInt(1);
                if (!words(number).equals(rows.getString(2))) wrong++;
                numbers.append(number).append(' ');
            }
        } catch (SQLException damaged) {
            integrity = integrity.equals("ok") ? oneLine(damaged) : integrity;
        }
        return integrity + "\t" + wrong + "\t" + numbers;
    }

    private static String oneLine(SQLException trouble) {
        return String.valueOf(trouble.getMessage()).replaceAll("\\s+", " ");
    }

    private static Path database(Path directory, int life) {
        return directory.resolve("life-" + life).resolve("x.db");
    }

    private void prepare(String directory) throws IOException {
        Path before = database(Path.of(directory), life - 1).getParent();
        if (Files.exists(before)) {
            try (Stream<Path> files = Files.walk(before)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) Files.delete(file);
            }
        }
        Files.createDirectories(database(Path.of(directory), life).getParent());
    }

    private void begin(int place, Path directory, Settings settings) {
        Path database = database(directory, life);
        Thread writer = new Thread(
                () -> {
                    try {
                        write(place, database, settings);
                    } catch (SQLException | IOException | RuntimeException trouble) {
                        trouble.printStackTrace();
                        tell("trouble", "w" + place);
                    }
                },
                "writer " + place);
        writer.start();
    }

    private void write(int place, Path database, Settings settings) throws SQLException, IOException {
        Optional<Intent> intent = settings.intent(eager);
        if (intent.isPresent()) {
            try (SafeDatabase db = Walsafe.open(database, intent.get())) {
                writeAll(place, settings, db::write);
            }
        } else {
            try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database);
                    Statement sql = db.createStatement()) {
                sql.execute("PRAGMA journal_mode = " + settings.journal());
                sql.execute("PRAGMA synchronous = " + settings.synchronous());
                writeAll(place, settings, work -> work.run(db));
            }
        }
    }

    /** Whoever runs a work in a transaction of its own. */
    @FunctionalInterface
    private interface Transactions {
        Object run(Work<Object> work) throws SQLException;
    }

    private void writeAll(int place, Settings settings, Transactions db) throws SQLException, IOException {
        db.run(connection -> {
            mustBe(settings, connection);
            try (Statement sql = connection.createStatement()) {
                sql.execute(TABLE);
                return sql.execute(INDEX);
            }
        });
        for (int number = 1; ; number++) {
            int row = number;
            db.run(connection -> {
                try (PreparedStatement insert = connection.prepareStatement("INSERT INTO message VALUES (?, ?)")) {
                    insert.setInt(1, row);
                    insert.setString(2, words(row));
                    return insert.executeUpdate();
                }
            });
            say("ack", place + "_" + number);
            if (number == FEW) say("underway", "w" + place);
        }
    }

    private static void mustBe(Settings settings, Connection connection) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            String journal = sql.executeQuery("PRAGMA journal_mode").getString(1);
            int synchronous = sql.executeQuery("PRAGMA synchronous").getInt(1);
            if (!journal.equals(settings.journal()) || synchronous != settings.synchronous()) {
                throw new SQLException(settings + " became " + journal + " with synchronous " + synchronous);
            }
        }
    }

    /** Some fit a page with others, each tenth takes several pages of its own. */
    private static String words(int number) {
        return (number + " a few words ").repeat(number % 10 == 0 ? 800 : 1 + number * 7 % 30);
    }

    /** In one write, so that lines of several writers do not mix. */
    private void say(String what, String told) throws IOException {
        synchronized (console) {
            console.write(("@@" + what + " " + told + ";\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void tell(String what, String told) {
        try {
            say(what, told);
        } catch (IOException gone) {
            gone.printStackTrace();
        }
    }
}
