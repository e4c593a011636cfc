package walsafe.lab.inside;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walsafe.policy.Intent;

/** The pairs of journal and {@code synchronous} whose power is cut, each with the intent that makes it walsafe's plan. */
public enum Settings {
    WAL_FULL(Intent.DEFAULT, 2, true),
    TRUNCATE_FULL(Intent.DEFAULT.wishing("journal_mode", "truncate"), 2, true),
    DELETE_EXTRA(Intent.DEFAULT.wishing("journal_mode", "delete"), 3, true),
    WAL_NORMAL(Intent.DEFAULT.with(Intent.Durability.MAY_LOSE_LAST_COMMITS), 1, false),
    /** Not walsafe's: a bare connection that syncs nothing, which must be seen to lose, or the lab's disks prove nothing. */
    DELETE_OFF(null, 0, false);

    private final Optional<Intent> intent;
    private final int synchronous;
    private final boolean keepsEveryCommit;

    Settings(@Nullable Intent intent, int synchronous, boolean keepsEveryCommit) {
        this.intent = Optional.ofNullable(intent);
        this.synchronous = synchronous;
        this.keepsEveryCommit = keepsEveryCommit;
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
        return name().substring(name().indexOf('_') + 1);
    }

    /** Does it promise that no acknowledged commit is lost? */
    public boolean keepsEveryCommit() {
        return keepsEveryCommit;
    }

    /** Is it a plan of walsafe's that may lose commits, but never the database? */
    public boolean keepsTheDatabase() {
        return intent.isPresent();
    }

    /** Empty where walsafe does not open it. */
    Optional<Intent> intent(boolean eager) {
        if (!eager || !journal().equals("wal")) return intent;
        return intent.map(plain -> plain.wishing("wal_autocheckpoint", "40"));
    }
}
