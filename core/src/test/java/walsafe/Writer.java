package walsafe;

import java.nio.file.Path;
import java.sql.PreparedStatement;

/** A program that writes one row a transaction and says each number aloud once it was acknowledged, until it is killed. */
final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws Exception {
        try (SafeDatabase database = Walsafe.open(Path.of(arguments[0]))) {
            for (int number = Integer.parseInt(arguments[1]); ; number++) {
                int row = number;
                database.write(connection -> {
                    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
                        for (int part = 0; part < 3; part++) {
                            insert.setInt(1, row);
                            insert.setInt(2, part);
                            insert.executeUpdate();
                        }
                    }
                    return true;
                });
                System.out.println(number);
            }
        }
    }
}
