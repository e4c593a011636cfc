package walsafe.facts;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the signs of processes beside a database. Lists one directory and opens no file in it.
 *
 * <p>Whether a process of this kernel and pid namespace lives is known at once, from {@code /proc/PID/stat}: a pid that
 * was given to another process has another start. Of a process elsewhere one look cannot tell, but for a filesystem on
 * a disk of this machine that only this kernel reaches: there another boot id is an earlier boot.
 */
public final class Signs {
    /** What the folder beside a database is called, after the database's own name. */
    public static final String FOLDER_SUFFIX = "-walsafe.d";

    private static final int NAMES_LISTED = 10_000;
    private static final int SIGNS_TOLD = 100;

    private final Host host;
    private final Storage storage;
    private final Procfs proc;
    private final Sign ours;

    private Signs(Host host, Storage storage, Procfs proc) {
        this.host = host;
        this.storage = storage;
        this.proc = proc;
        this.ours = own(host, storage, "", proc);
    }

    /** The folder beside a database; it need not exist. */
    public static Path folder(Path database) {
        return database.resolveSibling(database.getFileName() + FOLDER_SUFFIX);
    }

    /**
     * The signs beside a database, each process once, in order of their ids. Looks at the first 10,000 names of the
     * folder and tells at most 100, before all others those that have to be reckoned with; none where it cannot be listed or is a symbolic link.
     */
    public static List<Sign> beside(Path database, Host host, Storage storage) {
        return beside(database, host, storage, new Procfs(Path.of("/proc")));
    }

    static List<Sign> beside(Path database, Host host, Storage storage, Procfs proc) {
        Path folder = folder(database);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) return List.of();
        Signs signs = new Signs(host, storage, proc);
        return latest(folder).stream()
                .map(signs::judge)
                .sorted(Comparator.comparing((Sign sign) -> sign.life() == Sign.Life.ENDED)
                        .thenComparing(sign -> !sign.foreign()))
                .limit(SIGNS_TOLD)
                .sorted(Comparator.comparing(Sign::id))
                .toList();
    }

    /** The sign of this process, of the first generation. */
    public static Sign own(Host host, Storage storage, String id) {
        return own(host, storage, id, new Procfs(Path.of("/proc")));
    }

    private static Sign own(Host host, Storage storage, String id, Procfs proc) {
        long pid = proc.self().orElse(ProcessHandle.current().pid());
        long start = ProcessStat.of(proc, pid).map(ProcessStat::startTicks).orElse(0L);
        return new Sign(
                boot(host),
                device(storage),
                namespace(host),
                pid,
                start,
                id,
                1,
                Sign.Origin.THIS_PROCESS,
                Sign.Life.LIVES);
    }

    /** A process that dies between making the next name and removing the last leaves two; the later counts. */
    private static List<Sign> latest(Path folder) {
        Map<String, Sign> byId = new TreeMap<>();
        int seen = 0;
        try (DirectoryStream<Path> names = Files.newDirectoryStream(folder, "p.*")) {
            for (Path each : names) {
                Optional<Sign> sign = Sign.parse(each.getFileName().toString());
                sign.ifPresent(one -> byId.merge(one.id(), one, Signs::later));
                if (++seen == NAMES_LISTED) break;
            }
        } catch (IOException | DirectoryIteratorException e) {
            return new ArrayList<>(byId.values()); // not ours to list, or deleted meanwhile
        }
        return new ArrayList<>(byId.values());
    }

    private static Sign later(Sign one, Sign other) {
        return one.generation() > other.generation() ? one : other;
    }

    private Sign judge(Sign sign) {
        return sign.judged(origin(sign), life(sign));
    }

    private Sign.Origin origin(Sign sign) {
        if (!sameKernel(sign)) return Sign.Origin.OTHER_KERNEL;
        boolean self = sameNamespace(sign) && sign.pid() == ours.pid() && sign.start() == ours.start();
        boolean sameMount = sign.device().equals(ours.device())
                || sign.device().equals(Sign.UNKNOWN)
                || ours.device().equals(Sign.UNKNOWN);
        if (!sameMount) return Sign.Origin.OTHER_SUPERBLOCK;
        return self ? Sign.Origin.THIS_PROCESS : Sign.Origin.THIS_SUPERBLOCK;
    }

    private Sign.Life life(Sign sign) {
        if (sameKernel(sign) && sameNamespace(sign)) return lifeHere(sign);
        if (!sameKernel(sign) && onlyThisKernelReachesIt()) return Sign.Life.ENDED;
        return Sign.Life.UNTOLD;
    }

    private Sign.Life lifeHere(Sign sign) {
        boolean numbersAreOurs =
                proc.self().equals(Optional.of(ProcessHandle.current().pid()));
        if (!numbersAreOurs) return Sign.Life.UNTOLD;
        Optional<ProcessStat> stat = ProcessStat.of(proc, sign.pid());
        if (stat.isPresent()) {
            boolean same = stat.get().runs() && stat.get().startTicks() == sign.start();
            return same ? Sign.Life.LIVES : Sign.Life.ENDED;
        }
        // Where /proc hides others' processes (hidepid), the first one is hidden too, and nothing is known.
        return ProcessStat.of(proc, 1).isPresent() ? Sign.Life.ENDED : Sign.Life.UNTOLD;
    }

    private boolean onlyThisKernelReachesIt() {
        return storage.blockDevice()
                && storage.kind() == StorageClass.LOCAL
                && storage.reach() == Reach.THIS_SUPERBLOCK
                && host.bootId().isPresent()
                && !host.bootIdReplaced();
    }

    private boolean sameKernel(Sign sign) {
        return !sign.bootId().equals(Sign.UNKNOWN) && sign.bootId().equals(boot(host));
    }

    private boolean sameNamespace(Sign sign) {
        return !sign.pidNamespace().equals(Sign.UNKNOWN) && sign.pidNamespace().equals(namespace(host));
    }

    /** The first 8 digits of the boot id; {@link Sign#UNKNOWN} where the platform has none. */
    public static String boot(Host host) {
        String digits = host.bootId().orElse("").toLowerCase(Locale.ROOT).replaceAll("[^0-9a-f]", "");
        return digits.length() < 8 ? Sign.UNKNOWN : digits.substring(0, 8);
    }

    private static String device(Storage storage) {
        String device = storage.mount().map(Mount::device).orElse("");
        return device.matches("\\d{1,10}:\\d{1,10}") ? device.replace(':', '-') : Sign.UNKNOWN;
    }

    /** {@code pid:[4026531836]} without its frame. */
    private static String namespace(Host host) {
        String digits = host.pidNamespace().orElse("").replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 20 ? Sign.UNKNOWN : digits;
    }

    /** The signs in the order in which findings tell them: those that are known to live first. */
    public static List<Sign> foreign(List<Sign> signs) {
        return signs.stream()
                .filter(Sign::foreign)
                .sorted(Comparator.comparing(Sign::life))
                .toList();
    }
}
