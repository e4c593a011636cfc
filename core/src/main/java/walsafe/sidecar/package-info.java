/**
 * What lies beside a database in the folder {@code <database>-walsafe.d}: signs that a process lives, and the stamp of a
 * clean end.
 *
 * <p><b>Invariants.</b> What is told is told by names, never by contents: some shared folders show new names at once and
 * new contents never. No database file is opened but by {@link walsafe.format.DatabaseFile}. A sign can only forbid, and
 * a stamp can only save a check. Names that are not its own are left alone. Start at {@link walsafe.sidecar.Presence}.
 */
@NullMarked
package walsafe.sidecar;

import org.jspecify.annotations.NullMarked;
