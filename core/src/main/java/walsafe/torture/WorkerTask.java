package walsafe.torture;

import java.util.List;
import walsafe.child.Parent;
import walsafe.child.UsesSqlite;

/** A process that works on the tortured database until it is told to end, or is ended. */
final class WorkerTask implements UsesSqlite {
    @Override
    public void run(List<String> arguments, Parent parent) throws Exception {
        work(Spec.heard(parent.next()), parent);
    }

    static void work(Spec spec, Parent parent) throws Exception {
        Libraries.load(spec.libraries());
        Orders orders = new Orders();
        Thread listener = new Thread(() -> listen(parent, orders), "walsafe: orders");
        listener.setDaemon(true);
        listener.start();
        new Worker(spec, orders, parent::tell).work();
    }

    private static void listen(Parent parent, Orders orders) {
        try {
            while (true) orders.hear(parent.next());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that here
        }
    }
}
