package walsafe.facts;

import static java.util.Objects.requireNonNull;

import java.util.List;
import walsafe.finding.Weight;

/**
 * A bug of SQLite that can lose or damage data; a row of {@code sqlite-bugs.tsv}.
 *
 * @param id a short name that does not change, such as {@code wal-reset}
 * @param title what it is called
 * @param weight {@link Weight#DANGER} if rows are lost or damaged; only those are findings
 * @param first the first release affected
 * @param last the last release affected
 * @param fixed releases that carry the fix; each protects the later ones of its own line
 * @param condition how SQLite must be used for it to strike
 * @param atRisk what can happen, a clause that begins with a capital
 * @param remedy what to do, one or two sentences
 * @param source where this is written
 */
public record SqliteBug(
        String id,
        String title,
        Weight weight,
        SqliteVersion first,
        SqliteVersion last,
        List<SqliteVersion> fixed,
        Condition condition,
        String atRisk,
        String remedy,
        String source) {
    /** How SQLite must be used for a bug to strike. */
    public enum Condition {
        EVERY_USE("in every use"),
        WAL_SEVERAL_CONNECTIONS("with a write-ahead log and more than one connection"),
        ROLLBACK_ATTACH("with a rollback journal and a commit to several attached databases"),
        CUSTOM_PAGE_CACHE("with a page cache supplied by the application"),
        SAVEPOINT_TEMP_MEMORY("with savepoints and temp_store=MEMORY"),
        DROP_COLUMN("with ALTER TABLE DROP COLUMN"),
        AUTO_VACUUM("with auto_vacuum"),
        NESTED_TRIGGERS("with nested triggers that change a key's type"),
        WINDOWS_RECOVERY("on Windows, after a crash, with several processes"),
        MODE_SWITCH_VACUUM("when the journal mode is switched and VACUUM run while others are there"),
        WAL_LOCK_ERROR("with a write-ahead log, when locking ends in an I/O error"),
        MIXED_WITH_3_6("when SQLite 3.6 writes the same database");

        private final String words;

        Condition(String words) {
            this.words = words;
        }

        /** For the middle of a sentence: "… loses rows with auto_vacuum". */
        public String words() {
            return words;
        }
    }

    public SqliteBug {
        requireNonNull(condition);
        requireNonNull(weight);
        fixed = List.copyOf(fixed);
    }

    /** Does that release have the bug? */
    public boolean affects(SqliteVersion version) {
        boolean inRange = version.compareTo(first) >= 0 && version.compareTo(last) <= 0;
        return inRange && !carriesFix(version);
    }

    /** Can it strike when SQLite is used like this? A bug of every use always can. */
    public boolean strikes(Condition use) {
        return condition == Condition.EVERY_USE || condition == use;
    }

    /** Can rows be lost or damaged by it? */
    public boolean losesData() {
        return weight == Weight.DANGER;
    }

    private boolean carriesFix(SqliteVersion version) {
        for (SqliteVersion fix : fixed) {
            boolean sameLine = fix.major() == version.major() && fix.minor() == version.minor();
            if (sameLine && version.patch() >= fix.patch()) return true;
        }
        return false;
    }
}
