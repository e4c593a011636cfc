package walsafe.probe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Question;

/**
 * What SQLite itself does. The rows that it acknowledged are counted afterwards: {@code integrity_check} says ok about
 * rows that are gone.
 */
final class SqliteTrials {
    private SqliteTrials() {}

    /** A commit with a rollback journal turns a shared lock into an exclusive one; on default SMB it never can. */
    static Seen alone(Stage stage) throws IOException {
        Actor actor = stage.a();
        int wanted = stage.budget().commits();
        try {
            actor.openDatabase("alone.db", "truncate");
            actor.commit(wanted);
            Actor.Committed done = actor.committed();
            if (busy(done.error())) return locked(done.error());
            if (!done.error().isEmpty()) throw new Actor.Failure(done.error());
            int rows = actor.rows(actor.name());
            actor.closeDatabase();
            return rows == wanted
                    ? Seen.yes("%d commits were made".formatted(wanted))
                    : Seen.no("%d commits were acknowledged, and %d rows are there".formatted(wanted, rows));
        } catch (Actor.Failure e) {
            if (busy(e.said())) return locked(e.said());
            throw e;
        }
    }

    private static boolean busy(String error) {
        return error.contains("SQLITE_BUSY");
    }

    private static Seen locked(String error) {
        return Seen.no("SQLite could not commit in 2 s although no other process knew of the database: " + error);
    }

    static Seen rollback(Stage stage) throws IOException {
        if (stage.verdict(Question.LOCKS_EXCLUDE) != Verdict.YES
                || stage.verdict(Question.LOCKS_UPGRADE) != Verdict.YES
                || stage.verdict(Question.READS_ARE_FRESH) != Verdict.YES) {
            return Seen.unknown("not tried, because locks or reads have failed by themselves");
        }
        return kept(stage, "rollback.db", "truncate", List.of(stage.a(), stage.b()));
    }

    static Seen wal(Stage stage) throws IOException {
        if (stage.verdict(Question.LOCKS_EXCLUDE) != Verdict.YES
                || stage.verdict(Question.MEMORY_IS_SHARED) == Verdict.NO
                || stage.verdict(Question.ONE_PAGE_CACHE) == Verdict.NO) {
            return Seen.unknown("not tried, because locks or mapped memory have failed by themselves");
        }
        List<Actor> writers = new ArrayList<>(List.of(stage.a()));
        if (stage.b().expendable()) writers.add(stage.b());
        Seen kept = kept(stage, "wal.db", "wal", writers);
        return kept.verdict() == Verdict.YES && writers.size() == 1
                ? Seen.unknown(kept.because() + ", by one process alone, which shows nothing about two")
                : kept;
    }

    private static Seen kept(Stage stage, String file, String mode, List<Actor> writers) throws IOException {
        int wanted = stage.budget().commits();
        for (Actor writer : writers) {
            String got = writer.openDatabase(file, mode);
            if (!got.equals(mode)) return Seen.unknown("SQLite was asked for " + mode + " and took " + got);
        }
        for (Actor writer : writers) writer.commit(wanted);
        List<Actor.Committed> done = new ArrayList<>();
        for (Actor writer : writers) done.add(writer.committed());
        if (mode.equals("wal")) {
            String answer = stage.a().checkpoint();
            if (!answer.equals("0|0|0")) {
                return Seen.no("wal_checkpoint(TRUNCATE) answered %s, and 0|0|0 was due".formatted(answer));
            }
        }
        for (Actor writer : writers) writer.closeDatabase();
        return counted(stage, file, mode, writers, done);
    }

    private static Seen counted(Stage stage, String file, String mode, List<Actor> writers, List<Actor.Committed> done)
            throws IOException {
        Actor auditor = stage.a();
        auditor.openDatabase(file, mode);
        int acknowledged = 0;
        String error = "";
        for (int i = 0; i < writers.size(); i++) {
            int rows = auditor.rows(writers.get(i).name());
            int promised = done.get(i).acknowledged();
            if (rows < promised) {
                return Seen.no("%d commits were acknowledged, and %d rows are there; integrity_check says %s"
                        .formatted(promised, rows, auditor.integrity()));
            }
            acknowledged += promised;
            if (!done.get(i).error().isEmpty()) error = done.get(i).error();
        }
        String sound = auditor.integrity();
        auditor.closeDatabase();
        if (!sound.equals("ok")) return Seen.no("integrity_check says: " + sound);
        if (!error.isEmpty()) return Seen.unknown("%d commits were kept, then: %s".formatted(acknowledged, error));
        return Seen.yes("%d of %d acknowledged commits are there".formatted(acknowledged, acknowledged));
    }
}
