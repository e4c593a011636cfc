/**
 * The open database: one connection that writes, a few that read, held to the plan.
 *
 * <p><b>Invariants.</b> Only one connection of this process ever writes. Every setting of the plan is read back before
 * a connection is handed out. A work can neither end its transaction nor change the mode. A commit whose outcome is not
 * known is never tried again. Start at {@link walsafe.guard.Guard}.
 */
@NullMarked
package walsafe.guard;

import org.jspecify.annotations.NullMarked;
