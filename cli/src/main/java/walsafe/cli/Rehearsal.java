package walsafe.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Runs each command once, so that the archive of classes which the launcher makes from it holds what every
 * command needs. The launcher throws the answers away.
 */
final class Rehearsal {
    /** SQLite's SHARED lock (os.h): 510 bytes above the pending and the reserved byte. */
    private static final long SHARED_FIRST = 0x40000002L;

    private static final long SHARED_SIZE = 510;

    private Rehearsal() {}

    /** Argument: the name of a database that it may write; the launcher removes it. */
    public static void main(String[] arguments) throws IOException {
        String database = arguments[0];
        Files.write(Path.of(database), emptyDatabase());
        run("--version");
        run("--help");
        run("explain", "WS301");
        run("who", database);
        run("doctor", database);
        run("doctor", "--format", "json", database);
        runWhileItIsOpen(database);
    }

    /** With a process that has it open there is more to tell; that it is this one has a child read its bytes. */
    private static void runWhileItIsOpen(String database) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(database), StandardOpenOption.READ)) {
            channel.lock(SHARED_FIRST, SHARED_SIZE, true); // goes with the channel
            run("doctor", database);
        }
    }

    private static void run(String... arguments) {
        new Cli(Main.terminal()).run(List.of(arguments));
    }

    /** One page, a table tree without a row, in WAL mode (fileformat2, 1.3 and 1.6). */
    private static byte[] emptyDatabase() {
        return ByteBuffer.allocate(4096)
                .put("SQLite format 3\0".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 4096) // page size
                .put(new byte[] {2, 2, 0, 64, 32, 32}) // WAL to write and to read; then what never varies
                .putInt(24, 1) // change counter
                .putInt(28, 1) // pages
                .putInt(44, 4) // schema format
                .putInt(56, 1) // UTF-8
                .putInt(92, 1) // the change counter again: the number of pages is true
                .putInt(96, 3_054_001) // the last writer
                .put(100, (byte) 13) // a leaf
                .putShort(105, (short) 4096) // where its cells would begin
                .array();
    }
}
