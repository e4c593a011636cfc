/**
 * The one door: {@link walsafe.Walsafe#open} gathers the facts, decides, and opens.
 *
 * <p><b>Invariants.</b> Contains no rule and no SQL: it wires the packages below. A database that cannot be opened safely is
 * not opened; the exception says what to do.
 */
@NullMarked
package walsafe;

import org.jspecify.annotations.NullMarked;
