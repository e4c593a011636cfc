package walsafe.custody;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import walsafe.finding.Problem;

/**
 * Who may do what with a file: owner, group, mode, access control lists, extended attributes, SELinux label. Java sees the
 * first three and attributes of the {@code user} kind; the rest is carried by {@code cp} and compared by {@code getfattr}
 * where they are there.
 */
final class Rights {
    private static final long PATIENCE_SECONDS = 30;

    private Rights() {}

    /** Gives the second file what the first has, and compares. Runs programs of the system's. */
    static void give(Path old, Path fresh) throws IOException, Refusal {
        if (difference(old, fresh).isEmpty()) return;
        try {
            for (String name : List.of("unix:uid", "unix:gid", "unix:mode")) carry(old, fresh, name);
        } catch (IOException e) {
            // Told by the comparison, with what differs.
        }
        output(List.of("cp", "--attributes-only", "--preserve=all", "--", old.toString(), fresh.toString()));
        Optional<String> left = difference(old, fresh);
        if (left.isPresent()) throw new Refusal(Problem.RIGHTS_NOT_KEPT, left.get());
    }

    private static void carry(Path old, Path fresh, String name) throws IOException {
        Object value = Files.getAttribute(old, name, LinkOption.NOFOLLOW_LINKS);
        if (!value.equals(Files.getAttribute(fresh, name, LinkOption.NOFOLLOW_LINKS))) {
            Files.setAttribute(fresh, name, value, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** A clause; empty if none was found. */
    static Optional<String> difference(Path old, Path fresh) throws IOException {
        for (String name : List.of("unix:uid", "unix:gid", "unix:mode")) {
            Object wanted = Files.getAttribute(old, name, LinkOption.NOFOLLOW_LINKS);
            Object got = Files.getAttribute(fresh, name, LinkOption.NOFOLLOW_LINKS);
            if (!wanted.equals(got)) {
                return Optional.of("the new file would have " + word(name) + " " + spelt(name, got)
                        + ", the old one has " + spelt(name, wanted));
            }
        }
        if (!userAttributes(old).equals(userAttributes(fresh))) {
            return Optional.of("the new file would not have the extended attributes of the old one");
        }
        return attributes(old).equals(attributes(fresh))
                ? Optional.empty()
                : Optional.of("the new file would not have the access control list or label of the old one");
    }

    private static String word(String name) {
        return name.substring("unix:".length());
    }

    private static String spelt(String name, Object value) {
        return name.endsWith("mode") ? Integer.toOctalString((Integer) value & 07777) : value.toString();
    }

    private static Map<String, ByteBuffer> userAttributes(Path path) throws IOException {
        Map<String, ByteBuffer> all = new TreeMap<>();
        UserDefinedFileAttributeView view =
                Files.getFileAttributeView(path, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) return all;
        List<String> names;
        try {
            names = view.list();
        } catch (IOException e) {
            return all; // a filesystem without any
        }
        for (String name : names) {
            ByteBuffer value = ByteBuffer.allocate(view.size(name));
            view.read(name, value);
            all.put(name, value.flip());
        }
        return all;
    }

    /** All of them as text, its first line, the name, left out; nothing where the program is missing. */
    private static List<String> attributes(Path path) throws IOException {
        List<String> lines = output(
                List.of("getfattr", "-h", "-d", "-m", "-", "-e", "hex", "--absolute-names", "--", path.toString()));
        return lines.isEmpty() ? lines : lines.subList(1, lines.size());
    }

    /** Empty if it cannot be run: what it would have done is compared afterwards as far as Java can. */
    private static List<String> output(List<String> command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        try (var out = process.inputReader()) {
            process.getOutputStream().close();
            for (String line = out.readLine(); line != null; line = out.readLine()) lines.add(line);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return lines;
    }
}
