package walsafe.guard;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;
import walsafe.policy.Pragma;

/**
 * Runs the settings of a plan and reads each back. SQLite raises nothing when a setting does not take ("wal" under a
 * VFS without shared memory answers "delete"), and sqlite-jdbc turns a misspelt value into its default.
 */
final class Setting {
    /** As SQLite reads them back, where that is not the word that sets them (pragma.html). */
    private static final Map<String, List<String>> NUMBERED = Map.of(
            "synchronous", List.of("off", "normal", "full", "extra"),
            "temp_store", List.of("default", "file", "memory"));

    private Setting() {}

    /** Sets it and compares. One statement at a time: JDBC's {@code execute} runs only the first of several. */
    static void apply(Connection connection, Pragma pragma, String where) throws SQLException {
        if (!known(connection, pragma.name())) {
            throw new WalsafeException(new Finding(
                    Problem.SETTING_DID_NOT_TAKE,
                    where,
                    "SQLite " + connection.getMetaData().getDatabaseProductVersion() + " knows no setting called "
                            + pragma.name(),
                    Remedy.of("Check its spelling: SQLite itself would have said nothing.")));
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA " + pragma.name() + " = " + pragma.value());
        }
        verify(connection, pragma, where);
    }

    /** Compares only: a journal mode is the file's own, set once by the writer. */
    static void verify(Connection connection, Pragma pragma, String where) throws SQLException {
        String got = readBack(connection, pragma.name());
        if (!got.isEmpty() && !same(pragma.name(), pragma.value(), got)) {
            throw new WalsafeException(new Finding(
                    Problem.SETTING_DID_NOT_TAKE,
                    where,
                    "asked for " + pragma.name() + " = " + pragma.value() + ", SQLite answers " + got,
                    Remedy.of("Close the other programs that have it open, and try again; walsafe who names them.")));
        }
    }

    /** SQLite raises nothing for a name that it does not know (pragma.html, "no error messages"). */
    private static boolean known(Connection connection, String name) throws SQLException {
        String sql = "SELECT 1 FROM pragma_pragma_list WHERE name = ? COLLATE NOCASE";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Empty for a setting that is not read back. */
    static String readBack(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA " + name)) {
            return row.next() ? row.getString(1).toLowerCase(Locale.ROOT) : "";
        }
    }

    private static boolean same(String name, String asked, String got) {
        String wanted = asked.toLowerCase(Locale.ROOT);
        if (wanted.equals(got)) return true;
        int number = NUMBERED.getOrDefault(name, List.of()).indexOf(wanted);
        if (number >= 0) return got.equals(String.valueOf(number));
        boolean on = List.of("on", "yes", "true").contains(wanted);
        boolean off = List.of("off", "no", "false").contains(wanted);
        return (on && got.equals("1")) || (off && got.equals("0"));
    }
}
