/**
 * Reads the bytes that SQLite writes: the database's header, the write-ahead log, the wal-index, the rollback journal.
 *
 * <p><b>Invariants.</b> Never writes, never calls SQLite, never throws for what bytes say. {@link
 * walsafe.format.DatabaseFile} is the only place that opens a database file as bytes, because closing any descriptor of
 * a file drops every POSIX lock that this process holds on it (howtocorrupt.html, section 2.2).
 */
@NullMarked
package walsafe.format;

import org.jspecify.annotations.NullMarked;
