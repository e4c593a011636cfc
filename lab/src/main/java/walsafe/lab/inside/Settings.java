package walsafe.lab.inside;

import java.util.Locale;
import java.util.Optional;
import walsafe.policy.Intent;

/** The pairs of journal and {@code synchronous} whose power is cut, each with the intent that makes it walsafe's plan. */
public enum Settings {
    WAL_FULL(2),
    TRUNCATE_FULL(2),
    DELETE_EXTRA(3),
    WAL_NORMAL(1),
    /** Not walsafe's: a bare connection that syncs nothing, which must be seen to lose, or the lab's disks prove nothing. */
    DELETE_OFF(0);

    private final int synchronous;

    Settings(int synchronous) {
        this.synchronous = synchronous;
    }

    /** As SQLite spells it. */
    public String journal() {
        return name().substring(0, name().indexOf('_')).toLowerCase(Locale.ROOT);
    }

    /** As SQLite numbers it: 0 off, 1 normal, 2 full, 3 extra. */
    public int synchronous() {
        return synchronous;
    }

    public String synchronousName() {
        return name().substring(name().indexOf('_') + 1).toLowerCase(Locale.ROOT);
    }

    /** Does it promise that no acknowledged commit is lost? */
    public boolean keepsEveryCommit() {
        return synchronous >= 2;
    }

    /** Is it a plan of walsafe's, which may lose commits at the most, but never the database? */
    public boolean keepsTheDatabase() {
        return synchronous >= 1;
    }

    /**
     * Empty where walsafe does not open it.
     *
     * @param eager whether checkpoints come early, so that some are under way when the power is cut
     */
    Optional<Intent> intent(boolean eager) {
        Intent intent = eager ? Intent.DEFAULT.wishing("wal_autocheckpoint", "40") : Intent.DEFAULT;
        return switch (this) {
            case WAL_FULL -> Optional.of(intent);
            case TRUNCATE_FULL, DELETE_EXTRA -> Optional.of(Intent.DEFAULT.wishing("journal_mode", journal()));
            case WAL_NORMAL -> Optional.of(intent.with(Intent.Durability.MAY_LOSE_LAST_COMMITS));
            case DELETE_OFF -> Optional.empty();
        };
    }
}
