package walsafe.child;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Where a child begins. Not for people: it says nothing that they could read, and ends with its parent. */
final class ChildMain {
    private ChildMain() {}

    public static void main(String[] arguments) {
        PrintStream line = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(nowhere()); // standard output belongs to the conversation, and standard error goes there too
        System.setErr(nowhere());
        var parent = new Parent(line);
        parent.listen(System.in);
        try {
            Task task = task(arguments[0]);
            parent.ready();
            task.run(List.of(Arrays.copyOfRange(arguments, 1, arguments.length)), parent);
        } catch (Throwable e) { // an Error too: whatever it is, the parent waits to hear of it
            parent.failed(e);
        }
        Runtime.getRuntime().halt(0);
    }

    private static PrintStream nowhere() {
        return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    }

    /** Tasks are their packages' own, so neither they nor their constructors need to be public. */
    private static Task task(String name) throws ReflectiveOperationException {
        Constructor<? extends Task> constructor =
                Class.forName(name).asSubclass(Task.class).getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }
}
