package walsafe.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The kinds of disk whose power is cut. Each database has a disk of its own, so that no other's sync helps it. */
enum PowerDisk {
    /** A file of the machine. What the guest's kernel wrote is kept, in order; what it had not yet written is gone. */
    PLAIN,
    /** Has a cache besides, and what lies in there is lost, kept or reordered by chance ({@code host/volatile-disk.py}). */
    VOLATILE,
    /** Acknowledges flushes and does nothing, as a disk that lies: on this one a scenario must see losses. */
    FORGETFUL;

    private static final Duration DAEMON = Duration.ofSeconds(10);

    /** Makes disks with a filesystem each, and gives the words by which a kernel has them. */
    List<String> make(Lab lab, List<String> filesystems, long seed) throws IOException {
        List<String> words = new ArrayList<>();
        for (int place = 0; place < filesystems.size(); place++) {
            Path image = image(lab, place);
            Lab.command("truncate", "-s", "384M", image.toString());
            Lab.command("sh", "-c", format(filesystems.get(place)) + " " + image);
            words.add(device(lab, image, place, seed));
        }
        return words;
    }

    private String device(Lab lab, Path image, int place, long seed) throws IOException {
        if (this == PLAIN) return "ubd" + place + "=" + image;
        Path socket = Path.of(image + ".sock");
        lab.quietly(List.of(
                "python3",
                Lab.tools().resolve("volatile-disk.py").toString(),
                socket.toString(),
                image.toString(),
                seed + "." + place,
                cuts(image).toString(),
                name().toLowerCase(Locale.ROOT)));
        lab.awaitFile(socket, DAEMON);
        return "virtio_uml.device=" + socket + ":2";
    }

    /** Where a guest finds the disk. */
    String device(int place) {
        return (this == PLAIN ? "/dev/ubd" : "/dev/vd") + (char) ('a' + place);
    }

    static String format(String filesystem) {
        return filesystem.equals("ext4")
                ? "mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0"
                : "mkfs." + filesystem + " -q -f";
    }

    /** What is on the platter of a disk, outside of the guests. */
    static Path image(Lab lab, int place) {
        return lab.folder().resolve("d" + place);
    }

    /** Of all disks and cuts: how many blocks were written and not flushed, and how many of them the cut took away. */
    long[] blocks(Lab lab, int disks) throws IOException {
        long[] blocks = new long[2];
        for (int place = 0; place < disks && this != PLAIN; place++) {
            for (String line : Files.readAllLines(cuts(image(lab, place)))) {
                List<String> told = List.of(line.split("\t", -1));
                blocks[0] += Long.parseLong(told.get(1));
                blocks[1] += Long.parseLong(told.get(2));
            }
        }
        return blocks;
    }

    private static Path cuts(Path image) {
        return Path.of(image + ".cuts");
    }
}
