/**
 * A Java process of our own for one task: reading bytes of a file that SQLite has open here, holding a lock from outside.
 *
 * <p><b>Invariants.</b> A child ends with its parent, however that ends. It has no SQLite connection to a database of the
 * user's. It is started from wherever these classes were loaded: a folder, a jar, a module path, a jar with everything in
 * it. Nobody waits for it without a limit.
 *
 * <p>Start with {@link walsafe.child.Child}.
 */
@NullMarked
package walsafe.child;

import org.jspecify.annotations.NullMarked;
