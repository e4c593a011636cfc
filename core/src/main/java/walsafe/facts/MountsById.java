package walsafe.facts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** The mounts of one mount namespace by their ids (proc_pid_mountinfo(5)). */
record MountsById(Map<Integer, Mount> mounts) {
    MountsById {
        mounts = Map.copyOf(mounts);
    }

    /** What {@code process}, a pid or {@code self}, sees. */
    static MountsById of(Procfs proc, String process) {
        Map<Integer, Mount> mounts = new HashMap<>();
        for (String line : proc.lines(process + "/mountinfo")) {
            parse(line).ifPresent(mount -> mounts.put(mount.id(), mount));
        }
        return new MountsById(mounts);
    }

    Optional<Mount> get(OptionalInt id) {
        return id.isPresent() ? Optional.ofNullable(mounts.get(id.getAsInt())) : Optional.empty();
    }

    /** Other names that these files have here, because a file itself is mounted: {@code docker -v app.db:/prod.db}. */
    Set<String> fileMountNames(Set<String> baseNames) {
        return mounts.values().stream()
                .filter(mount -> baseNames.contains(SoughtFile.baseName(mount.root())))
                .map(mount -> SoughtFile.baseName(mount.point()))
                .collect(Collectors.toSet());
    }

    /** Fields 1, 3, 4, 5, and after the separator type and source; the optional fields between vary in number. */
    private static Optional<Mount> parse(String line) {
        int separator = line.indexOf(" - ");
        String[] words = line.split(" ", -1);
        if (separator < 0 || words.length < 10 || !words[0].matches("\\d{1,9}")) return Optional.empty();
        String[] tail = line.substring(separator + 3).split(" ", -1);
        if (tail.length < 2) return Optional.empty();
        return Optional.of(new Mount(
                Integer.parseInt(words[0]),
                words[2],
                Procfs.unescaped(words[3]),
                Procfs.unescaped(words[4]),
                tail[0],
                Procfs.unescaped(tail[1]),
                Mount.split(words[5]),
                tail.length > 2 ? Mount.split(tail[2]) : List.of()));
    }
}
