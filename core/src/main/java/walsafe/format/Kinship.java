package walsafe.format;

import java.util.Optional;

/**
 * Does a -wal belong to the database beside it? SQLite does not ask: it replays whatever -wal it finds, and a foreign
 * one destroys the database. A wrong no would be worse than none, so no is said only on evidence that SQLite's own
 * writing cannot produce (pager.c, of every version since 3.7.0):
 *
 * <ol>
 *   <li>The page size of a database in WAL mode cannot be changed, so both say the same.
 *   <li>A database is marked as WAL in its header before its -wal gets its first frame, and unmarked only when all
 *       frames have been copied into it. Frames beside a database that is not marked are left over.
 *   <li>A frame that holds page 1 carries a change counter, one more than that of the page 1 its writer had read
 *       (pager_write_changecounter). Its writer had read it from the database or from an earlier frame, or had written
 *       it itself; the counter in the database is that from before the first such frame, or of one that a checkpoint
 *       copied. With the first frame's counter c1 and the last one's cn, the database's is c1-1 to cn.
 *   <li>The size of a database changes only together with page 1, where it is recorded. If no frame holds page 1, the
 *       size in the last commit is the one in the header, or that of the file if the header's was out of date.
 *   <li>Without auto_vacuum only VACUUM makes a database smaller, and that raises the schema cookie (vacuum.c,
 *       sqlite3RunVacuum; backup.c does likewise). Nothing lowers it again but a program that sets {@code PRAGMA
 *       schema_version} by hand.
 * </ol>
 *
 * <p>Yes is said if the counters fit and nothing else in the frames of page 1 contradicts. That is no proof: two
 * databases of like history have like counters.
 *
 * @param belongs empty if it cannot be told
 * @param because a clause
 */
record Kinship(Optional<Boolean> belongs, String because) {
    static Kinship unknown(String because) {
        return new Kinship(Optional.empty(), because);
    }

    private static Kinship no(String because) {
        return new Kinship(Optional.of(false), because);
    }

    static Kinship of(WalHeader wal, WalScan scan, Header database, long databaseBytes) {
        if (scan.committedFrames() == 0) return unknown("it holds no committed frame");
        if (wal.pageSizeBytes() != database.pageSizeBytes()) {
            return no("its pages have " + wal.pageSizeBytes() + " bytes, those of the database "
                    + database.pageSizeBytes());
        }
        if (database.readVersion() == 1 && database.writeVersion() == 1) {
            return no("the database is not in WAL mode, and SQLite marks a database as WAL before it writes a -wal");
        }
        if (scan.firstPages().earliest().isEmpty()) return bySize(scan, database, databaseBytes);
        return byCounter(
                scan.firstPages().earliest().get(), scan.firstPages().latest().orElseThrow(), scan, database);
    }

    private static Kinship bySize(WalScan scan, Header database, long databaseBytes) {
        boolean asHeader = scan.databasePages() == database.pageCount();
        boolean asFile = scan.databasePages() == databaseBytes / database.pageSizeBytes();
        if (scan.all() && database.pageCountValid() && !asHeader && !asFile) {
            return no("it leaves the size at " + scan.databasePages() + " pages, but the database has "
                    + database.pageCount() + ", and nothing in it changes the size");
        }
        return unknown("no frame of it holds page 1, which carries the change counter");
    }

    private static boolean shrinksWithoutVacuum(Header latest, long pages, Header database) {
        boolean autoVacuum = database.largestRoot() != 0 || latest.largestRoot() != 0;
        return !autoVacuum
                && database.pageCountValid()
                && pages < database.pageCount()
                && latest.schemaCookie() <= database.schemaCookie();
    }

    /** Counters wrap around at 32 bits, so they are compared by their distance. */
    private static Kinship byCounter(Header earliest, Header latest, WalScan scan, Header database) {
        boolean all = scan.all();
        long pages = scan.databasePages();
        int before = (int) earliest.changeCounter() - 1;
        int ahead = (int) database.changeCounter() - before;
        int span = (int) latest.changeCounter() - before;
        if (ahead < 0) {
            return no("it continues change counter " + Integer.toUnsignedString(before) + ", but the database is at "
                    + database.changeCounter() + ": the database is older than its -wal");
        }
        if (all && ahead > span) {
            return no("it ends at change counter " + latest.changeCounter() + ", but the database is at "
                    + database.changeCounter() + ": the database is newer than its -wal");
        }
        if (!all) return unknown("it was not read to its end");
        if (shrinksWithoutVacuum(latest, pages, database)) {
            return no("it leaves " + pages + " pages of the database's " + database.pageCount()
                    + ", and no VACUUM is in it, which alone could do that");
        }
        if (latest.schemaCookie() < database.schemaCookie()) {
            return unknown("its change counters fit those of the database, but it takes the schema cookie back from "
                    + database.schemaCookie() + " to " + latest.schemaCookie());
        }
        if (earliest.encoding() != database.encoding() && database.encoding() != 0) {
            return unknown("its change counters fit those of the database, but its text encoding differs");
        }
        return new Kinship(
                Optional.of(true),
                "its change counters, " + earliest.changeCounter() + " to " + latest.changeCounter()
                        + ", fit that of the database, " + database.changeCounter());
    }
}
