package walsafe.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.facts.Facts;
import walsafe.policy.Diagnosis;
import walsafe.torture.Report;

/**
 * What people and scripts read, letter by letter. After a wanted change, run with {@code -Dgolden.update=true} and read
 * the difference.
 */
class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @ParameterizedTest
    @ValueSource(strings = {"safe", "refused", "conditional", "memory"})
    void theDoctorsTextIsAsAgreed(String name) throws IOException {
        compare("doctor-" + name + ".txt", DoctorText.of(invented(name), Ink.NONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"safe", "refused", "memory"})
    void theDoctorsJsonIsAsAgreed(String name) throws IOException {
        compare("doctor-" + name + ".json", DoctorJson.of(invented(name)).replace(Cli.version(), "VERSION"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"safe", "refused", "memory"})
    void theAnswerToWhoIsAsAgreed(String name) throws IOException {
        Facts facts = invented(name).facts();

        compare("who-" + name + ".txt", WhoText.of(facts, Ink.NONE));
        compare("who-" + name + ".json", WhoJson.of(facts).replace(Cli.version(), "VERSION"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kept", "lost"})
    void theReportOfATortureIsAsAgreed(String name) throws IOException {
        Report report = name.equals("kept") ? Tortured.kept() : Tortured.lost();

        compare("torture-" + name + ".txt", TortureText.of(report, Ink.NONE).replace(Cli.version(), "VERSION"));
        compare("torture-" + name + ".json", TortureJson.of(report).replace(Cli.version(), "VERSION"));
    }

    @Test
    void aRedactedReportNamesNobody() throws IOException {
        String told = Json.write(invented("safe").facts().redacted())
                + Json.write(invented("refused").facts().redacted())
                + Json.write(invented("conditional").facts().redacted());

        assertThat(told)
                .doesNotContain("buero", "python3 app.py", "example.org", "192.0.2.7", "//nas/", "username=alice");
        assertThat(told).contains("~command", "~source");
    }

    @Test
    void onlyCommandsAreWiderThanAPage() {
        for (Diagnosis diagnosis : Invented.all().values()) {
            assertThat(DoctorText.of(diagnosis, Ink.NONE).lines())
                    .filteredOn(line -> line.length() > 100)
                    .allMatch(line -> line.startsWith("      ") || !line.startsWith(" "));
        }
    }

    @Test
    void paintChangesNoWord() {
        for (Diagnosis diagnosis : Invented.all().values()) {
            String painted = DoctorText.of(diagnosis, Ink.COLOURED);

            assertThat(painted).contains("\u001b[");
            assertThat(painted.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(DoctorText.of(diagnosis, Ink.NONE));
        }
    }

    private static Diagnosis invented(String name) {
        return requireNonNull(Invented.all().get(name), name);
    }

    private static void compare(String name, String told) throws IOException {
        Path file = GOLDEN.resolve(name);
        if (Boolean.getBoolean("golden.update")) Files.writeString(file, told);
        assertThat(told).as(name).isEqualTo(Files.readString(file));
    }
}
