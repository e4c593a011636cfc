package walsafe.transfer;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.facts.Facts;
import walsafe.finding.WalsafeException;
import walsafe.policy.Intent;
import walsafe.policy.Sharing;

/** A program that opens a database and writes a row, or converts it, again and again, and says how each went. */
final class Contender {
    private static final Intent HERE = Intent.DEFAULT.with(Sharing.ONE_HOST);

    private Contender() {}

    /** {@code write} or {@code convert}, the database, how often, the first row's number. */
    public static void main(String[] arguments) throws Exception {
        Path database = Path.of(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        System.out.println("ready");
        for (int round = 0; round < rounds; round++) {
            try {
                if (arguments[0].equals("write")) write(database, Integer.parseInt(arguments[3]) + round);
                else convert(database, round);
            } catch (WalsafeException e) {
                System.out.println("refused " + e.finding().problem() + " " + e.getMessage());
            } catch (SQLException e) {
                System.out.println("error " + (e.getErrorCode() & 0xff) + " " + e);
            } catch (IOException e) {
                System.out.println("broken " + e);
                e.printStackTrace();
            }
        }
    }

    private static void write(Path database, int row) throws SQLException {
        try (SafeDatabase open = Walsafe.open(database, HERE)) {
            open.write(connection -> {
                try (var insert = connection.createStatement()) {
                    return insert.executeUpdate("INSERT INTO t VALUES(" + row + ")");
                }
            });
            System.out.println("written " + row);
        }
    }

    private static void convert(Path database, int round) throws Exception {
        JournalMode to = round % 2 == 0 ? JournalMode.TRUNCATE : JournalMode.WAL;
        Converted converted = Conversion.convert(Facts.gather(database), to, HERE, step -> {});
        System.out.println("converted " + converted.changed());
    }
}
