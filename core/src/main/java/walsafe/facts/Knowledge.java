package walsafe.facts;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the tables say about a filesystem as it is mounted. The tables are {@code walsafe/filesystems.tsv} and
 * {@code walsafe/answers.tsv} in this jar; {@code docs/knowledge/README.md} explains their columns.
 *
 * <ol>
 *   <li>A filesystem answers with its own rows, and where it has none, with those of the filesystem it is like.
 *   <li>A row for a mount option that is set takes the place of the default row; of several, the most careful one.
 *   <li>What no row answers is {@link Answer#UNKNOWN}.
 * </ol>
 *
 * @param kind what sort of storage it is
 * @param reach who can reach its files
 * @param answers with the mount options considered
 */
public record Knowledge(StorageClass kind, Reach reach, Answers answers) {
    private static final Knowledge NONE = new Knowledge(StorageClass.UNKNOWN, Reach.UNKNOWN, Answers.NONE);

    /**
     * Looks a mount up. Reads two small resources of this jar and touches nothing else. Never fails for what the mount says: a filesystem that is not in the tables has no answers. What lies under it
     * (a mirrored directory that is itself a network mount, an image file) is not considered.
     *
     * @param os Java's {@code os.name}
     */
    public static Knowledge about(String os, Mount mount) {
        String system = system(os);
        for (String name : names(system, mount)) {
            List<String[]> row = KnowledgeTable.FILESYSTEMS.about(system, name);
            if (!row.isEmpty()) return of(KnownFilesystem.of(row.get(0)), mount);
        }
        return NONE;
    }

    private static Knowledge of(KnownFilesystem filesystem, Mount mount) {
        List<KnownAnswer> rows = rows(filesystem);
        Answers answers = new Answers(scope(rows, true, mount), scope(rows, false, mount));
        return new Knowledge(filesystem.kind(), filesystem.reach(), answers);
    }

    /** The names to try: the type, and for a FUSE program that is not in the tables the careful row of plain fuse. */
    private static List<String> names(String system, Mount mount) {
        if (system.equals("windows")) return List.of(windowsName(mount));
        String type = mount.type();
        boolean served = type.startsWith("fuse.") || type.startsWith("fuseblk.");
        return served ? List.of(type, "fuse") : List.of(type);
    }

    /** Windows gives the filesystem at the far end, NTFS as a rule, for a folder of another computer. */
    private static String windowsName(Mount mount) {
        String source = mount.source().toLowerCase(Locale.ROOT);
        if (source.startsWith("\\\\?\\unc\\")) source = "\\\\" + source.substring(8);
        if (source.startsWith("\\\\wsl$\\") || source.startsWith("\\\\wsl.localhost\\")) return "wsl.localhost";
        boolean device = source.startsWith("\\\\?\\") || source.startsWith("\\\\.\\");
        return source.startsWith("\\\\") && !device ? "UNC" : mount.type();
    }

    private static String system(String os) {
        if (os.startsWith("Linux")) return "linux";
        if (os.startsWith("Windows")) return "windows";
        return os.startsWith("Mac") ? "macos" : "unknown";
    }

    /** The filesystem's own rows, then those of its likeness whose place is still free. */
    private static List<KnownAnswer> rows(KnownFilesystem filesystem) {
        List<KnownAnswer> own = KnownAnswer.about(filesystem.system(), filesystem.name());
        if (filesystem.like().isEmpty()) return own;
        List<KnownAnswer> rows = new ArrayList<>(own);
        for (KnownAnswer borrowed : KnownAnswer.about(filesystem.system(), filesystem.like())) {
            if (!borrowed.hasItsPlaceTakenIn(own)) rows.add(borrowed);
        }
        return rows;
    }

    /** What the rows of one scope come to on this mount; the order of the rows does not matter. */
    static Map<Question, Answer> scope(List<KnownAnswer> rows, boolean within, Mount mount) {
        Map<Question, Answer> byDefault = new EnumMap<>(Question.class);
        Map<Question, Answer> byOption = new EnumMap<>(Question.class);
        for (KnownAnswer row : rows) {
            if (row.within() != within) continue;
            if (row.isDefault()) byDefault.put(row.question(), row.answer());
            else if (row.holdsOn(mount))
                byOption.put(row.question(), worse(byOption.get(row.question()), row.answer()));
        }
        byDefault.putAll(byOption);
        return byDefault;
    }

    private static Answer worse(@Nullable Answer before, Answer now) {
        return before == null ? now : before.and(now);
    }
}
