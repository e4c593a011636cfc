package walsafe.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A {@code /proc} of our own making, for kernels and filesystems that are not at hand. */
final class FakeProc {
    private final Path root;

    FakeProc(Path root) throws IOException {
        this.root = Files.createDirectories(root);
        Files.createSymbolicLink(root.resolve("self"), Path.of("1"));
        write("stat", "cpu 1 2 3\nbtime 1700000000\n");
        process(1, 0);
    }

    Procfs procfs() {
        return new Procfs(root);
    }

    FakeProc mounts(String... lines) throws IOException {
        return write("self/mountinfo", String.join("\n", lines));
    }

    FakeProc locks(String... lines) throws IOException {
        return write("locks", String.join("\n", lines));
    }

    FakeProc process(long pid, long flags) throws IOException {
        Files.createDirectories(root.resolve(pid + "/fdinfo"));
        Files.createDirectories(root.resolve(pid + "/fd"));
        write(pid + "/cmdline", "program\0of\0" + pid);
        return write(pid + "/stat", pid + " (a) b) S 1 1 1 0 -1 " + flags + " 0 0 0 0 0 0 0 0 20 0 1 0 12345 0 0");
    }

    /** Its descriptors may not be listed, as with another user's process: here there is no such directory. */
    FakeProc closed(long pid, long flags) throws IOException {
        process(pid, flags);
        Files.delete(root.resolve(pid + "/fd"));
        return this;
    }

    FakeProc open(long pid, int descriptor, String link, String... fdinfo) throws IOException {
        Files.createSymbolicLink(root.resolve(pid + "/fd/" + descriptor), Path.of(link));
        return write(pid + "/fdinfo/" + descriptor, String.join("\n", List.of(fdinfo)));
    }

    FakeProc command(long pid, String... words) throws IOException {
        return write(pid + "/cmdline", String.join("\0", words) + "\0");
    }

    private FakeProc write(String name, String text) throws IOException {
        Files.writeString(root.resolve(name), text);
        return this;
    }
}
