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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.guard.Work;
import walsafe.policy.Intent;

/**
 * One life between two power cuts: {@code LIFE usual|eager COUNTS DIRECTORY=SETTINGS…}. Opens what the last life left in
 * each directory and writes into the file COUNTS what is there; then makes a new database in each and adds rows to all of
 * them, one to a transaction, until the power is cut. Each commit is acknowledged on the console, which is outside of this
 * kernel: {@code @@ack PLACE_NUMBER;} with the place of the directory among the arguments.
 *
 * <p>The first row is 1. A row's words follow from its number, so that what is found can be held against what was written.
 */
public final class PowerCut {
    private static final String TABLE = "CREATE TABLE message(number INTEGER PRIMARY KEY, words TEXT)";
    private static final String INDEX = "CREATE INDEX by_words ON message(words)";
    private static final int FEW = 3; // commits after which a writer counts as under way
    private static final int ATTEMPTS = 20;

    /** A disk, and with which settings its database is written. */
    private record Place(int number, Path directory, Settings settings) {
        static Place of(int number, String argument) {
            int parting = argument.indexOf('=');
            return new Place(
                    number, Path.of(argument.substring(0, parting)), Settings.valueOf(argument.substring(parting + 1)));
        }

        Path folder(int life) {
            return directory.resolve("life-" + life);
        }

        Path database(int life) {
            return folder(life).resolve("x.db");
        }
    }

    private final int life;
    private final boolean eager;
    private final List<Place> places;
    private final OutputStream console;
    private final CountDownLatch toBeOpened;

    private PowerCut(int life, boolean eager, List<Place> places, OutputStream console) {
        this.life = life;
        this.eager = eager;
        this.places = places;
        this.console = console;
        this.toBeOpened = new CountDownLatch(places.size());
    }

    public static void main(String[] arguments) throws Exception {
        List<Place> places = new ArrayList<>();
        for (String argument : List.of(arguments).subList(3, arguments.length))
            places.add(Place.of(places.size(), argument));
        try (OutputStream console = new FileOutputStream("/dev/console")) {
            PowerCut life = new PowerCut(
                    Integer.parseInt(arguments[0]), arguments[1].equals("eager"), List.copyOf(places), console);
            try {
                life.count(Path.of(arguments[2]));
                life.write();
            } catch (IOException | RuntimeException trouble) {
                life.say("trouble", "count");
                throw trouble;
            }
            Thread.currentThread().join(); // the power cut is the end
        }
    }

    private void count(Path counts) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Place place : places)
            lines.append(place.number()).append('\t').append(counted(place)).append('\n');
        Files.writeString(counts, lines); // closing it hands it to the host
        say("counted", "life" + life);
    }

    /** How it was opened, what {@code integrity_check} says, how many rows have wrong words, and the rows' numbers. */
    private String counted(Place place) {
        if (life == 0) return "none\tok\t0\t";
        Path database = place.database(life - 1);
        if (!Files.exists(database)) return "gone\tok\t0\t";
        String how = "opened";
        Optional<Intent> intent = place.settings().intent(eager);
        if (intent.isPresent()) {
            try (SafeDatabase db = opened(database, intent.get())) {
                return how + "\t" + db.read(PowerCut::found);
            } catch (SQLException | WalsafeException refused) {
                how = oneLine(refused);
            }
        }
        try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            return how + "\t" + found(db);
        } catch (SQLException damaged) {
            return how + "\t" + oneLine(damaged) + "\t0\t";
        }
    }

    /** One at a time. On a busy machine the storage may not answer in time; walsafe then says to ask again. */
    private static synchronized SafeDatabase opened(Path database, Intent intent) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return Walsafe.open(database, intent);
            } catch (WalsafeException refused) {
                if (refused.finding().problem() != Problem.STORAGE_SILENT || attempt == ATTEMPTS) throw refused;
            }
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

    private static String oneLine(Exception trouble) {
        return String.valueOf(trouble.getMessage()).replaceAll("\\s+", " ");
    }

    private void write() throws IOException, InterruptedException {
        for (Place place : places) {
            remove(place.folder(life - 1));
            Files.createDirectories(place.folder(life));
        }
        new ProcessBuilder("sync").start().waitFor(); // a user's directory is old; what SQLite makes in there is not
        for (Place place : places) new Thread(() -> writeTo(place), "writer " + place.number()).start();
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) return;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private void writeTo(Place place) {
        try {
            Optional<Intent> intent = place.settings().intent(eager);
            if (intent.isPresent()) {
                try (SafeDatabase db = opened(place.database(life), intent.get())) {
                    add(place, db::write);
                }
            } else {
                try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + place.database(life));
                        Statement sql = db.createStatement()) {
                    sql.execute("PRAGMA journal_mode = " + place.settings().journal());
                    sql.execute("PRAGMA synchronous = " + place.settings().synchronous());
                    add(place, work -> work.run(db));
                }
            }
        } catch (SQLException | WalsafeException | IOException | InterruptedException trouble) {
            System.err.println(place + ": " + trouble);
            sayTrouble(place);
        }
    }

    /** Whoever runs a work in a transaction of its own. */
    @FunctionalInterface
    private interface Transactions {
        Object run(Work<Object> work) throws SQLException;
    }

    private void add(Place place, Transactions db) throws SQLException, IOException, InterruptedException {
        toBeOpened.countDown();
        toBeOpened.await(); // writers would slow down those who still look at their place
        db.run(connection -> {
            mustBe(place.settings(), connection);
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
            say("ack", place.number() + "_" + number);
            if (number == FEW) say("underway", "w" + place.number());
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

    private void sayTrouble(Place place) {
        try {
            say("trouble", "w" + place.number());
        } catch (IOException gone) {
            System.err.println("the console takes nothing: " + gone);
        }
    }
}
