package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The committed notes, and the page that is made of them. Boots nothing. */
class VerdictsPageTest {
    private static final Path NOTES = Lab.home().resolve("notes");
    private static final Path PAGE = Lab.home().resolve("../docs/knowledge/verdicts.md");

    @Test
    void thePageIsWhatTheNotesMake() throws IOException {
        assertThat(Files.readString(PAGE)).as("lab/run verdicts makes it anew").isEqualTo(VerdictsPage.of(NOTES));
    }

    @Test
    void nothingIsFalselySafeAndNoControlIsFalselyUnsafe() throws IOException {
        for (List<Row> rows : VerdictsPage.storages(NOTES)) {
            assertThat(Agreement.of(rows))
                    .as("%s, %s", rows.get(0).storage(), rows.get(0).sides())
                    .isNotIn(Agreement.FALSE_SAFE, Agreement.FALSE_UNSAFE);
        }
    }

    @Test
    void everySceneHasBeenRunWhole() throws IOException {
        List<List<Row>> storages = VerdictsPage.storages(NOTES);

        assertThat(storages.stream().map(rows -> rows.get(0).storage()))
                .containsExactly(Stream.of(Scene.values()).map(Scene::label).toArray(String[]::new));
        for (List<Row> rows : storages) {
            assertThat(Agreement.said(rows)).as(rows.get(0).storage()).isNotEmpty();
            assertThat(Agreement.bare(rows, "wal")).as(rows.get(0).storage()).isNotEmpty();
            assertThat(Agreement.bare(rows, "truncate"))
                    .as(rows.get(0).storage())
                    .isNotEmpty();
            assertThat(Agreement.walsafe(rows)).as(rows.get(0).storage()).isNotEmpty();
        }
    }

    @Test
    void everyNoteCanBeReadAndRunAgain() throws IOException {
        try (Stream<Path> notes = Files.list(NOTES)) {
            assertThat(notes.filter(Files::isDirectory)).isNotEmpty().allSatisfy(note -> {
                assertThat(note.getFileName().toString()).matches("\\d{4}-[a-z0-9-]+");
                assertThat(note.resolve("README.md")).isNotEmptyFile();
                assertThat(note.resolve("result.tsv")).isNotEmptyFile();
                assertThat(note.resolve("run.sh")).isExecutable();
            });
        }
    }
}
