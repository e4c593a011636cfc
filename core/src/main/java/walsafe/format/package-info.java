/**
 * Reads the bytes that SQLite writes: the database with its pages, cells, records and lists, the write-ahead log, the
 * wal-index, the rollback journal.
 *
 * <p>Begin with {@link walsafe.format.PageSource} (where pages come from) and {@link walsafe.format.TreeCursor} (what is in
 * them); {@link walsafe.format.BtreePage} and {@link walsafe.format.RecordCursor} are windows to be moved over bytes.
 *
 * <p><b>Invariants.</b> Never writes, never calls SQLite, never throws for what bytes say: that is a {@link
 * walsafe.format.Reading}. No step, recursion or array without a bound in the size of what is really there. {@link
 * walsafe.format.DatabaseFile} is the only place that opens a database file as bytes, because closing any descriptor of
 * a file drops every POSIX lock that this process holds on it (howtocorrupt.html, section 2.2).
 */
@NullMarked
package walsafe.format;

import org.jspecify.annotations.NullMarked;
