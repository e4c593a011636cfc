package walsafe.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A decision that its list does not name is not found by whoever wonders. */
class DecisionsTest {
    private static final Path DECISIONS = Path.of("..", "docs", "decisions");
    private static final Pattern LISTED = Pattern.compile("(?m)^\\| \\[\\d{4}]\\((\\d{4}-[^)]+\\.md)\\) \\|");

    @Test
    void theListNamesEveryRecordInTheOrderOfTheirNumbers() throws IOException {
        List<String> listed = LISTED.matcher(Files.readString(DECISIONS.resolve("README.md")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(listed).isEqualTo(records());
    }

    @Test
    void noNumberIsGivenTwice() throws IOException {
        assertThat(records()).extracting(name -> name.substring(0, 4)).doesNotHaveDuplicates();
    }

    private static List<String> records() throws IOException {
        try (Stream<Path> files = Files.list(DECISIONS)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches("\\d{4}-.*\\.md"))
                    .sorted()
                    .toList();
        }
    }
}
