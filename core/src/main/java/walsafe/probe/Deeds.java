package walsafe.probe;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What an actor does: one line asks for one deed in the scratch directory, one line answers. Every file keeps one channel
 * for as long as the actor lives, since closing another drops its locks; the one deed that does so on purpose is {@code
 * glimpse}.
 */
final class Deeds implements AutoCloseable {
    /** Begins the answer of a deed that could not be done. */
    static final String FAILED = "failed ";

    private static final int MAPPED_BYTES = 32_768; // as much as SQLite maps of a -shm at a time
    private static final long SYNC_NANOS = TimeUnit.MILLISECONDS.toNanos(300); // enough is known by then
    private static final int FEWEST_SYNCS = 5;
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Path scratch;
    private final Map<String, FileChannel> channels = new HashMap<>();
    private final Map<String, MappedByteBuffer> maps = new HashMap<>();
    private final Map<String, List<FileLock>> locks = new HashMap<>();
    private final Smoke smoke;

    /**
     * @param scratch where the files lie
     * @param libraries where SQLite's native library may be unpacked
     */
    Deeds(Path scratch, Path libraries) {
        this.scratch = scratch;
        this.smoke = new Smoke(scratch, libraries);
    }

    /** Never throws for what the storage does: that is an answer. */
    String answer(String question) {
        try {
            return done(question.split(" ", -1));
        } catch (IOException | SQLException | RuntimeException | LinkageError | VirtualMachineError e) {
            return FAILED + told(e).replaceAll("\\R", " ");
        }
    }

    private static String told(Throwable trouble) {
        String message = String.valueOf(trouble.getMessage());
        return trouble instanceof IOException ? message : trouble.getClass().getSimpleName() + ": " + message;
    }

    private String done(String[] words) throws IOException, SQLException {
        return switch (words[0]) {
            case "lock" -> lock(words[1], Long.parseLong(words[2]), Long.parseLong(words[3]), words[4]);
            case "unlock" -> unlock(words[1]);
            case "write" -> write(words[1], Long.parseLong(words[2]), Long.parseLong(words[3]));
            case "read" -> read(words[1], Long.parseLong(words[2]));
            case "size" -> Long.toString(channel(words[1]).size());
            case "glimpse" -> glimpse(words[1]);
            case "map" -> map(words[1]);
            case "poke" -> poke(words[1], Integer.parseInt(words[2]), Long.parseLong(words[3]));
            case "peek" -> Long.toString((long) LONG.getVolatile(mapped(words[1]), Integer.parseInt(words[2])));
            case "dab" -> dab(words[1], Integer.parseInt(words[2]), Byte.parseByte(words[3]));
            case "look" -> Byte.toString(mapped(words[1]).get(Integer.parseInt(words[2])));
            case "create" -> create(words[1]);
            case "remove" -> remove(words[1]);
            case "rename" -> rename(words[1], words[2]);
            case "put" -> put(words[1], Long.parseLong(words[2]));
            case "get" ->
                Long.toString(
                        ByteBuffer.wrap(Files.readAllBytes(file(words[1]))).getLong());
            case "exists" -> there(Files.exists(file(words[1]), LinkOption.NOFOLLOW_LINKS));
            case "listed" -> there(isListed(words[1]));
            case "sync" -> sync(words[1], Integer.parseInt(words[2]));
            case "sql-open" -> smoke.open(words[1], words[2]);
            case "sql-commit" -> smoke.commit(words[1], Integer.parseInt(words[2]));
            case "sql-checkpoint" -> smoke.checkpoint();
            case "sql-count" -> Integer.toString(smoke.count(words[1]));
            case "sql-integrity" -> smoke.integrity();
            case "sql-fill" -> smoke.fill(Integer.parseInt(words[1]));
            case "sql-half" -> smoke.half();
            case "sql-survey" -> smoke.survey();
            case "sql-close" -> smoke.shut();
            default -> throw new IllegalArgumentException("no such deed: " + words[0]);
        };
    }

    private String lock(String name, long position, long bytes, String kind) throws IOException {
        try {
            FileLock lock = channel(name).tryLock(position, bytes, kind.equals("shared"));
            if (lock == null) return "held"; // EAGAIN or EACCES
            locks.computeIfAbsent(name, any -> new ArrayList<>()).add(lock);
            return "granted";
        } catch (OverlappingFileLockException e) {
            throw new IllegalStateException("this side holds a lock there already", e);
        }
    }

    private String unlock(String name) throws IOException {
        List<FileLock> held = locks.remove(name);
        if (held != null) for (FileLock lock : held) lock.release();
        return "released";
    }

    private String write(String name, long position, long value) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).putLong(0, value);
        while (bytes.hasRemaining()) {
            int written = channel(name).write(bytes, position + bytes.position());
            if (written <= 0) throw new IOException("nothing was written");
        }
        return "written";
    }

    private String read(String name, long position) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
        while (bytes.hasRemaining()) {
            if (channel(name).read(bytes, position + bytes.position()) < 0) return "-1";
        }
        return Long.toString(bytes.getLong(0));
    }

    private String glimpse(String name) throws IOException {
        FileChannel.open(file(name), READ).close();
        return "seen";
    }

    private String map(String name) throws IOException {
        maps.put(name, channel(name).map(FileChannel.MapMode.READ_WRITE, 0, MAPPED_BYTES));
        return "mapped";
    }

    private MappedByteBuffer mapped(String name) {
        MappedByteBuffer map = maps.get(name);
        if (map == null) throw new IllegalStateException(name + " is not mapped");
        return map;
    }

    /** Big-endian as {@link #write} has it, so that one can be looked for with the other. */
    private String poke(String name, int position, long value) {
        LONG.setVolatile(mapped(name), position, value);
        return "stored";
    }

    private String dab(String name, int position, byte value) {
        MappedByteBuffer map = mapped(name);
        map.put(position, value);
        map.force();
        return "stored";
    }

    private String create(String name) throws IOException {
        try {
            Files.createFile(file(name));
            return "made";
        } catch (FileAlreadyExistsException e) {
            return "there";
        }
    }

    private String remove(String name) throws IOException {
        Files.delete(file(name));
        return "removed";
    }

    private String rename(String from, String to) throws IOException {
        Files.move(file(from), file(to), StandardCopyOption.ATOMIC_MOVE);
        return "renamed";
    }

    private String put(String name, long value) throws IOException {
        Files.write(
                file(name), ByteBuffer.allocate(Long.BYTES).putLong(0, value).array());
        return "written";
    }

    private static String there(boolean there) {
        return there ? "there" : "not there";
    }

    private boolean isListed(String name) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(scratch)) {
            for (Path entry : entries) if (entry.endsWith(name)) return true;
        }
        return false;
    }

    /** Rewrites one of eight blocks and syncs it, as often as asked or as 300 ms allow. */
    private String sync(String name, int times) throws IOException {
        FileChannel channel = channel(name);
        ByteBuffer block = ByteBuffer.allocateDirect(4096);
        for (int i = 0; i < 8; i++) writeBlock(channel, block, i);
        channel.force(true);
        long[] nanos = new long[times];
        int done = 0;
        long start = System.nanoTime();
        while (done < times && (done < FEWEST_SYNCS || System.nanoTime() - start < SYNC_NANOS)) {
            block.putInt(0, done);
            writeBlock(channel, block, done % 8);
            long before = System.nanoTime();
            channel.force(false);
            nanos[done++] = System.nanoTime() - before;
        }
        long[] sorted = Arrays.copyOf(nanos, done);
        Arrays.sort(sorted);
        return done + " " + sorted[0] + " " + sorted[done / 2] + " " + sorted[done - 1];
    }

    private static void writeBlock(FileChannel channel, ByteBuffer block, int number) throws IOException {
        block.clear();
        while (block.hasRemaining()) channel.write(block, 4096L * number + block.position());
    }

    private FileChannel channel(String name) throws IOException {
        FileChannel channel = channels.get(name);
        if (channel == null) {
            channel = FileChannel.open(file(name), READ, WRITE, CREATE);
            channels.put(name, channel);
        }
        return channel;
    }

    private Path file(String name) {
        return scratch.resolve(name);
    }

    @Override
    public void close() {
        smoke.close();
        for (FileChannel channel : channels.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                // The scratch directory is about to go; what stays of it is told by whoever removes it.
            }
        }
    }
}
