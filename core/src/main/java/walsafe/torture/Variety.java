package walsafe.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import walsafe.policy.Mode;
import walsafe.policy.Pragma;

/**
 * What differs from round to round, and follows from the seed: SQLite writes other amounts at other places with other pages,
 * and commits otherwise over two files. A database that the guard opens stays as the plan wants it.
 */
final class Variety {
    private static final int USUAL_PAGE_BYTES = 4096;
    private static final List<Integer> PAGE_BYTES = List.of(512, 1024, 8192, 65536);
    private static final List<String> AUTO_VACUUM = List.of("none", "full", "incremental");

    private Variety() {}

    /** @param round from 1 */
    static Means of(Means means, long seed, int round) {
        if (means.guarded()) return means;
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + round);
        List<Pragma> pragmas = new ArrayList<>(); // before the others: a database that has pages keeps them
        pragmas.add(Means.pragma("page_size", String.valueOf(pageBytes(random))));
        pragmas.add(Means.pragma("auto_vacuum", AUTO_VACUUM.get(random.nextInt(AUTO_VACUUM.size()))));
        pragmas.addAll(means.pragmas());
        // A commit over two files is whole with rollback journals only (lang_attach.html).
        boolean twoFiles = means.mode() == Mode.ROLLBACK && random.nextBoolean();
        return new Means(false, means.mode(), means.vfs(), pragmas, means.local(), twoFiles);
    }

    /** Every other round has what most databases have. */
    private static int pageBytes(SplittableRandom random) {
        return random.nextBoolean() ? USUAL_PAGE_BYTES : PAGE_BYTES.get(random.nextInt(PAGE_BYTES.size()));
    }
}
