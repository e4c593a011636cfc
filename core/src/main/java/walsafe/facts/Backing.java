package walsafe.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A directory whose files a union or a FUSE mount shows in another place.
 *
 * @param directory absolute, as it was spelt when it was mounted; it may be hidden or gone by now
 * @param written does the mount write here; false for the lower layers of a union
 * @param words what it is to its mount: "the upper directory of"
 */
record Backing(String directory, boolean written, String words) {
    private static final String BEHIND = "the directory behind";
    private static final String UPPER = "the upper directory of";

    /** Programs that store names or contents in another form: what lies behind them shows no database. */
    private static final Set<String> TRANSFORMING = Set.of(
            "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs", "fuse.securefs", "fuse.archivemount", "fuse.squashfuse");

    /** May this mount show a directory that could also be reached without it? Decided without looking anywhere. */
    static boolean possible(Mount mount) {
        return mount.type().equals("overlay") || passesThrough(mount);
    }

    /** Is it where a union writes, so that the union shows all of it? */
    boolean upper() {
        return words.equals(UPPER);
    }

    static boolean passesThrough(Mount mount) {
        boolean fuse = mount.type().equals("fuse") || mount.type().startsWith("fuse.");
        return fuse && !TRANSFORMING.contains(mount.type());
    }

    /**
     * The directories behind a mount; none for other types.
     *
     * @param server the command line of the program that serves a FUSE mount, empty if it cannot be seen
     */
    static List<Backing> of(Mount mount, List<String> server) {
        List<Backing> backings = new ArrayList<>();
        if (mount.type().equals("overlay")) {
            for (String option : mount.superOptions()) addLayers(backings, option, mount.point());
        } else if (passesThrough(mount)) {
            addDirectories(backings, localSource(mount));
            for (String word : server) {
                if (word.equals(mount.point())) continue;
                for (String option : Mount.split(word)) addLayers(backings, option, "");
                addDirectories(backings, word);
            }
        }
        return backings;
    }

    /**
     * An overlay may show its directories as relative text, relative to where mount(8) was called. That was most often above
     * the mount point, so each directory there is a candidate; whoever asks looks whether the file is there.
     */
    private static void addLayers(List<Backing> layers, String option, String point) {
        int equals = option.indexOf('=');
        if (equals < 0) return;
        String value = option.substring(equals + 1);
        switch (option.substring(0, equals)) {
            case "upperdir" -> addLayer(layers, value, point, true, UPPER);
            case "lowerdir+" -> addLayer(layers, value, point, false, BEHIND);
            case "lowerdir" -> {
                for (String lower : parts(value)) addLayer(layers, lower, point, false, BEHIND);
            }
            default -> {}
        }
    }

    private static void addLayer(List<Backing> layers, String directory, String point, boolean written, String words) {
        if (directory.startsWith("/")) {
            add(layers, directory, written, words);
            return;
        }
        for (int end = point.lastIndexOf('/');
                end >= 0 && !directory.isEmpty();
                end = point.lastIndexOf('/', end - 1)) {
            add(layers, point.substring(0, end) + "/" + directory, written, words);
        }
    }

    /** One directory, or several with colons between them ({@code /a:/b} of mergerfs, {@code /a=RW:/b} of unionfs). */
    private static void addDirectories(List<Backing> backings, String list) {
        if (!list.startsWith("/") || list.startsWith("/dev/")) return;
        for (String part : parts(list)) {
            int mode = part.indexOf('=');
            add(backings, mode < 0 ? part : part.substring(0, mode), true, BEHIND);
        }
    }

    /** A relative name was relative to a working directory that is long gone. */
    private static void add(List<Backing> backings, String directory, boolean written, String words) {
        if (!directory.startsWith("/")) return;
        boolean slash = directory.length() > 1 && directory.endsWith("/");
        String plain = slash ? directory.substring(0, directory.length() - 1) : directory;
        backings.add(new Backing(plain, written, words));
    }

    /** sshfs to this machine itself shows a directory of ours. */
    private static String localSource(Mount mount) {
        String source = mount.source();
        if (!mount.type().equals("fuse.sshfs")) return source;
        String host = source.substring(source.indexOf('@') + 1);
        for (String self : List.of("localhost:", "127.0.0.1:", "[::1]:")) {
            if (host.startsWith(self)) return host.substring(self.length());
        }
        return "";
    }

    private static List<String> parts(String list) {
        return List.of(list.split(":", -1));
    }
}
