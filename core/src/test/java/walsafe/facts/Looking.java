package walsafe.facts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import walsafe.format.WalIndex;

/** Looks for the neighbours of a real file; as a program of its own, prints them. */
final class Looking {
    static final Host HOST = new Host(
            "Linux",
            "",
            "",
            true,
            4096,
            Optional.empty(),
            false,
            Optional.empty(),
            true,
            Optional.empty(),
            Set.of(),
            List.of());

    private Looking() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println(at(Path.of(arguments[0])));
    }

    static Neighbours at(Path database) throws IOException {
        return at(database, List.of());
    }

    static Neighbours at(Path database, List<Storage.View> views) throws IOException {
        return NeighbourLook.of(target(database), storage(database, views), HOST, facts(database));
    }

    static Target target(Path database) throws IOException {
        boolean exists = Files.exists(database);
        Path real = exists ? database.toRealPath() : database;
        return new Target(
                database.toString(),
                Optional.of(real.toString()),
                exists ? Target.State.FILE : Target.State.MISSING,
                List.of(),
                List.of());
    }

    static Storage storage(Path database, List<Storage.View> views) throws IOException {
        String directory = database.resolveSibling(".").toRealPath().toString();
        return new Storage(
                Optional.of(mountOf(directory)),
                Storage.Found.MOUNT_ID,
                StorageClass.LOCAL,
                Reach.THIS_SUPERBLOCK,
                Answers.NONE,
                Optional.empty(),
                views,
                true);
    }

    /** By the longest mount point, which does where the tests mount nothing on top of another mount. */
    static Mount mountOf(String directory) {
        return MountTable.of(new Procfs(Path.of("/proc")), "self").all().stream()
                .filter(mount -> SoughtFile.placeInside(mount, directory).isPresent())
                .max(Comparator.comparingInt((Mount mount) -> mount.point().length())
                        .thenComparingInt(Mount::id))
                .orElseThrow();
    }

    static DatabaseFacts facts(Path database) throws IOException {
        Path shm = Path.of(database + DatabasePart.SHM.suffix());
        int hardLinks = Files.exists(database) ? (int) Files.getAttribute(database, "unix:nlink") : 0;
        return facts(hardLinks, Files.exists(shm) ? Optional.of(index(shm)) : Optional.empty());
    }

    static DatabaseFacts facts(int hardLinks, Optional<WalIndex> shm) {
        return new DatabaseFacts(
                DatabaseFacts.Content.NOT_READ,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                true,
                true,
                hardLinks,
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                shm,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    /** Reads the -shm as bytes, which this JVM may: it has no SQLite connection to any database of another program. */
    private static WalIndex index(Path shm) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(shm)).order(ByteOrder.nativeOrder());
        if (bytes.capacity() < 136) return new WalIndex(false, 0, 0, List.of(), 0, 0);
        List<Long> marks = new ArrayList<>();
        for (int mark = 0; mark < 5; mark++) marks.add(Integer.toUnsignedLong(bytes.getInt(100 + 4 * mark)));
        return new WalIndex(true, bytes.getInt(16), bytes.getInt(96), marks, 0, 0);
    }

    /** The kernel's lock lines on the database's files, without their running numbers. */
    static Set<String> locksOn(Path database) throws IOException {
        Set<String> locks = new TreeSet<>();
        for (DatabasePart part : DatabasePart.values()) {
            Path file = Path.of(database + part.suffix());
            if (!Files.exists(file)) continue;
            String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
            Files.readAllLines(Path.of("/proc/locks")).stream()
                    .filter(line -> line.contains(inode))
                    .map(line -> line.substring(line.indexOf(':') + 1))
                    .forEach(locks::add);
        }
        return locks;
    }
}
