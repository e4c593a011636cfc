/**
 * What is true of this place: the mount, the filesystem, the host, the files beside the database, who has it open, and
 * the tables of knowledge about all of these.
 *
 * <p><b>Invariants.</b> Reads only: no file is created, no lock taken, no process started (but the system's own
 * listings on macOS and Windows, and a child to read the bytes of a database that this process has open), the database
 * is never opened through SQLite. Every fact is a plain record, so that a
 * bug report can carry all of them and a test can invent them. Start at {@link walsafe.facts.Facts}.
 */
@NullMarked
package walsafe.facts;

import org.jspecify.annotations.NullMarked;
