package walsafe.probe;

import java.nio.file.Path;
import walsafe.SafeDatabase;
import walsafe.Walsafe;
import walsafe.facts.Evidence;
import walsafe.finding.WalsafeException;
import walsafe.policy.Intent;
import walsafe.policy.Sharing;

/** A program that opens a database, or is refused, and prints its plan and what was tried; its cache is its environment's. */
public final class Opens {
    private Opens() {}

    /**
     * Opens, prints, closes.
     *
     * @param arguments a path, then how to probe
     */
    public static void main(String[] arguments) throws Exception {
        Intent intent = Intent.DEFAULT.with(Sharing.ONE_HOST).with(Intent.Probing.valueOf(arguments[1]));
        try (SafeDatabase database = Walsafe.open(Path.of(arguments[0]), intent)) {
            System.out.println("opened as " + database.plan().mode());
            System.out.println(database.plan().conditions());
            for (Evidence shown : database.facts().evidence())
                System.out.println(shown.answer().source());
        } catch (WalsafeException refused) {
            System.out.println("refused: " + refused.getMessage());
        }
    }
}
