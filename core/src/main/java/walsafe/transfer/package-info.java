/**
 * Brings databases over: into another journal mode.
 *
 * <p><b>Invariants.</b> Nothing is changed while somebody else has the database open. What is there stays until what
 * takes its place has been proved sound by SQLite's own check. A conversion that dies leaves a whole database.
 *
 * <p>Start at {@link walsafe.transfer.Conversion}.
 */
@NullMarked
package walsafe.transfer;

import org.jspecify.annotations.NullMarked;
