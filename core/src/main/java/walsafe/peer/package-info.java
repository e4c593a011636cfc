/**
 * Two hosts try one directory together: they find each other, through names in the directory alone or over a connection,
 * make the probe's experiments across, and each tells, and remembers, what was shown.
 *
 * <p><b>Invariants.</b> What another host says is never trusted further than an experiment's words go: every message is
 * bounded, every wait has its end, and a question that no experiment has is not answered. No clocks are compared. One kernel
 * never counts as two hosts. Nothing that was shown acquits what knowledge has convicted. What was made in the directory is
 * gone afterwards, or told of.
 *
 * <p>Start with {@link walsafe.peer.Encounter}.
 */
@NullMarked
package walsafe.peer;

import org.jspecify.annotations.NullMarked;
