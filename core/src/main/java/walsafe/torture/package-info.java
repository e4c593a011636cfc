/**
 * Tries a place the hard way: processes of our own write, read and checkpoint one scratch database, are stopped and killed
 * with SIGKILL at moments of chance, and what is left is counted against a ledger of acknowledged commits.
 *
 * <p><b>Invariants.</b> No database of the user's is touched. Everything in the place happens in a scratch directory of its
 * own, which is gone afterwards, or told of if the storage keeps something. SQLite runs in child processes only, never in
 * the caller's. The ledger lies outside of the place: it is the caller's memory. Seconds, processes and bytes have limits. A
 * torture convicts; it acquits nothing that knowledge has convicted, and what it could not try is told as a doubt.
 *
 * <p>Start with {@link walsafe.torture.Torture}.
 */
@NullMarked
package walsafe.torture;

import org.jspecify.annotations.NullMarked;
