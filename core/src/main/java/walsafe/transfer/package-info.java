/**
 * Carries a database over: {@link walsafe.transfer.Copy} makes a copy, {@link walsafe.transfer.Elsewhere} moves a program
 * to a local disk, {@link walsafe.transfer.Conversion} brings a database into another journal mode.
 *
 * <p><b>Invariants.</b> Nothing is ever overwritten, and a name is given only to a file that was proved sound and lies on
 * the disk. A copy reads its original through SQLite and never checkpoints it; a conversion begins only while nobody else
 * has the database open, and keeps what was there until what takes its place has been proved. What dies in the middle
 * leaves a whole database. Start with {@link walsafe.transfer.Copy}.
 */
@NullMarked
package walsafe.transfer;

import org.jspecify.annotations.NullMarked;
