package walsafe.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import walsafe.custody.Custody;
import walsafe.custody.Python;
import walsafe.facts.Facts;
import walsafe.facts.Signs;

/** Several processes want the same database at once: one has its way, the others are told who is in theirs. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ContestTest {
    private static final int ROUNDS = Integer.getInteger("walsafe.contest", 50);

    @TempDir
    Path directory;

    private Path database;

    @BeforeEach
    void aDatabase() throws IOException {
        database = directory.toRealPath().resolve("contest.db");
        Python.crashing(
                database,
                "c.execute('pragma journal_mode=wal')",
                "c.execute('create table t(a)')",
                "for i in range(40): c.execute('insert into t values(?)', (-1-i,))");
    }

    @Test
    void aConversionWhileProgramsOpenAndWriteLosesNothingAndNobodyCriesWolf() throws Exception {
        List<String> writer;
        List<String> converter;
        try (Contest one = new Contest("write", ROUNDS, 0);
                Contest other = new Contest("convert", ROUNDS, 0)) {
            writer = one.said();
            converter = other.said();
        }

        nobodyCriesWolf(writer);
        nobodyCriesWolf(converter);
        List<String> written = starting(writer, "written");
        assertThat(written).as("%s", writer).isNotEmpty();
        for (String each : written)
            assertThat(Python.answer(database, "select count(*) from t where a=" + each.substring(8)))
                    .isEqualTo("1");
        everythingIsInOrder();
    }

    @Test
    void ofTwoConversionsOneWaitsOrRefuses() throws Exception {
        List<String> said = new ArrayList<>();
        try (Contest one = new Contest("convert", ROUNDS / 2, 0);
                Contest other = new Contest("convert", ROUNDS / 2, 0)) {
            said.addAll(one.said());
            said.addAll(other.said());
        }

        nobodyCriesWolf(said);
        assertThat(starting(said, "converted true")).as("%s", said).isNotEmpty();
        everythingIsInOrder();
    }

    /** While a set has its second names, who looks at it sees two; that is no hard link of the user's. */
    @Test
    void ofTwoThatReplaceTheFileOneDoes() throws Exception {
        Path other = directory.resolve("other.db");
        Python.crashing(
                other,
                "c.execute('pragma journal_mode=wal')",
                "c.execute('create table other(a)')",
                "for i in range(300): c.execute('insert into other values(?)', (i,))");
        for (int round = 0; round < Math.max(3, ROUNDS / 10); round++) {
            Python.crashing(database, "c.execute('pragma journal_mode=truncate')");
            Files.copy(directory.resolve("other.db-wal"), directory.resolve("contest.db-wal"));
            List<String> said = new ArrayList<>();
            try (Contest one = new Contest("convert", 1, 0);
                    Contest two = new Contest("convert", 1, 0);
                    Contest three = new Contest("convert", 1, 0)) {
                said.addAll(one.said());
                said.addAll(two.said());
                said.addAll(three.said());
            }

            nobodyCriesWolf(said);
            assertThat(starting(said, "converted true")).as("%s", said).hasSize(1);
            everythingIsInOrder();
            forget();
        }
    }

    private void forget() throws IOException {
        for (Path set : Custody.quarantined(database)) {
            try (var files = Files.list(set)) {
                for (Path each : files.toList()) Files.delete(each);
            }
            Files.delete(set);
        }
    }

    /** WS205 names who is in the way, and BUSY is an answer; whatever else is said would be wrong. */
    private static void nobodyCriesWolf(List<String> said) {
        List<String> expected = List.of("written ", "converted ", "refused MODE_CHANGE_BLOCKED", "error 5 ");
        assertThat(said.stream().filter(line -> expected.stream().noneMatch(line::startsWith)))
                .isEmpty();
    }

    private void everythingIsInOrder() throws IOException {
        assertThat(Python.answer(database, "pragma integrity_check")).isEqualTo("ok");
        assertThat(Python.answer(database, "select count(*) from t where a<0")).isEqualTo("40");
        assertThat(Facts.gather(database).database().hardLinks()).isEqualTo(1);
        assertThat(Signs.folder(database).resolve("staging")).doesNotExist();
        assertThat(Signs.folder(database).resolve("intent")).doesNotExist();
    }

    private static List<String> starting(List<String> said, String with) {
        return said.stream().filter(line -> line.startsWith(with)).toList();
    }

    /** One contender; they begin when all are ready, as nearly as two processes can. */
    private final class Contest implements AutoCloseable {
        private final Process process;

        Contest(String what, int rounds, int first) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Contender.class.getName(),
                            what,
                            database.toString(),
                            String.valueOf(rounds),
                            String.valueOf(first))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }

        List<String> said() throws Exception {
            String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(all).isZero();
            return all.lines().filter(line -> !line.equals("ready")).toList();
        }

        @Override
        public void close() {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
