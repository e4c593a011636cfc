package walsafe.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The entry of {@code walsafe.jar}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new Cli(terminal()).run(List.of(arguments)).number());
    }

    /** This process's own. */
    static Terminal terminal() {
        return new Terminal(
                System.in,
                new FileOutputStream(FileDescriptor.out),
                new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8),
                System.getenv(),
                screen());
    }

    /** The launcher asks the shell. Java itself cannot tell: its console is there without a terminal from 22 on. */
    private static boolean screen() {
        return Boolean.getBoolean("walsafe.screen");
    }

    /** May long work show how it goes on standard error: is that a terminal? */
    static boolean progress() {
        return Boolean.getBoolean("walsafe.progress");
    }
}
