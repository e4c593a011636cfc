package walsafe.facts;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import walsafe.format.DatabaseFile;

/**
 * Finds the processes that have a database open, on Linux, from the links of {@code /proc/PID/fd}, from {@code
 * /proc/PID/fdinfo} and from {@code /proc/locks}. Opens none of the database's files and takes no lock.
 *
 * <p>Three things must hold at once. Whoever has the files open is found under whatever name, so files are told by
 * superblock and place or inode ({@link SoughtFile}). The look must not take
 * long where many files are open, so fdinfo is read only of those whose last name could be ours. And processes come and go meanwhile, so a
 * lock counts as nobody's only if it was there before and after.
 */
final class NeighbourLook {
    private final Procfs proc;
    private final Storage storage;
    private final Host host;
    private final DatabaseFacts database;
    private final List<SoughtFile> sought;
    private final MountTable ours;
    private final SqliteLibraries libraries;
    private final Map<String, Set<String>> namesByNamespace = new HashMap<>();
    private final Map<String, MountTable> mountsByNamespace = new HashMap<>();

    private final Map<Long, List<SeenOpen>> seen = new TreeMap<>();
    private final Set<Long> denied = new HashSet<>();

    private NeighbourLook(Procfs proc, List<SoughtFile> sought, Storage storage, Host host, DatabaseFacts database) {
        this.proc = proc;
        this.sought = sought;
        this.storage = storage;
        this.host = host;
        this.database = database;
        this.ours = MountTable.of(proc, "self");
        this.libraries = new SqliteLibraries(proc);
        proc.link("self/ns/mnt").ifPresent(namespace -> mountsByNamespace.put(namespace, ours));
    }

    /**
     * Looks at every process once. Never fails: what could not be looked at is in the answer.
     *
     * @return {@link Neighbours#NOT_LOOKED} off Linux, without {@code /proc}, for what is no file, and where the
     *     superblock of the file could not be told
     */
    static Neighbours of(Target target, Storage storage, Host host, DatabaseFacts database) {
        return of(new Procfs(Path.of("/proc")), target, storage, host, database);
    }

    static Neighbours of(Procfs proc, Target target, Storage storage, Host host, DatabaseFacts database) {
        if (!host.linux() || proc.self().isEmpty()) return Neighbours.NOT_LOOKED;
        List<SoughtFile> sought = sought(target, storage);
        if (sought.isEmpty()) return Neighbours.NOT_LOOKED;
        return new NeighbourLook(proc, sought, storage, host, database).look();
    }

    private static List<SoughtFile> sought(Target target, Storage storage) {
        boolean answers = target.state() == Target.State.FILE
                || target.state() == Target.State.MISSING
                || target.state() == Target.State.NO_DIRECTORY;
        boolean silent = target.state() == Target.State.SILENT || target.state() == Target.State.FORBIDDEN;
        if (target.database().isEmpty() || (!answers && !silent)) return List.of();
        return Arrays.stream(DatabasePart.values())
                .map(part -> SoughtFile.of(part, target.database().get(), mountOf(part, storage), answers))
                .flatMap(Optional::stream)
                .toList();
    }

    /** SQLite makes the other files in the directory, on the directory's mount, also where the database has its own. */
    private static Optional<Mount> mountOf(DatabasePart part, Storage storage) {
        boolean split = part == DatabasePart.DATABASE && storage.splitMount().isPresent();
        return split ? storage.splitMount() : storage.mount();
    }

    private Neighbours look() {
        Set<LockLine> before = locksOnOurFiles();
        for (long pid : proc.processes()) lookAt(pid);
        seen.keySet().removeIf(this::onlyReadsBytes);
        proc.self().ifPresent(this::leaveOutOwn);
        Set<LockLine> lasting = locksOnOurFiles();
        lasting.retainAll(before);

        List<SqliteLock> unseen = new ArrayList<>();
        lasting.forEach(lock -> attribute(lock, unseen));

        boolean complete = host.allProcessesVisible() && denied.isEmpty();
        return new Neighbours(true, neighbours(), unseen, denied.size(), complete);
    }

    /** A child of some walsafe, which never has SQLite, takes no lock, and ends in a moment. */
    private boolean onlyReadsBytes(long pid) {
        return proc.text(pid + "/cmdline").orElse("").contains(".ChildMain\0" + ReadBytes.class.getName() + "\0");
    }

    /** What walsafe itself reads here by is no neighbour's, and no sign of a second SQLite. */
    private void leaveOutOwn(long self) {
        List<SeenOpen> sightings = seen.getOrDefault(self, new ArrayList<>());
        for (SoughtFile file : sought) {
            int own = file.mayAsk() ? DatabaseFile.ownDescriptors(Path.of(file.path())) : 0;
            for (; own > 0; own--) {
                sightings.stream()
                        .filter(one -> one.part() == file.part() && !one.writable())
                        .filter(one -> one.locks().isEmpty())
                        .findFirst()
                        .ifPresent(sightings::remove);
            }
        }
        if (sightings.isEmpty()) seen.remove(self);
    }

    private Set<LockLine> locksOnOurFiles() {
        return proc.lines("locks").stream()
                .map(LockLine::parse)
                .flatMap(Optional::stream)
                .filter(lock -> part(lock).isPresent())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Optional<DatabasePart> part(LockLine lock) {
        return sought.stream()
                .filter(file -> file.isLockedBy(lock))
                .map(SoughtFile::part)
                .findFirst();
    }

    private void lookAt(long pid) {
        Optional<List<String>> descriptors = proc.descriptors(pid);
        if (descriptors.isEmpty()) {
            if (mayHaveFiles(pid)) denied.add(pid);
            return;
        }
        if (descriptors.get().isEmpty()) return; // a thread of the kernel
        String namespace = proc.link(pid + "/ns/mnt").orElse("of process " + pid);
        for (String descriptor : descriptors.get()) lookAt(pid, namespace, descriptor);
    }

    private boolean mayHaveFiles(long pid) {
        return ProcessStat.of(proc, pid)
                .filter(process -> process.runs() && !process.kernelThread())
                .isPresent();
    }

    private void lookAt(long pid, String namespace, String descriptor) {
        Optional<String> link = proc.link(pid + "/fd/" + descriptor);
        if (link.isEmpty() || !mayBeOurs(link.get(), pid, namespace)) return;
        OpenFile file = OpenFile.of(link.get(), proc.lines(pid + "/fdinfo/" + descriptor));
        mountUnder(file, pid, namespace)
                .flatMap(mount -> sighting(file, mount))
                .ifPresent(sighting ->
                        seen.computeIfAbsent(pid, first -> new ArrayList<>()).add(sighting));
    }

    /** Pipes and sockets have no path; of files, hard links alone can have any name. */
    private boolean mayBeOurs(String link, long pid, String namespace) {
        if (!link.startsWith("/")) return false;
        if (database.hardLinks() > 1) return true;
        Set<String> names = namesByNamespace.computeIfAbsent(namespace, unknown -> namesIn(mounts(pid, namespace)));
        return names.contains(SoughtFile.baseName(OpenFile.withoutDeleted(link)))
                || names.contains(SoughtFile.baseName(link)); // a living "app.db (deleted)"
    }

    private Set<String> namesIn(MountTable mounts) {
        Set<String> names = Stream.concat(
                        sought.stream().map(SoughtFile::path),
                        storage.views().stream().flatMap(view -> sought.stream().map(file -> inView(file, view))))
                .map(SoughtFile::baseName)
                .collect(Collectors.toCollection(HashSet::new));
        names.addAll(mounts.fileMountNames(Set.copyOf(names)));
        return names;
    }

    private MountTable mounts(long pid, String namespace) {
        return mountsByNamespace.computeIfAbsent(namespace, unknown -> MountTable.of(proc, Long.toString(pid)));
    }

    /** Ids are unique in a kernel; the last way is for a process in a chroot, which may see other mounts than its peers. */
    private Optional<Mount> mountUnder(OpenFile file, long pid, String namespace) {
        return ours.byId(file.mount())
                .or(() -> mounts(pid, namespace).byId(file.mount()))
                .or(() -> MountTable.of(proc, Long.toString(pid)).byId(file.mount()));
    }

    private Optional<SeenOpen> sighting(OpenFile file, Mount mount) {
        for (SoughtFile one : sought) {
            if (one.isSame(file, mount)) return Optional.of(seen(one, SeenOpen.How.SAME, file));
            if (one.isLostPredecessor(file, mount)) {
                return Optional.of(seen(one, SeenOpen.How.DELETED, file));
            }
            if (isInView(one, file, mount)) {
                return Optional.of(seen(one, SeenOpen.How.OTHER_DOMAIN, file));
            }
        }
        return Optional.empty();
    }

    private static SeenOpen seen(SoughtFile one, SeenOpen.How how, OpenFile file) {
        return new SeenOpen(one.part(), how, file.writable(), file.locks());
    }

    private boolean isInView(SoughtFile one, OpenFile file, Mount mount) {
        return storage.views().stream()
                .filter(view -> !view.mount().device().equals(one.device()))
                .filter(view -> view.mount().device().equals(mount.device()))
                .map(view -> SoughtFile.placeInside(view.mount(), inView(one, view)))
                .anyMatch(place -> place.isPresent() && place.equals(SoughtFile.placeInside(mount, file.name())));
    }

    private static String inView(SoughtFile file, Storage.View view) {
        return view.path() + "/" + SoughtFile.baseName(file.path());
    }

    /** A lock that was not seen on a descriptor: its process may be closed to us, or invisible. */
    private void attribute(LockLine lock, List<SqliteLock> unseen) {
        DatabasePart part = part(lock).orElseThrow();
        boolean heldInSight = seen.values().stream()
                .flatMap(List::stream)
                .anyMatch(sighting -> sighting.locks().contains(lock));
        if (heldInSight) return;
        if (denied.contains(lock.pid())) {
            seen.computeIfAbsent(lock.pid(), first -> new ArrayList<>())
                    .add(new SeenOpen(part, SeenOpen.How.SAME, true, List.of(lock)));
        } else if (!seen.containsKey(lock.pid())) {
            unseen.addAll(SeenOpen.named(part, lock));
        }
    }

    private List<Neighbour> neighbours() {
        List<Neighbour> neighbours = new ArrayList<>();
        seen.forEach((pid, sightings) -> neighbours.add(neighbour(pid, sightings)));
        return neighbours;
    }

    private Neighbour neighbour(long pid, List<SeenOpen> sightings) {
        ProcessLabel label = ProcessLabel.of(proc, pid);
        return new Neighbour(
                pid,
                label.command(),
                label.user(),
                label.startedAt(),
                parts(sightings, EnumSet.allOf(SeenOpen.How.class)),
                parts(sightings, EnumSet.of(SeenOpen.How.DELETED)),
                descriptors(sightings),
                sightings.stream().flatMap(SeenOpen::named).distinct().toList(),
                pinsFrame(sightings),
                libraries.of(pid),
                sightings.stream().anyMatch(sighting -> sighting.how() == SeenOpen.How.OTHER_DOMAIN),
                proc.self().equals(Optional.of(pid)));
    }

    private static Set<DatabasePart> parts(List<SeenOpen> sightings, Set<SeenOpen.How> how) {
        return sightings.stream()
                .filter(sighting -> how.contains(sighting.how()))
                .map(SeenOpen::part)
                .collect(Collectors.toSet());
    }

    /** SQLite opens the -shm for writing if it may; whoever reads its bytes does not, a walsafe in that process likewise. */
    private static Map<DatabasePart, Integer> descriptors(List<SeenOpen> sightings) {
        Map<DatabasePart, Integer> count = new EnumMap<>(DatabasePart.class);
        for (SeenOpen sighting : sightings) {
            if (sighting.part() != DatabasePart.SHM || sighting.writable())
                count.merge(sighting.part(), 1, Integer::sum);
        }
        int shm = (int) sightings.stream()
                .filter(sighting -> sighting.part() == DatabasePart.SHM)
                .count();
        if (shm > 0) count.putIfAbsent(DatabasePart.SHM, shm);
        return count;
    }

    private Optional<Long> pinsFrame(List<SeenOpen> sightings) {
        Stream<SqliteLock> locks = sightings.stream()
                .filter(sighting -> sighting.how() == SeenOpen.How.SAME)
                .flatMap(SeenOpen::named);
        return database.shm().flatMap(index -> Pin.lowest(index, locks.toList()));
    }
}
