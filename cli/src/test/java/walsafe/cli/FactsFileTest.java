package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walsafe.facts.Facts;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;

class FactsFileTest {
    @TempDir
    Path folder = Path.of("");

    @RepeatedTest(200)
    void anyFactsComeBackAsTheyWere(RepetitionInfo repetition) throws Exception {
        long seed = repetition.getCurrentRepetition();
        Facts facts = new RandomFacts(seed).next();

        assertThat(read(Json.write(facts))).as("seed %d", seed).isEqualTo(facts);
        assertThat(read(DoctorJson.of(Diagnosis.of(facts, Intent.DEFAULT))))
                .as("whole report, seed %d", seed)
                .isEqualTo(facts);
    }

    @RepeatedTest(50)
    void anyFactsCanBeToldAsText(RepetitionInfo repetition) throws Exception {
        Facts facts = new RandomFacts(repetition.getCurrentRepetition()).next();

        String told = DoctorText.of(Diagnosis.of(facts, Intent.DEFAULT), Ink.NONE) + WhoText.of(facts, Ink.NONE);

        assertThat(told).doesNotContain("\u001b").doesNotContain("\u202e");
    }

    @Test
    void aReportIsReplayedFromAFileAndFromStandardInput() throws IOException {
        Asked first = Asked.walsafe(
                "doctor", "--format", "json", folder.resolve("my.db").toString());
        Path file = Files.writeString(folder.resolve("facts.json"), first.out());

        Asked fromFile = Asked.walsafe("doctor", "--format", "json", "--facts", file.toString());
        Asked fromInput = Asked.walsafe(Map.of(), first.out(), "doctor", "--format", "json", "--facts", "-");

        assertThat(fromFile).isEqualTo(first);
        assertThat(fromInput).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                        | there is no JSON object in it",
                "[]                                        | there is no JSON object in it",
                "{                                         | does not hold facts: Unexpected end-of-input",
                "hello                                     | does not hold facts: Unrecognized token 'hello'",
                "{\"schemaVersion\":2}                     | has schemaVersion 2; this walsafe reads 1",
                "{\"schemaVersion\":\"1\"}                 | has schemaVersion \"1\"",
                "{\"schemaVersion\":1}                     | is a report without facts",
                "{\"schemaVersion\":1,\"facts\":{}}        | does not hold facts: Missing creator property 'target' (at",
                "{\"target\":{\"asked\":null}}             | does not hold facts",
                "{\"target\":{\"asked\":\"a\",\"database\":null,\"state\":\"file\",\"links\":[null],\"uriParameters\":[]}} | null where a value belongs",
                "{\"surprise\":1}                          | does not hold facts: Missing creator property",
                "{} {}                                     | does not hold facts: Trailing token"
            })
    void whatIsNoFactsIsTold(String text, String message) {
        Asked asked = Asked.walsafe(Map.of(), text, "doctor", "--facts", "-");

        assertThat(asked.code()).isEqualTo(2);
        assertThat(asked.err()).startsWith("walsafe: Standard input").contains(message);
    }

    @Test
    void deepNestingIsToldAndDoesNotOverflow() {
        Asked asked = Asked.walsafe(Map.of(), "{\"target\":" + "[".repeat(1_000_000), "doctor", "--facts", "-");

        assertThat(asked.code()).isEqualTo(2);
    }

    @Test
    void aFileThatIsTooLargeIsNotReadToItsEnd() {
        assertThat(Asked.walsafe("doctor", "--facts", "/dev/zero").err()).contains("larger than 16 MiB");
    }

    private static Facts read(String json) throws UsageException {
        return FactsFile.read("-", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
