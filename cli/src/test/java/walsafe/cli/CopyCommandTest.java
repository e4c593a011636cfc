package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CopyCommandTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void theVerdictComesFirstAndTheCopyIsThere() throws Exception {
        Path target = folder.resolve("kopie ö.db");

        Asked asked = Asked.walsafe("copy", database().toString(), target.toString());

        assertThat(asked.code()).isZero();
        assertThat(asked.out()).startsWith("COPIED  " + target + ": 2 pages, 8 KiB");
        assertThat(asked.err()).isEmpty();
        assertThat(target).isRegularFile();
    }

    @Test
    void aTargetThatExistsIsCodeSixInTextAndJson() throws Exception {
        Path target = Files.writeString(folder.resolve("mine.db"), "mine");

        Asked text = Asked.walsafe("copy", database().toString(), target.toString());
        Asked json = Asked.walsafe("copy", "--format", "json", database().toString(), target.toString());

        assertThat(text.code()).isEqualTo(6);
        assertThat(text.out()).startsWith("NOT COPIED  " + target + ": WS701 ").contains("Do: ");
        JsonNode report = Json.MAPPER.readTree(json.out());
        assertThat(report.get("exitCode").intValue()).isEqualTo(6);
        assertThat(report.get("copied").isNull()).isTrue();
        assertThat(report.get("findings").get(0).get("id").stringValue()).isEqualTo("WS701");
        assertThat(target).hasContent("mine");
    }

    @Test
    void whatIsNoDatabaseIsCodeFour() throws IOException {
        Path text = Files.writeString(folder.resolve("text.db"), "This is no database at all. ".repeat(50));

        assertThat(Asked.walsafe("copy", text.toString(), folder.resolve("x.db").toString())
                        .code())
                .isEqualTo(4);
    }

    private Path database() throws SQLException {
        Path database = folder.resolve("shop.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS t(a)");
        }
        return database;
    }
}
