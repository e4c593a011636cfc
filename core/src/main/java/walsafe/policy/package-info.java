/**
 * Decides: a pure function from {@link walsafe.facts.Facts} and {@link walsafe.policy.Intent} to {@link
 * walsafe.policy.Plan}, with the reasons for what was chosen and for what was not.
 *
 * <p><b>Invariants.</b> No input but the arguments: no clock, no file, no system property. A rule can only take
 * something away, so the order of the rules does not matter and worse facts never lead to a bolder plan. Start at
 * {@link walsafe.policy.Policy}.
 */
@NullMarked
package walsafe.policy;

import org.jspecify.annotations.NullMarked;
