/**
 * One vocabulary for trouble: what it is, where it is, what was seen, what to do.
 *
 * <p><b>Invariants.</b> Looks at nothing itself: no file of the user's, no clock, no environment. Every kind of trouble
 * has an id that is never reused, and a page that ships in the jar. Start at {@link walsafe.finding.Problem}.
 */
@NullMarked
package walsafe.finding;

import org.jspecify.annotations.NullMarked;
