package walsafe.transfer;

import java.nio.file.Path;
import walsafe.facts.Facts;
import walsafe.policy.Intent;
import walsafe.policy.Sharing;

/** A program that converts a database, to be killed; it says each thing that it begins. */
final class Converter {
    private Converter() {}

    /** database and mode. */
    public static void main(String[] arguments) throws Exception {
        System.out.println("begins");
        Converted converted = Conversion.convert(
                Facts.gather(Path.of(arguments[0])),
                JournalMode.valueOf(arguments[1]),
                Intent.DEFAULT.with(Sharing.ONE_HOST),
                System.out::println);
        System.out.println("CONVERTED " + converted.frames());
    }
}
