package walsafe.finding;

import static walsafe.finding.Weight.DANGER;
import static walsafe.finding.Weight.NOTE;
import static walsafe.finding.Weight.WARNING;

import java.util.Optional;

/**
 * Every kind of trouble that walsafe can tell of. Ids are permanent and never reused; each has its page in {@code
 * docs/problems.md}.
 */
public enum Problem {
    STORAGE_UNSAFE("WS101", DANGER, "SQLite is not safe on this storage with these openers"),
    STORAGE_UNKNOWN("WS102", WARNING, "Whether SQLite is safe on this storage could not be told"),
    STORAGE_SILENT("WS103", WARNING, "The storage did not answer in time"),
    SYNC_NOT_KEPT("WS104", WARNING, "Commits may not survive a power cut here"),
    STORAGE_VOLATILE("WS105", WARNING, "This storage forgets everything when it is unmounted or the machine restarts"),
    CONTAINER_LAYER("WS106", WARNING, "The database lies in the container's own layer and is lost with it"),
    TWO_VIEWS("WS107", DANGER, "The same file can be reached through a second view with locks and pages of its own"),
    SPLIT_SET("WS108", DANGER, "The database and its -wal do not lie on the same mount"),
    HARD_LINKED("WS109", WARNING, "The database file has several names"),
    CLOUD_SYNCED("WS110", WARNING, "A synchronising program copies this folder behind SQLite's back"),
    PLACE_READ_ONLY("WS111", WARNING, "Nothing can be written in this place"),
    NO_PERMISSION("WS112", WARNING, "The permissions do not allow what SQLite needs"),
    DISK_NEARLY_FULL("WS113", WARNING, "The disk is nearly full"),
    BAKED_IN("WS114", WARNING, "The database is part of a read-only image layer"),
    CARRIED_ELSEWHERE("WS115", DANGER, "The data was carried to another place, and this one is out of date"),
    HOSTS_UNTRIED("WS116", NOTE, "What two hosts do to each other here has not been tried"),

    DELETED_BUT_OPEN("WS201", DANGER, "A process keeps writing to a file that no longer has a name"),
    LOCK_WITHOUT_HOLDER("WS202", WARNING, "A lock is held by a process that cannot be seen"),
    TWO_SQLITES("WS203", DANGER, "One process has the database open through two SQLite libraries"),
    NOT_ALL_SEEN("WS204", NOTE, "Not every process that may hold the database could be looked at"),
    MODE_CHANGE_BLOCKED("WS205", WARNING, "The journal mode must not be changed while others have the database open"),
    PERHAPS_TWO_SQLITES("WS206", WARNING, "A process with two SQLite libraries has the database open more than once"),
    LOCKS_LOST("WS207", DANGER, "SQLite's locks have vanished from this process"),
    OUTCOME_UNKNOWN("WS208", DANGER, "Nobody knows whether a commit happened"),
    INTENTS_DISAGREE("WS209", WARNING, "The database is open in this program with another intent"),
    COPY_BLOCKED("WS211", WARNING, "A copy could not get its locks within its budget"),
    OTHERS_PRESENT("WS215", WARNING, "A process of another machine or mount shows its presence beside the database"),
    SUSPECT_SIGN("WS216", WARNING, "A process that may have died has left its sign beside the database"),
    CHECK_INCOMPLETE("WS217", NOTE, "The check at opening could not prove the database sound"),
    LOCK_STAYS("WS218", WARNING, "Another program's lock has kept this one out"),
    NAMES_CLASH("WS219", DANGER, "Two hosts of one name are given each other's locks"),
    OPEN_PAST_WALSAFE("WS210", WARNING, "Other code of this program has the database open past walsafe"),

    READER_PINS_WAL("WS301", WARNING, "A reader keeps the write-ahead log from being checkpointed"),
    WAL_FOREIGN("WS302", DANGER, "The -wal beside the database does not belong to it"),
    WAL_ORPHANED("WS303", DANGER, "A -wal lies beside a database that is missing or empty"),
    WAL_UNFINISHED("WS304", NOTE, "Committed rows live only in the -wal"),
    MODE_UNSAFE_HERE("WS305", DANGER, "The database is in a journal mode that is not safe here"),
    WAL_LARGE("WS306", WARNING, "The write-ahead log has grown large"),
    JOURNAL_HOT("WS307", WARNING, "A transaction was interrupted and waits to be rolled back"),
    SUPER_JOURNAL("WS308", WARNING, "The interrupted transaction covers several database files"),
    LEFTOVERS(
            "WS309",
            NOTE,
            "Files of a network or FUSE filesystem that were deleted while open lie beside the database"),

    NOT_A_DATABASE("WS401", DANGER, "The file is not a SQLite database"),
    HEADER_IMPOSSIBLE("WS402", DANGER, "The database header holds values that SQLite never writes"),
    SIZE_DISAGREES("WS403", DANGER, "The file does not have the size that its header says"),
    PERHAPS_ENCRYPTED("WS404", NOTE, "The file may be an encrypted database"),
    EMPTY_FILE("WS405", NOTE, "The file is empty: to SQLite a new database"),
    DAMAGE_FOUND("WS406", DANGER, "SQLite's own check finds the database damaged"),

    SETTING_FORBIDDEN("WS501", WARNING, "A setting that was asked for is not safe here"),
    SETTING_DID_NOT_TAKE("WS502", DANGER, "SQLite did not take a setting of the plan"),

    OWN_SQLITE_VULNERABLE("WS601", WARNING, "The SQLite in use here has a bug that loses data"),
    NEIGHBOUR_SQLITE_VULNERABLE(
            "WS602", WARNING, "A process with this database open runs a SQLite with a bug that loses data"),
    WRITER_SQLITE_VULNERABLE("WS603", WARNING, "The database was last written by a SQLite with a bug that loses data"),

    TARGET_EXISTS("WS701", WARNING, "The place for the copy is taken"),
    COPY_UNSOUND("WS702", DANGER, "The copy is not sound, and was not put in place"),
    REPLACEMENT_INTERRUPTED("WS703", DANGER, "Putting another file in the database's place was interrupted"),
    QUARANTINE_FULL("WS704", WARNING, "No more sets of old files are kept for this database"),
    RIGHTS_NOT_KEPT("WS705", WARNING, "The new file would not have the rights of the old one"),
    NOT_PROVED("WS706", DANGER, "SQLite's own check does not find the database sound"),

    COULD_NOT_LOOK("WS901", WARNING, "Something could not be looked at"),
    INTERNAL_ERROR("WS902", WARNING, "walsafe itself has failed");

    private final String id;
    private final Weight weight;
    private final String title;

    Problem(String id, Weight weight, String title) {
        this.id = id;
        this.weight = weight;
        this.title = title;
    }

    public String id() {
        return id;
    }

    public Weight weight() {
        return weight;
    }

    public String title() {
        return title;
    }

    /** The problem of that id, upper or lower case; empty if there is none. */
    public static Optional<Problem> of(String id) {
        for (Problem problem : values()) {
            if (problem.id.equalsIgnoreCase(id)) return Optional.of(problem);
        }
        return Optional.empty();
    }
}
