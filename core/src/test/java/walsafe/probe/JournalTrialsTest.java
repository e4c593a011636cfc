package walsafe.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import walsafe.facts.Answer.Verdict;

/** A process dies in mid-transaction, and the other sees its journal, or does not. */
@Timeout(120)
final class JournalTrialsTest {
    @TempDir
    Path scratch;

    @FunctionalInterface
    private interface Trial {
        Seen on(Stage stage) throws IOException;
    }

    @Test
    void aJournalThatIsSeenIsRolledBack() throws IOException {
        assertThat(seen(JournalTrials::filledJournal, false).verdict()).isEqualTo(Verdict.YES);
        assertThat(seen(JournalTrials::newJournal, false).verdict()).isEqualTo(Verdict.YES);
    }

    /** As on a storage that remembers names, or sizes, too long: half of the transaction is in the file. */
    @Test
    void aJournalThatIsNotSeenConvicts() throws IOException {
        assertThat(seen(JournalTrials::filledJournal, true).verdict()).isEqualTo(Verdict.NO);
        assertThat(seen(JournalTrials::newJournal, true).verdict()).isEqualTo(Verdict.NO);
    }

    private Seen seen(Trial trial, boolean hidden) throws IOException {
        Path place = Files.createTempDirectory(scratch, "stage");
        try (Actor a = new Actor("near", hidden ? new Hiding(puppet(place), place) : puppet(place));
                Actor b = new Actor("far", puppet(place))) {
            return trial.on(Stage.of(place, Budget.TWO_HOSTS, a, b));
        }
    }

    private static Line puppet(Path place) throws IOException {
        return Puppet.in(place, Budget.TWO_HOSTS.patience());
    }

    /** Its journal is gone with it. */
    private record Hiding(Line line, Path place) implements Line {
        @Override
        public void tell(String question) throws IOException {
            line.tell(question);
        }

        @Override
        public String hear() throws IOException {
            return line.hear();
        }

        @Override
        public boolean expendable() {
            return line.expendable();
        }

        @Override
        public void kill() throws IOException {
            line.kill();
            assertThat(Files.size(place.resolve("hot.db-journal"))).isPositive();
            Files.delete(place.resolve("hot.db-journal"));
        }

        @Override
        public void close() {
            line.close();
        }
    }
}
