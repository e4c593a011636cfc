/**
 * How things are said to people, whoever says them: amounts, words of a command, text that a terminal cannot be upset by.
 *
 * <p><b>Invariants.</b> Pure functions of their arguments, in English and in the root locale. Knows nothing of SQLite.
 * Shared by walsafe's own parts and not exported to programs. Start at {@link walsafe.words.Shell}.
 */
@NullMarked
package walsafe.words;

import org.jspecify.annotations.NullMarked;
