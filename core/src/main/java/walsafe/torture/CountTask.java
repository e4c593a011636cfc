package walsafe.torture;

import java.util.List;
import walsafe.child.Parent;
import walsafe.child.UsesSqlite;

/** A process that opens the database once all others have ended, and tells what is in it. */
final class CountTask implements UsesSqlite {
    @Override
    public void run(List<String> arguments, Parent parent) throws Exception {
        Spec spec = Spec.heard(parent.next());
        Libraries.load(spec.libraries());
        new Count(spec, parent::tell).count();
    }
}
