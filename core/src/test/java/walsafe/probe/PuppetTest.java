package walsafe.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What another host may ask. That all experiments get through is shown by {@code EncounterTest}. */
final class PuppetTest {
    @Test
    void noQuestionLeavesTheScratchDirectoryOrAsksForMuch() {
        for (String question : List.of(
                "remove ../a",
                "remove /a",
                "remove a/b",
                "remove ..",
                "remove .",
                "remove a b",
                "remove -a",
                "remove a\nremove b",
                "remove A",
                "remove a.txt",
                "rename a ../b",
                "write a 1000000 1",
                "lock a 99999999999 1 shared",
                "lock a 1 1 both",
                "sync a 1000",
                "sql-fill 1000",
                "sql-commit a 1000",
                "sql-open a.db memory",
                "sql-open a.db off",
                "sql-exec DROP TABLE x",
                "end",
                "",
                " ")) {
            assertThat(Puppet.understands(question)).as(question).isFalse();
        }
    }

    @Test
    void whatExperimentsAskIsUnderstood() {
        for (String question : List.of(
                "lock locks 1073741826 510 shared",
                "write turns 0 200",
                "read map-and-read 64",
                "poke map 0 12",
                "dab map 1025 3",
                "put current 4",
                "sql-open rollback.db truncate",
                "sql-commit near 40",
                "sql-count far",
                "sql-checkpoint")) {
            assertThat(Puppet.understands(question)).as(question).isTrue();
        }
    }
}
