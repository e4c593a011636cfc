package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static walsafe.facts.SqliteBug.Condition.ROLLBACK_ATTACH;
import static walsafe.facts.SqliteBug.Condition.SAVEPOINT_TEMP_MEMORY;
import static walsafe.facts.SqliteBug.Condition.WAL_SEVERAL_CONNECTIONS;

import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteBugsTest {
    @ParameterizedTest
    @CsvSource({
        "3.6.23, false", "3.7.0, true", "3.7.17, true", "3.8.11, true", "3.40.1, true", "3.43.2, true",
        "3.44.0, true", "3.44.5, true", "3.44.6, false", "3.44.7, false", "3.45.0, true", "3.45.3, true",
        "3.46.1, true", "3.47.2, true", "3.48.0, true", "3.49.2, true", "3.50.0, true", "3.50.4, true",
        "3.50.6, true", "3.50.7, false", "3.50.8, false", "3.51.0, true", "3.51.1, true", "3.51.2, true",
        "3.51.3, false", "3.51.4, false", "3.52.0, false", "3.53.0, false", "3.53.3, false", "3.54.1, false"
    })
    void theWalResetBugEndsWhereItsFixBegins(String version, boolean affected) {
        assertThat(ids(version).contains("wal-reset")).isEqualTo(affected);
    }

    /** All releases from 3.7.0 to 3.54, enumerated: the backports are the only holes in the range. */
    @Test
    void theWalResetBugHasNoOtherHolesThanItsBackports() {
        List<String> sound = new ArrayList<>();
        for (int minor = 7; minor <= 51; minor++) {
            for (int patch = 0; patch <= 9; patch++) {
                SqliteVersion version = new SqliteVersion(3, minor, patch);
                if (!ids(version.toString()).contains("wal-reset")) sound.add(version.toString());
            }
        }

        assertThat(sound)
                .containsExactly(
                        "3.44.6", "3.44.7", "3.44.8", "3.44.9", "3.50.7", "3.50.8", "3.50.9", "3.51.3", "3.51.4",
                        "3.51.5", "3.51.6", "3.51.7", "3.51.8", "3.51.9");
    }

    @ParameterizedTest
    @CsvSource({"3.53.2, false", "3.53.3, true", "3.53.4, false", "3.54.0, false"})
    void theSuperJournalBugIsIn3_53_3Alone(String version, boolean affected) {
        assertThat(ids(version).contains("super-journal")).isEqualTo(affected);
    }

    @ParameterizedTest
    @CsvSource({
        "savepoint, 3.34.1, false",
        "savepoint, 3.35.0, true",
        "savepoint, 3.37.1, true",
        "savepoint, 3.37.2, false",
        "drop-column, 3.34.1, false",
        "drop-column, 3.35.4, true",
        "drop-column, 3.35.5, false",
        "page-cache, 3.39.3, true",
        "page-cache, 3.39.4, false",
        "auto-vacuum, 3.15.2, false",
        "auto-vacuum, 3.16.0, true",
        "auto-vacuum, 3.18.0, true",
        "auto-vacuum, 3.18.1, false",
        "auto-vacuum, 3.19.0, true",
        "auto-vacuum, 3.19.2, true",
        "auto-vacuum, 3.19.3, false",
        "mode-switch, 3.7.4, true",
        "mode-switch, 3.7.5, false",
        "windows-recovery, 3.7.12, false",
        "windows-recovery, 3.7.13, true",
        "windows-recovery, 3.7.17, false",
        "nested-triggers, 3.8.6, false",
        "nested-triggers, 3.8.7, true",
        "nested-triggers, 3.8.11, false"
    })
    void theOtherBugsBeginAndEndAsTheirReleaseNotesSay(String id, String version, boolean affected) {
        assertThat(ids(version).contains(id)).isEqualTo(affected);
    }

    @Test
    void onlyABugThatLosesDataInThePresentUseIsWorthAFinding() {
        assertThat(SqliteBugs.losingData(version("3.51.2"), WAL_SEVERAL_CONNECTIONS))
                .hasSize(1);
        assertThat(SqliteBugs.losingData(version("3.51.2"), ROLLBACK_ATTACH)).isEmpty();
        assertThat(SqliteBugs.losingData(version("3.53.3"), ROLLBACK_ATTACH)).hasSize(1);
        assertThat(SqliteBugs.losingData(version("3.53.3"), WAL_SEVERAL_CONNECTIONS))
                .isEmpty();
        assertThat(SqliteBugs.losingData(version("3.36.0"), SAVEPOINT_TEMP_MEMORY))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL_SEVERAL_CONNECTIONS", "ROLLBACK_ATTACH", "SAVEPOINT_TEMP_MEMORY"})
    void theWithdrawnReleaseIsNeverGoodEnough(SqliteBug.Condition use) {
        assertThat(SqliteBugs.losingData(version("3.52.0"), use))
                .extracting(SqliteBug::id)
                .contains("withdrawn");
    }

    @Test
    void theRecommendedReleaseAndLaterOnesHaveNone() {
        SqliteVersion recommended = SqliteBugs.recommended();

        assertThat(SqliteBugs.affecting(recommended)).isEmpty();
        for (SqliteBug bug : SqliteBugs.all()) {
            assertThat(bug.last()).as(bug.id()).isLessThan(recommended);
        }
    }

    @Test
    void everyRowIsCompleteAndHasItsSource() {
        Set<String> ids = new HashSet<>();
        for (SqliteBug bug : SqliteBugs.all()) {
            assertThat(ids.add(bug.id())).as(bug.id()).isTrue();
            assertThat(bug.first()).as(bug.id()).isLessThanOrEqualTo(bug.last());
            assertThat(bug.affects(bug.first())).as(bug.id()).isTrue();
            assertThat(bug.affects(bug.last())).as(bug.id()).isTrue();
            assertThat(bug.fixed()).as(bug.id()).isNotEmpty().noneMatch(bug::affects);
            assertThat(bug.title()).isNotBlank();
            assertThat(bug.atRisk()).isNotBlank();
            assertThat(bug.remedy()).isNotBlank();
            assertThat(URI.create(bug.source()).getScheme()).as(bug.id()).isEqualTo("https");
        }
    }

    @Test
    void everyConditionIsUsedByARow() {
        Set<SqliteBug.Condition> used = EnumSet.noneOf(SqliteBug.Condition.class);
        for (SqliteBug bug : SqliteBugs.all()) used.add(bug.condition());

        assertThat(used).containsExactlyInAnyOrder(SqliteBug.Condition.values());
    }

    private static List<String> ids(String version) {
        List<String> ids = new ArrayList<>();
        for (SqliteBug bug : SqliteBugs.affecting(version(version))) ids.add(bug.id());
        return ids;
    }

    private static SqliteVersion version(String text) {
        return SqliteVersion.parse(text).orElseThrow();
    }
}
