/**
 * The command line: takes arguments apart, asks the core, and tells the answer to people (text) or to scripts (JSON).
 *
 * <p><b>Invariants.</b> Decides nothing about SQLite: every verdict comes from {@link walsafe.policy.Diagnosis}. A
 * report goes to standard output in one piece, everything else to standard error. Jackson is loaded for JSON only, the
 * SQLite driver never, because starting fast is part of the contract. Start at {@link walsafe.cli.Cli}.
 */
@NullMarked
package walsafe.cli;

import org.jspecify.annotations.NullMarked;
