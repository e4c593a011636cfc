/**
 * Keeps the originals: the protocol by which another file takes a database's name, and the quarantine in which what had
 * the name before stays.
 *
 * <p><b>Invariants.</b> The name of a database is never absent. What had it before is never deleted. Whatever moment a
 * process dies at, {@link walsafe.custody.Custody#settle} finishes or reverts what it had begun, or refuses and says
 * why. Files that SQLite may have open are opened only in a child process.
 *
 * <p>Start at {@link walsafe.custody.Custody}; {@code docs/decisions/0016} has the order of the steps and each moment to
 * crash at.
 */
@NullMarked
package walsafe.custody;

import org.jspecify.annotations.NullMarked;
