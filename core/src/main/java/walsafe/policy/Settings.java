package walsafe.policy;

import static walsafe.policy.Mode.READ_ONLY;
import static walsafe.policy.Mode.ROLLBACK;
import static walsafe.policy.Mode.ROLLBACK_DOTFILE;
import static walsafe.policy.Mode.WAL;
import static walsafe.policy.Mode.WAL_ALONE;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Question;
import walsafe.facts.StorageClass;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;

/**
 * The settings of a plan, the caller's wishes considered. A wish may make the plan more careful; a wish for more than
 * the plan allows is refused and told, never silently dropped.
 *
 * @param mode the mode with the wish for a journal mode considered
 * @param pragmas in the order in which they are to be run
 * @param refused a finding for each wish that was not granted
 */
record Settings(Mode mode, List<Pragma> pragmas, List<Finding> refused) {
    private static final Set<String> ROLLBACK_FLAVOURS = Set.of("truncate", "persist", "delete");

    static Settings of(Case at, Mode boldest, Set<Mode> allowed) {
        return new Builder(at, boldest, allowed).build();
    }

    /** Grants or refuses the wishes one by one. */
    private static final class Builder {
        private final Case at;
        private final Set<Mode> allowed;
        private final List<Pragma> pragmas = new ArrayList<>();
        private final List<Finding> refused = new ArrayList<>();
        private final boolean keepEveryCommit;
        private Mode mode;
        private String journalMode;

        Builder(Case at, Mode boldest, Set<Mode> allowed) {
            this.at = at;
            this.allowed = allowed;
            this.mode = boldest;
            this.journalMode = journalMode(boldest);
            this.keepEveryCommit = at.intent().durability() == Intent.Durability.KEEP_EVERY_COMMIT;
        }

        Settings build() {
            wish("journal_mode").ifPresent(this::journalModeWish);
            if (mode == READ_ONLY) {
                readOnly();
            } else {
                locking();
                journal();
                synchronous();
                if (at.facts().host().macOs() && keepEveryCommit) fullfsync();
                waiting();
                if (mode == WAL || mode == WAL_ALONE) checkpoints();
            }
            memory();
            everythingElse();
            return new Settings(mode, List.copyOf(pragmas), List.copyOf(refused));
        }

        private void readOnly() {
            set("query_only", "on", "nothing can be written here");
            set("temp_store", "memory", "sorting must not need a place to write");
        }

        private void locking() {
            String planned = mode == WAL_ALONE ? "exclusive" : "normal";
            String because = mode == WAL_ALONE
                    ? "before journal_mode: only then the wal-index stays out of shared memory"
                    : "others must get in";
            wish("locking_mode")
                    .filter(asked -> !asked.equals(planned))
                    .ifPresent(asked -> refuse("locking_mode", asked, because));
            set("locking_mode", planned, because);
        }

        private void journal() {
            set(
                    "journal_mode",
                    journalMode,
                    switch (journalMode) {
                        case "wal" -> "readers and the writer do not wait for each other";
                        case "truncate" ->
                            "the commit is a truncate and a sync; a deleted journal came back after power cuts";
                        case "delete" -> "asked for; needs synchronous = extra to keep the last commit";
                        default -> "asked for; as safe as truncate";
                    });
        }

        private void synchronous() {
            String least = leastSynchronous();
            String because = switch (least) {
                case "extra" -> "with full, 13 of 18 power cuts lost the last commit of a deleted journal";
                case "full" -> "every commit is on disk before it is acknowledged";
                default -> "a power cut may cost the last commits, never the database";
            };
            String asked = wish("synchronous").map(Builder::synchronousName).orElse(least);
            boolean granted = rank(asked) >= rank(least);
            if (!granted) refuse("synchronous", asked, because);
            set("synchronous", granted ? asked : least, granted && !asked.equals(least) ? "asked for" : because);
        }

        private String leastSynchronous() {
            boolean writeAhead = mode == WAL || mode == WAL_ALONE;
            if (!keepEveryCommit) return writeAhead ? "normal" : "full";
            return journalMode.equals("delete") ? "extra" : "full";
        }

        private void fullfsync() {
            set("fullfsync", "on", "macOS keeps writes in the disk's cache unless told otherwise");
            if (mode == WAL || mode == WAL_ALONE) {
                set("checkpoint_fullfsync", "on", "the same for checkpoints");
            }
        }

        private void waiting() {
            set(
                    "busy_timeout",
                    wishedNumber("busy_timeout", 1).orElse("5000"),
                    "milliseconds to wait for another's lock");
        }

        private void checkpoints() {
            set(
                    "wal_autocheckpoint",
                    wishedNumber("wal_autocheckpoint", 1).orElse("1000"),
                    "SQLite's default, in pages: a -wal that is never checkpointed grows without end");
            set(
                    "journal_size_limit",
                    wishedNumber("journal_size_limit", 0).orElse("67108864"),
                    "a -wal that once grew large gives its space back: 64 MiB");
        }

        private void memory() {
            boolean oneCache = mode == WAL
                    && at.answer(Question.ONE_PAGE_CACHE).verdict() == Verdict.YES
                    && at.answer(Question.MEMORY_IS_SHARED).verdict() == Verdict.YES;
            if (!oneCache && mode != READ_ONLY) {
                String because = "mapped pages and read pages are not provably one cache here";
                wish("mmap_size")
                        .filter(asked -> !asked.equals("0"))
                        .ifPresent(asked -> refuse("mmap_size", asked, because));
                set("mmap_size", "0", because);
            }
            if (mode != READ_ONLY && at.kind() != StorageClass.LOCAL && at.kind() != StorageClass.VOLATILE) {
                set(
                        "temp_store",
                        wish("temp_store").orElse("memory"),
                        "sorts and temporary tables write to no storage");
            }
        }

        /** Whatever the plan has no opinion on is the caller's own. */
        private void everythingElse() {
            for (Map.Entry<String, String> wish : at.intent().wishes().entrySet()) {
                String name = wish.getKey().toLowerCase(Locale.ROOT);
                boolean decided = name.equals("journal_mode")
                        || pragmas.stream().anyMatch(pragma -> pragma.name().equals(name));
                if (decided) continue;
                if (name.equals("writable_schema")) {
                    refuse(name, wish.getValue(), "one wrong row in the schema loses every table");
                } else if (!plain(name) || !plain(wish.getValue())) {
                    refuse(name, wish.getValue(), "a setting is one word, and its value one word or number");
                } else {
                    set(name, wish.getValue(), "asked for");
                }
            }
        }

        /** Nothing that would end the statement which it becomes part of. */
        private static boolean plain(String word) {
            return !word.isBlank()
                    && word.trim()
                            .chars()
                            .allMatch(c -> c == '_' || c == '-' || c == '.' || Character.isLetterOrDigit(c));
        }

        private void journalModeWish(String asked) {
            if (asked.equals("wal")) {
                if (mode != WAL && mode != WAL_ALONE) refuse("journal_mode", asked, "WAL is not safe here");
            } else if (!ROLLBACK_FLAVOURS.contains(asked)) {
                refuse("journal_mode", asked, "a crash in the middle of a transaction would damage the database");
            } else if (allowed.contains(ROLLBACK) || mode == ROLLBACK_DOTFILE) {
                mode = mode == ROLLBACK_DOTFILE ? mode : ROLLBACK;
                journalMode = asked;
            } else {
                refuse("journal_mode", asked, "a rollback journal is not safe here");
            }
        }

        private Optional<String> wishedNumber(String name, long least) {
            Optional<String> asked = wish(name);
            if (asked.isEmpty()) return asked;
            if (asked.get().matches("\\d{1,15}") && Long.parseLong(asked.get()) >= least) return asked;
            refuse(name, asked.get(), "it must be a number of at least " + least);
            return Optional.empty();
        }

        private Optional<String> wish(String name) {
            return at.intent().wishes().entrySet().stream()
                    .filter(wish -> wish.getKey().equalsIgnoreCase(name))
                    .map(wish -> wish.getValue().trim().toLowerCase(Locale.ROOT))
                    .findFirst();
        }

        private void set(String name, String value, String because) {
            pragmas.add(new Pragma(name, value, because));
        }

        private void refuse(String name, String asked, String because) {
            refused.add(new Finding(
                    Problem.SETTING_FORBIDDEN,
                    at.where(),
                    "asked for " + name + " = " + asked + ": " + because,
                    Remedy.of("Leave " + name + " to the plan.")));
        }

        private static String journalMode(Mode mode) {
            return mode == WAL || mode == WAL_ALONE ? "wal" : "truncate";
        }

        private static String synchronousName(String value) {
            return switch (value) {
                case "0" -> "off";
                case "1" -> "normal";
                case "2" -> "full";
                case "3" -> "extra";
                default -> value;
            };
        }

        private static int rank(String synchronous) {
            return List.of("off", "normal", "full", "extra").indexOf(synchronous);
        }
    }
}
