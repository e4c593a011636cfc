package walsafe.facts;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A real filesystem, mounted for one test: {@code try (Mounted ext4 = Mounted.ext4()) {…}}. Everything lies in a
 * directory of its own under the system's temporary directory, and is unmounted and removed on close; what a test that
 * dies leaves behind, a shutdown hook takes away. Skips the test, saying why, where it is not run by root, where a tool
 * is missing, or where the kernel lacks the filesystem.
 */
public final class Mounted implements AutoCloseable {
    private static final long IMAGE_BYTES = 512L << 20; // sparse; xfs wants 300 MiB at least, btrfs 109

    private static final Deque<Mounted> OPEN = new ArrayDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Mounted::closeAll));
    }

    private final Path scratch;
    private final Path point;
    private final Deque<Undo> undos = new ArrayDeque<>();
    private String sshOptions = "";

    /** One step back; all are taken, the last first, whatever the others do. */
    private interface Undo {
        void run() throws IOException, InterruptedException;
    }

    private Mounted() throws IOException {
        assumeRoot();
        scratch = Files.createTempDirectory("walsafe mounts ").toRealPath();
        point = Files.createDirectory(scratch.resolve("point"));
        synchronized (OPEN) {
            OPEN.push(this);
        }
    }

    static void assumeRoot() {
        boolean root = "root".equals(System.getProperty("user.name"));
        assumeTrue(root && Files.exists(Path.of("/proc/self/mountinfo")), "SKIPPED: only root can mount filesystems");
    }

    /** Where it is mounted; a real path, with a space in it. */
    public Path point() {
        return point;
    }

    /** The directory behind what shows other directories: an overlay's upper, bindfs's source. */
    Path behind() {
        return scratch.resolve("behind");
    }

    static Mounted tmpfs() throws IOException, InterruptedException {
        return building(mounted -> mounted.mount("-t", "tmpfs", "tmpfs", mounted.point.toString()));
    }

    /** A tmpfs that holds so little that it is soon full. */
    public static Mounted small(int bytes) throws IOException, InterruptedException {
        return building(
                mounted -> mounted.mount("-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", mounted.point.toString()));
    }

    /** A tmpfs over the mount point, so that what is mounted there is hidden. */
    void hide() throws IOException, InterruptedException {
        mount("-t", "tmpfs", "tmpfs", point.toString());
    }

    public static Mounted ext4() throws IOException, InterruptedException {
        return onImage("mkfs.ext4", "-q", "-F");
    }

    /** 64 MiB, of which nothing is set aside for root. */
    static Mounted smallExt4() throws IOException, InterruptedException {
        return building(mounted -> {
            assumeTool("mkfs.ext4");
            String image = mounted.image().toString();
            Command.must("mkfs.ext4", "-q", "-F", "-m", "0", image, "64M");
            mounted.mount("-o", "loop", image, mounted.point.toString());
        });
    }

    static Mounted xfs() throws IOException, InterruptedException {
        return onImage("mkfs.xfs", "-q");
    }

    static Mounted btrfs() throws IOException, InterruptedException {
        return onImage("mkfs.btrfs", "-q");
    }

    public static Mounted vfat() throws IOException, InterruptedException {
        return onImage("mkfs.vfat");
    }

    private static Mounted onImage(String... mkfs) throws IOException, InterruptedException {
        return building(mounted -> {
            Path image = mounted.image();
            String[] command = Arrays.copyOf(mkfs, mkfs.length + 1);
            command[mkfs.length] = image.toString();
            assumeTool(mkfs[0]);
            Command.must(command);
            mounted.mount("-o", "loop", image.toString(), mounted.point.toString());
        });
    }

    /** Compresses a directory into an image and mounts that. */
    static Mounted squashfs(Path content) throws IOException, InterruptedException {
        return building(mounted -> {
            assumeTool("mksquashfs");
            String image = mounted.scratch.resolve("image").toString();
            Command.must("mksquashfs", content.toString(), image, "-quiet", "-no-progress");
            mounted.mount("-o", "loop", image, mounted.point.toString());
        });
    }

    static Mounted ntfs3g() throws IOException, InterruptedException {
        return building(mounted -> {
            assumeTool("ntfs-3g");
            String image = mounted.image().toString();
            Command.must("mkntfs", "-F", "-Q", "-q", image);
            mounted.fuse("ntfs-3g", image, mounted.point.toString());
        });
    }

    /** An overlay of a lower, an upper and a work directory; on a tmpfs, because an overlay cannot lie on another. */
    static Mounted overlay(String... moreOptions) throws IOException, InterruptedException {
        return building(mounted -> {
            String options = mounted.overlayOptions();
            for (String more : moreOptions) options += "," + more;
            mounted.mount("-t", "overlay", "overlay", "-o", options, mounted.point.toString());
        });
    }

    /** The same with names relative to where mount(8) was called, as mountinfo then shows them. */
    static Mounted overlayWithRelativeNames() throws IOException, InterruptedException {
        return building(mounted -> {
            mounted.overlayOptions();
            String mount =
                    "cd \"$1\" && mount -t overlay overlay -o lowerdir=layers/lower,upperdir=layers/upper,workdir=layers/work \"$2\"";
            Command.must("sh", "-c", mount, "sh", mounted.scratch.toString(), mounted.point.toString());
            mounted.undos.push(() -> unmount(mounted.point));
        });
    }

    static Mounted fuseOverlayfs() throws IOException, InterruptedException {
        return building(
                mounted -> mounted.fuse("fuse-overlayfs", "-o", mounted.overlayOptions(), mounted.point.toString()));
    }

    /** The same with names relative to where it was started, which its command line alone shows and nobody can resolve. */
    static Mounted fuseOverlayfsWithRelativeNames() throws IOException, InterruptedException {
        return building(mounted -> {
            assumeTool("fuse-overlayfs");
            mounted.overlayOptions();
            String start = "cd \"$0\" && exec fuse-overlayfs -o"
                    + " lowerdir=layers/lower,upperdir=./layers/upper,workdir=layers/work point";
            mounted.fuse("sh", "-c", start, mounted.scratch.toString());
        });
    }

    private String overlayOptions() throws IOException, InterruptedException {
        Path layers = Files.createDirectory(scratch.resolve("layers"));
        mount("-t", "tmpfs", "tmpfs", layers.toString());
        for (String layer : List.of("lower", "upper", "work")) Files.createDirectory(layers.resolve(layer));
        Files.createSymbolicLink(behind(), layers.resolve("upper"));
        return "lowerdir=" + layers.resolve("lower") + ",upperdir=" + layers.resolve("upper") + ",workdir="
                + layers.resolve("work");
    }

    static Mounted bind(Path source) throws IOException, InterruptedException {
        return building(mounted -> mounted.mount("--bind", source.toString(), mounted.point.toString()));
    }

    static Mounted readOnlyBind(Path source) throws IOException, InterruptedException {
        return building(mounted -> mounted.mount("-o", "bind,ro", source.toString(), mounted.point.toString()));
    }

    /** Binds one more file or directory; it is undone with the rest. */
    void bindInto(Path source, Path at) throws IOException, InterruptedException {
        mount("-o", "bind,ro", source.toString(), at.toString());
    }

    static Mounted bindfs() throws IOException, InterruptedException {
        return building(mounted -> {
            Files.createDirectory(mounted.behind());
            mounted.fuse("bindfs", mounted.behind().toString(), mounted.point.toString());
        });
    }

    /** A directory of this machine through an sshd of our own on the loopback interface. */
    static Mounted sshfs() throws IOException, InterruptedException {
        return building(mounted -> {
            assumeTool("sshfs");
            assumeTool("sshd");
            Files.createDirectory(mounted.behind());
            LoopbackSshd sshd = new LoopbackSshd();
            mounted.undos.push(sshd::close);
            mounted.sshOptions = sshd.clientOptions();
            mounted.sshfs(mounted.point);
        });
    }

    /** The same, and the server is not asked for hard links. */
    static Mounted sshfsWithoutHardLinks() throws IOException, InterruptedException {
        return building(mounted -> {
            assumeTool("sshfs");
            assumeTool("sshd");
            Files.createDirectory(mounted.behind());
            LoopbackSshd sshd = new LoopbackSshd();
            mounted.undos.push(sshd::close);
            mounted.sshOptions = sshd.clientOptions() + ",disable_hardlink";
            mounted.sshfs(mounted.point);
        });
    }

    /** Mounts the directory behind an sshfs once more, with a superblock of its own. */
    Path sshfsAgain() throws IOException, InterruptedException {
        Path again = Files.createDirectory(scratch.resolve("again"));
        sshfs(again);
        return again;
    }

    private void sshfs(Path at) throws IOException, InterruptedException {
        Command.must("sshfs", "root@127.0.0.1:" + behind(), at.toString(), "-o", sshOptions);
        undos.push(() -> unmount(at));
    }

    /** Mounts the directory behind a bindfs once more, with a superblock of its own. */
    Path bindfsAgain() throws IOException, InterruptedException {
        Path again = Files.createDirectory(scratch.resolve("again"));
        Command.must("bindfs", behind().toString(), again.toString());
        undos.push(() -> unmount(again));
        return again;
    }

    /** A mount where every name that is looked up becomes a tmpfs. */
    static Mounted autofs() throws IOException, InterruptedException {
        return building(mounted -> {
            assumeTool("python3");
            assumeTrue(Files.readString(Path.of("/proc/filesystems")).contains("autofs"), "SKIPPED: no autofs here");
            Path script = Files.createFile(mounted.scratch.resolve("autofs.py"));
            try (InputStream source = Mounted.class.getResourceAsStream("autofs.py")) {
                Files.write(script, Objects.requireNonNull(source).readAllBytes());
            }
            Process server = new ProcessBuilder("python3", script.toString(), mounted.point.toString())
                    .redirectErrorStream(true)
                    .start();
            mounted.undos.push(() -> {
                server.destroyForcibly().waitFor();
                Command.run("umount", "-l", "-R", mounted.point.toString());
            });
            String said = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            if (!"ready".equals(said)) throw new IOException("autofs could not be served: " + said);
        });
    }

    /** An empty directory on the temporary directory's own filesystem: a place to chroot into. */
    static Mounted nothing() throws IOException, InterruptedException {
        return building(mounted -> {});
    }

    /** The program that serves this FUSE mount. */
    ProcessHandle daemon() {
        return ProcessHandle.allProcesses()
                .filter(process -> served(process).contains(point.toString()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody serves " + point));
    }

    private static String served(ProcessHandle process) {
        try {
            byte[] command = Files.readAllBytes(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
            return new String(command, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // it ended in between
        }
    }

    private void fuse(String... command) throws IOException, InterruptedException {
        assumeTool(command[0]);
        assumeTrue(Files.exists(Path.of("/dev/fuse")), "SKIPPED: this kernel has no FUSE");
        Command.must(command);
        undos.push(() -> unmount(point));
    }

    private void mount(String... words) throws IOException, InterruptedException {
        String[] command = new String[words.length + 1];
        command[0] = "mount";
        System.arraycopy(words, 0, command, 1, words.length);
        Command done = Command.run(command);
        if (done.output().contains("unknown filesystem type")) abort("SKIPPED: this kernel says " + done.output());
        if (done.exit() != 0) throw new IOException(String.join(" ", command) + ": " + done.output());
        Path at = Path.of(words[words.length - 1]);
        undos.push(() -> unmount(at));
    }

    private static void unmount(Path at) throws IOException, InterruptedException {
        if (Command.run("umount", at.toString()).exit() == 0) return;
        Command.must("umount", "-l", at.toString()); // somebody still looks at it: it goes when they go
    }

    private Path image() throws IOException {
        Path image = scratch.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(IMAGE_BYTES);
        }
        return image;
    }

    static void assumeTool(String tool) {
        assumeTrue(Command.find(tool).isPresent(), "SKIPPED: " + tool + " is not installed");
    }

    private interface Building {
        void on(Mounted mounted) throws IOException, InterruptedException;
    }

    /** Half a scene is taken down again, whether it failed or was skipped. */
    private static Mounted building(Building building) throws IOException, InterruptedException {
        Mounted mounted = new Mounted();
        boolean built = false;
        try {
            building.on(mounted);
            built = true;
            return mounted;
        } finally {
            if (!built) mounted.close();
        }
    }

    private static void closeAll() {
        for (; ; ) {
            Optional<Mounted> next;
            synchronized (OPEN) {
                next = Optional.ofNullable(OPEN.peek());
            }
            if (next.isEmpty()) return;
            next.get().close();
        }
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            OPEN.remove(this);
        }
        Optional<IOException> trouble = Optional.empty();
        while (!undos.isEmpty()) {
            try {
                undos.pop().run();
            } catch (IOException e) {
                trouble = Optional.of(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        removeScratch();
        trouble.ifPresent(e -> {
            throw new UncheckedIOException(e);
        });
    }

    /** Not before everything is unmounted: what is bound there belongs to others. */
    private void removeScratch() {
        try {
            for (Mount mount : MountTable.read(MountTable.SELF).all()) {
                if (MountTable.inside(mount.point(), scratch.toString())) return;
            }
            Command.must("rm", "-rf", "--one-file-system", scratch.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
