package walsafe.policy;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import walsafe.facts.Question;

/**
 * What the caller wants from the database. Every default is safe on its own.
 *
 * @param durability what a power cut may cost
 * @param sharing who else opens this file
 * @param wishes settings the caller asks for, by SQLite's name of the pragma; what the plan forbids of them is told
 * @param checkAtOpen when opening looks through the pages, as {@code PRAGMA quick_check} does, before it hands them out
 * @param onDamage what happens to a database that is found damaged
 * @param presence whether a sign of this process is left beside the database, where another machine could reach it
 * @param probing what may be tried in the database's directory where knowledge is silent and an answer could help
 * @param elsewhere a directory on a local disk that the data is carried to and opened in, never chosen by walsafe itself
 */
public record Intent(
        Durability durability,
        Sharing sharing,
        Map<String, String> wishes,
        CheckAtOpen checkAtOpen,
        OnDamage onDamage,
        Presence presence,
        Probing probing,
        Optional<Path> elsewhere) {
    public enum Durability {
        KEEP_EVERY_COMMIT,
        MAY_LOSE_LAST_COMMITS
    }

    public enum CheckAtOpen {
        /** When nothing proves that the database was closed properly the last time. */
        AFTER_UNCLEAN,
        ALWAYS,
        NEVER
    }

    public enum OnDamage {
        REFUSE,
        RECOVER,
        QUARANTINE_AND_START_EMPTY
    }

    public enum Presence {
        SHOWN,
        HIDDEN
    }

    /** Experiments make a scratch directory beside the database for as long as they last. */
    public enum Probing {
        NONE,
        /** About a second, and one child process; remembered. */
        GLANCE,
        /** Some seconds, and two child processes; remembered. */
        TORTURE;

        /** What it can say yes to. That bytes survive a power cut no experiment can show. */
        Set<Question> answerable() {
            return switch (this) {
                case NONE -> Set.of();
                case GLANCE -> EnumSet.complementOf(EnumSet.of(Question.SYNC_IS_KEPT, Question.MEMORY_IS_SHARED));
                case TORTURE -> EnumSet.complementOf(EnumSet.of(Question.SYNC_IS_KEPT));
            };
        }
    }

    public static final Intent DEFAULT = new Intent(
            Durability.KEEP_EVERY_COMMIT,
            Sharing.UNDECLARED,
            Map.of(),
            CheckAtOpen.AFTER_UNCLEAN,
            OnDamage.REFUSE,
            Presence.SHOWN,
            Probing.GLANCE,
            Optional.empty());

    public Intent {
        wishes = Collections.unmodifiableMap(new LinkedHashMap<>(wishes));
    }

    public Intent with(Durability other) {
        return new Intent(other, sharing, wishes, checkAtOpen, onDamage, presence, probing, elsewhere);
    }

    public Intent with(Sharing other) {
        return new Intent(durability, other, wishes, checkAtOpen, onDamage, presence, probing, elsewhere);
    }

    public Intent with(CheckAtOpen other) {
        return new Intent(durability, sharing, wishes, other, onDamage, presence, probing, elsewhere);
    }

    public Intent with(OnDamage other) {
        return new Intent(durability, sharing, wishes, checkAtOpen, other, presence, probing, elsewhere);
    }

    public Intent with(Presence other) {
        return new Intent(durability, sharing, wishes, checkAtOpen, onDamage, other, probing, elsewhere);
    }

    public Intent with(Probing other) {
        return new Intent(durability, sharing, wishes, checkAtOpen, onDamage, presence, other, elsewhere);
    }

    /** The same, asking also for {@code PRAGMA name = value}. */
    public Intent wishing(String pragma, String value) {
        Map<String, String> more = new LinkedHashMap<>(wishes);
        more.put(pragma, value);
        return new Intent(durability, sharing, more, checkAtOpen, onDamage, presence, probing, elsewhere);
    }

    /** The same, with the data carried to that directory on a local disk and opened there. */
    public Intent elsewhere(Path localDirectory) {
        return new Intent(
                durability, sharing, wishes, checkAtOpen, onDamage, presence, probing, Optional.of(localDirectory));
    }
}
