/**
 * Carries a database from one place to another: {@link walsafe.transfer.Copy} makes a copy, {@link
 * walsafe.transfer.Elsewhere} moves a program to a local disk.
 *
 * <p><b>Invariants.</b> Nothing is ever overwritten. A name is given only to a file that was proved sound and lies on the
 * disk. The original is not changed: it is read through SQLite, and never checkpointed by us. After a crash a file named
 * {@code .partial} may be left, nothing else. Start with {@link walsafe.transfer.Copy}.
 */
@NullMarked
package walsafe.transfer;

import org.jspecify.annotations.NullMarked;
