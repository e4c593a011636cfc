/**
 * Finds out by experiment what cannot be known: processes of our own lock, write, map and die, and what each saw of the
 * other is told as {@link walsafe.facts.Evidence}.
 *
 * <p><b>Invariants.</b> Everything happens in a scratch directory of its own, which is gone afterwards, or told of if the
 * storage keeps something of it. No file of the user's is opened, the database's directory is only written to by making
 * that scratch directory. Nothing is mapped and no SQLite is run in the caller's process. A probe ends within its budget;
 * what could not be tried, or took too long, is UNKNOWN and never YES.
 *
 * <p>Start with {@link walsafe.probe.Probe}.
 */
@NullMarked
package walsafe.probe;

import org.jspecify.annotations.NullMarked;
