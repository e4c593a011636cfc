package walsafe.probe;

import java.nio.file.Path;
import walsafe.facts.Evidence;

/** A program that probes a directory and prints a line for each experiment; for tests that need another process. */
public final class Probing {
    private Probing() {}

    /**
     * Probes once.
     *
     * @param arguments {@code glance} or {@code torture}, then the directory
     */
    public static void main(String[] arguments) {
        Budget budget = arguments[0].equals("glance") ? Budget.GLANCE : Budget.TORTURE;
        Probe.Outcome outcome = Probe.ask(Path.of(arguments[1]), budget);
        for (Evidence shown : outcome.evidence()) {
            System.out.println(shown.answer().source()
                    + ' '
                    + shown.question()
                    + ' '
                    + shown.answer().verdict()
                    + ' '
                    + shown.answer().because());
        }
        System.out.println("complete " + outcome.complete() + " leftovers " + outcome.leftovers());
    }
}
