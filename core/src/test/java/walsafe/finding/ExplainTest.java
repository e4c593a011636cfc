package walsafe.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n\t",
                "WS",
                "WS999",
                "WS3011",
                "hello",
                "sqlite_",
                "SQLITE_MASTER",
                "-11",
                "4711",
                "99999999999999999999",
                "300",
                "0x0b",
                "11 rows",
                "code",
                "(11",
                "\u0000\u0001\u001b[31m",
                "\ud800",
                "…"
            })
    void whatIsAboutNothingHasNoPage(String asked) {
        assertThat(Explain.of(asked)).isEmpty();
    }

    @Test
    void aMessageIsFoundAmongControlCharacters() {
        assertThat(Explain.of("\u001b[31mError:\u0000 database is LOCKED\u001b[0m\r\n"))
                .get()
                .extracting(Explain.Page::title)
                .isEqualTo("SQLITE_BUSY (5) · database is locked");
    }

    @Test
    void aPartOfAMessageLeadsToItsPage() {
        assertThat(Explain.of("disk image is malformed"))
                .get()
                .extracting(Explain.Page::title)
                .isEqualTo("SQLITE_CORRUPT (11) · database disk image is malformed");
        assertThat(Explain.of("database file")).isEmpty(); // of several pages
    }

    /** Every character is a new beginning for a matcher that goes back; the answer must come all the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {"row ", "row \n", "sqlite_", "sqlite_a_", "ws30", "(1", "code  1", "9", "recovered ", "\u0000"})
    void aMegabyteIsAnswered(String piece) {
        String asked = piece.repeat(1_000_000 / piece.length());

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            assertThat(Explain.of(asked)).isEmpty();
            assertThat(Explain.suggestions(asked)).hasSizeLessThanOrEqualTo(5);
        });
    }

    @Test
    void anyTextAtAllIsAnsweredWithoutAnException() {
        long seed = 20261120L;
        Random random = new Random(seed);
        String[] pieces = {
            "SQLITE_", "IOERR", "WS3", "01", "_", "(", ")", " ", "11", "error ", "row ", "…", "\n", "é", "\u0000"
        };
        for (int round = 0; round < 1_000; round++) {
            StringBuilder asked = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) asked.append(pieces[random.nextInt(pieces.length)]);

            Assertions.assertDoesNotThrow(
                    () -> {
                        Explain.of(asked.toString());
                        Explain.suggestions(asked.toString());
                    },
                    () -> "seed " + seed + ": " + asked);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WS311",
                "SQLITE_BUSSY",
                "busy",
                "SQLITE_IOER",
                "journal",
                "ws31",
                "corupt",
                "checkpoint of my log"
            })
    void aNearMissIsAnsweredWithHeadingsThatHavePages(String asked) {
        assertThat(Explain.of(asked)).isEmpty();

        assertThat(Explain.suggestions(asked))
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(5)
                .allSatisfy(heading -> assertThat(Explain.of(heading))
                        .get()
                        .extracting(Explain.Page::title)
                        .isEqualTo(heading));
    }

    @Test
    void theNearestNameIsSuggestedFirst() {
        assertThat(Explain.suggestions("SQLITE_BUSSY")).first().asString().startsWith("SQLITE_BUSY (5)");
        assertThat(Explain.suggestions("WS99x")).first().asString().startsWith("WS901 ");
        assertThat(Explain.suggestions("WS3012")).first().asString().startsWith("WS301 ");
        assertThat(Explain.suggestions("sqlite_okk")).first().asString().startsWith("SQLITE_OK (0)");
        assertThat(Explain.suggestions("protocol")).first().asString().startsWith("SQLITE_PROTOCOL (15)");
    }

    @Test
    void theIndexListsEveryPageOnceUnderItsFamily() {
        String index = Explain.index();

        for (Problem problem : Problem.values()) {
            assertThat(index).containsOnlyOnce("\n  " + problem.id() + " " + problem.title() + "\n");
        }
        assertThat(index)
                .startsWith("WS1xx Storage and host\n  WS101 ")
                .containsSubsequence(
                        "\nWS2xx Other openers and locks\n  WS201 ", "\nWS9xx walsafe's own limits\n  WS901 ")
                .containsSubsequence("\nSQLite's codes\n  SQLITE_OK (0)", "\nSQLite's messages\n  integrity_check ");
    }

    @Test
    void everyHeadingIsGoodToBeAskedFor() {
        for (String line : Explain.index().split("\n", -1)) {
            if (!line.startsWith("  ")) continue;
            assertThat(Explain.of(line))
                    .as(line)
                    .get()
                    .extracting(Explain.Page::title)
                    .isEqualTo(line.strip());
        }
    }

    @Test
    void aWordThatNoHeadingHasLeadsToThePagesThatSpeakOfIt() {
        assertThat(Explain.suggestions("NFS")).anyMatch(heading -> heading.startsWith("WS101 "));
        assertThat(Explain.suggestions("Kubernetes")).anyMatch(heading -> heading.startsWith("WS106 "));
        assertThat(Explain.suggestions("xyzzy")).isEmpty();
    }
}
