package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.policy.Verdict;

class CliTest {
    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "--help, 'walsafe makes SQLite safe wherever a database is put.'",
        "help doctor, walsafe doctor PATH    is it safe here",
        "doctor --help, walsafe doctor PATH    is it safe here",
        "doctor x.db --sharing --help, walsafe doctor PATH    is it safe here",
        "who -h, walsafe who PATH       which processes",
        "help explain, 'walsafe explain [WHAT]  the long answer, offline'",
        "--version, walsafe "
    })
    void helpAndVersionAreReports(String arguments, String beginning) {
        Asked asked = Asked.walsafe(arguments.split(" ", -1));

        assertThat(asked.code()).isZero();
        assertThat(asked.out()).startsWith(beginning).endsWith("\n");
        assertThat(asked.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "doctr my.db | Did you mean doctor?",
                "my.db | walsafe doctor my.db",
                "./data/my.db | walsafe doctor ./data/my.db",
                "frobnicate | There are: doctor, who, copy, convert, torture, explain.",
                "help expain | Did you mean explain?",
                "doctor | Which database? For example: walsafe doctor my.db",
                "copy a.db | Copy what, and where to?",
                "copy a.db b.db c.db | A path with spaces needs quotes.",
                "copy missing.db b.db | There is no file",
                "who a.db b.db | One path at a time; there are 2: a.db, b.db.",
                "doctor --sharin one-host my.db | There is no option --sharin. Did you mean --sharing?",
                "doctor --sharing onehost my.db | Did you mean one-host?",
                "doctor --sharing | The option --sharing needs a value: one of this-process, one-host, several-hosts.",
                "doctor --format xml my.db | one of text, json",
                "doctor --format text --format json my.db | The option --format is given twice.",
                "doctor --redact=yes my.db | The option --redact takes no value.",
                "doctor --pragma journal_mode my.db | --pragma takes NAME=VALUE",
                "doctor --pragma =wal my.db | --pragma takes NAME=VALUE",
                "doctor --timeout soon my.db | --timeout takes seconds",
                "doctor --timeout 0 my.db | --timeout takes seconds",
                "doctor --timeout 4000 my.db | --timeout takes seconds",
                "doctor --probe hard my.db | --probe cannot be \"hard\": one of none, glance, torture",
                "doctor --probe glance --facts - | leave one of them out",
                "doctor --facts missing.json | There is no file missing.json.",
                "doctor --facts missing.json my.db | leave out the path my.db",
                "convert my.db | Into which mode? For example: walsafe convert my.db --to truncate",
                "convert my.db --to off | one of wal, delete, truncate",
                "torture | Which directory? For example: walsafe torture /mnt/share",
                "torture --seconds 0 . | --seconds takes a number from 1 to 86400, and was \"0\".",
                "torture --processes 1 . | --processes takes a number from 2 to 32, and was \"1\".",
                "torture --seed x . | --seed takes a number from 0 to 1000000000",
                "torture --mode wall . | one of plan, wal, delete, truncate, dotfile. Did you mean wal?",
                "torture a b | One path at a time; there are 2: a, b.",
                "torture /no/such/place | There is no directory /no/such/place.",
                "torture --through /no/such/place . | There is no directory /no/such/place.",
                "torture /dev/null | /dev/null is not a directory.",
                "explain WS999999 | There is no page about \"WS999999\"."
            })
    void whatIsNotUnderstoodIsTold(String arguments, String message) {
        Asked asked = Asked.walsafe(arguments.split(" ", -1));

        assertThat(asked.code()).isEqualTo(2);
        assertThat(asked.err()).startsWith("walsafe: ").contains(message).endsWith("Try: walsafe --help\n");
        assertThat(asked.out()).isEmpty();
    }

    @Test
    void nothingAskedIsToldWithAnExample() {
        assertThat(Asked.walsafe().err()).contains("walsafe doctor my.db");
    }

    @ParameterizedTest
    @ValueSource(strings = {"doctor", "who", "copy", "convert", "torture", "explain"})
    void theHelpPageNamesExactlyTheOptionsThereAre(String name) {
        List<String> there =
                Cli.create(name).options().stream().map(Option::name).sorted().toList();

        assertThat(optionsIn(Cli.page(name))).containsExactlyElementsOf(there);
    }

    private static Iterable<String> optionsIn(String page) {
        return Pattern.compile("(?m)^  (--[a-z]+)")
                .matcher(page)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @EnumSource(Verdict.class)
    void onlySafeIsZero(Verdict verdict) {
        assertThat(ExitCode.of(verdict) == ExitCode.WELL).isEqualTo(verdict == Verdict.SAFE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a name with spaces.db",
                "it's \"quoted\".db",
                "-dash.db",
                "new\nline.db",
                "\u001b[31mred.db",
                "ünï¢ødé😀.db",
                "per%cent?query#hash.db",
                "$(touch gone).db",
                "back\\slash.db"
            })
    void aHostileNameGivesAReportAndNoEscapeSequence(String name) throws IOException {
        Path database = Files.write(folder.resolve(name), new byte[0]);

        Asked doctor = Asked.walsafe("doctor", "--", database.toString());
        Asked who = Asked.walsafe("who", "--", database.toString());

        assertThat(doctor.err()).isEmpty();
        assertThat(doctor.out()).isNotEmpty().doesNotContain("\u001b");
        assertThat(who.err()).isEmpty();
        assertThat(who.out()).isNotEmpty().doesNotContain("\u001b");
    }

    @Test
    void explainTellsThePageWithoutMarkdownsStars() {
        Asked asked = Asked.walsafe("explain", "ws301");

        assertThat(asked.code()).isZero();
        assertThat(asked.out())
                .contains("A reader keeps the write-ahead log from being checkpointed")
                .doesNotContain("**");
    }

    @Test
    void aPathWithNulIsAUsageError() {
        assertThat(Asked.walsafe("doctor", "a\0b").code()).isEqualTo(2);
    }

    @Test
    void aNameThatIsNoTextIsToldInsteadOfBeingCalledMissing() {
        assertThat(Asked.walsafe("doctor", "caf\ufffd.db").err()).contains("bytes that are not UTF-8");
    }

    @Test
    void coloursComeOnlyWhenForced() {
        String path = folder.resolve("my.db").toString();

        assertThat(Asked.walsafe("doctor", path).out()).doesNotContain("\u001b");
        assertThat(Asked.walsafe(Map.of("CLICOLOR_FORCE", "1"), "", "doctor", path)
                        .out())
                .contains("\u001b[");
        assertThat(Asked.walsafe(Map.of("CLICOLOR_FORCE", "0"), "", "doctor", path)
                        .out())
                .doesNotContain("\u001b");
        assertThat(Asked.walsafe(Map.of("CLICOLOR_FORCE", "1", "NO_COLOR", "1"), "", "doctor", path)
                        .out())
                .doesNotContain("\u001b");
    }

    @Test
    void aScreenGetsColoursUnlessItIsDumb() {
        assertThat(screen(Map.of("TERM", "xterm")).ink()).isEqualTo(Ink.COLOURED);
        assertThat(screen(Map.of("TERM", "dumb")).ink()).isEqualTo(Ink.NONE);
        assertThat(screen(Map.of("NO_COLOR", "")).ink()).isEqualTo(Ink.COLOURED);
    }

    @Test
    void aReaderThatLeavesEarlyIsNoError() {
        Asked asked = printingTo("Broken pipe");

        assertThat(asked.code()).isZero();
        assertThat(asked.err()).isEmpty();
    }

    @Test
    void aReportThatCannotBeWrittenIsAnError() {
        Asked asked = printingTo("No space left on device");

        assertThat(asked.code()).isEqualTo(1);
        assertThat(asked.err()).isEqualTo("walsafe: The report could not be written: No space left on device\n");
    }

    private static Terminal screen(Map<String, String> environment) {
        return new Terminal(System.in, OutputStream.nullOutputStream(), System.err, environment, true);
    }

    private static Asked printingTo(String failure) {
        java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException(failure);
            }
        };
        PrintStream complaints = new PrintStream(err, true, java.nio.charset.StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(System.in, broken, complaints, Map.of(), false);
        int code = new Cli(terminal).run(List.of("--version")).number();
        return new Asked(code, "", err.toString(java.nio.charset.StandardCharsets.UTF_8));
    }
}
