package walsafe.custody;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What has to survive a power cut. */
final class Durable {
    private Durable() {}

    /** A new file with these bytes; the name itself is durable after {@link #directory}. */
    static void write(Path path, byte[] bytes) throws IOException {
        try (FileChannel out = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            writeFully(out, bytes);
        }
    }

    static void writeFully(FileChannel out, byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) out.write(rest);
        out.force(true);
    }

    /** A file's bytes. Never of a file that this process has a lock on: its descriptor is closed again. */
    static void file(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** The names in a directory. */
    static void directory(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
