package walsafe.custody;

import java.nio.file.Path;

/** A program that replaces a database, and dies by its own hand before a step if it is told to. */
final class Replacer {
    private Replacer() {}

    /** database, proved, and the step's name or {@code none}. */
    public static void main(String[] arguments) throws Exception {
        try (Hold hold = Custody.hold(Path.of(arguments[0]), Others.RULED_OUT)) {
            hold.replace(Path.of(arguments[1]), step -> {
                System.out.println(step);
                if (step.name().equals(arguments[2])) Runtime.getRuntime().halt(137);
            });
            System.out.println("REPLACED");
            if (arguments[2].equals("END")) Runtime.getRuntime().halt(137);
        }
    }
}
