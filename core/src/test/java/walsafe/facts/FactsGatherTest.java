package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FactsGatherTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aFileHasATargetAndAStorage() throws IOException {
        Path database = Files.writeString(directory.resolve("shop.db"), "");

        Facts facts = Facts.gather(database);

        assertThat(facts.target().state()).isEqualTo(Target.State.FILE);
        assertThat(facts.storage().found()).isNotEqualTo(Storage.Found.NOT_FOUND);
        assertThat(facts.unseen()).isEmpty();
    }

    @Test
    void aPathIsNeverAUri() {
        Facts facts = Facts.gather(Path.of("file:shop.db?mode=memory"));

        assertThat(facts.target().state()).isEqualTo(Target.State.MISSING);
        assertThat(facts.target().database().orElseThrow()).endsWith("/file:shop.db?mode=memory");
    }

    @Test
    void lookingLeavesNoTrace() throws IOException {
        Path database = Files.writeString(directory.resolve("shop.db"), "");

        Facts.gather(database);
        Facts.gather(directory.resolve("new.db"));

        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(database);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":memory:", "file::memory:", "nul\0", "file://nas/x", "/", ".", "..", "file:%", "-", "~"})
    void strangeNamesAreAnswers(String name) {
        Facts facts = Facts.gather(name, LONG);

        assertThat(facts.target().asked()).isEqualTo(name);
    }

    @Test
    void noNameIsTooStrange() {
        long seed = 20261120;
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            StringBuilder name = new StringBuilder(random.nextBoolean() ? "file:" : "/tmp/");
            for (int i = random.nextInt(40); i > 0; i--) name.append((char) random.nextInt(0x250));
            if (random.nextInt(10) == 0) name.append('\ud800');

            Facts facts = Facts.gather(name.toString(), LONG);

            assertThat(facts.target().asked())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(name.toString());
        }
    }

    @Test
    void theDriversVersionIsRead() {
        assertThat(OwnSqlite.version().orElseThrow()).isGreaterThan(new SqliteVersion(3, 51, 2));
    }

    @Test
    void patienceHasToBePositive() {
        assertThatThrownBy(() -> Facts.gather("x", Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0S");
    }

    @Test
    void patienceMayBeForEver() {
        assertThat(Facts.gather(":memory:", Duration.ofSeconds(Long.MAX_VALUE))
                        .target()
                        .state())
                .isEqualTo(Target.State.MEMORY);
    }

    @Test
    void anInterruptIsKept() {
        Thread.currentThread().interrupt();

        Facts facts = Facts.gather("/", LONG);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(facts.target().asked()).isEqualTo("/");
    }
}
