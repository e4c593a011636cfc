package walsafe.facts;

import java.util.List;
import java.util.Optional;
import walsafe.format.WalIndex;

/**
 * How far checkpoints get while a process keeps on reading (walformat.html 2.3.2; {@code walCheckpoint} of wal.c).
 *
 * <p>A reader holds a shared lock on one of five read marks.
 *
 * <ul>
 *   <li>READ 1 to READ 4: it reads the -wal up to the frame that the mark names. A checkpoint copies no frame beyond it,
 *       since the reader may still want the older page from the database.
 *   <li>READ 0: it reads the database alone, because all frames had been copied when it began. A checkpoint needs this
 *       lock for itself before it writes to the database, so none copies anything: it stays at what was copied already.
 * </ul>
 *
 * <p>A reader whose mark is the last frame pins nothing yet: all can be copied, only the -wal cannot be started anew.
 */
final class Pin {
    private Pin() {}

    /**
     * The last frame that these locks of one process let a checkpoint copy.
     *
     * @return empty if they let it copy all, or if the wal-index cannot be trusted
     */
    static Optional<Long> lowest(WalIndex index, List<SqliteLock> locks) {
        if (!index.initialised()) return Optional.empty();
        return locks.stream()
                .map(SqliteLock::readMark)
                .filter(mark -> mark >= 0 && mark < index.readMarks().size())
                .map(mark -> mark == 0 ? index.backfilled() : index.readMarks().get(mark))
                .filter(frame -> frame < index.maxFrame())
                .min(Long::compare);
    }
}
