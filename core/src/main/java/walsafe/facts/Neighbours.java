package walsafe.facts;

import java.util.List;

/**
 * Who has the database open, as far as this process can see.
 *
 * @param looked could it be looked at all (Linux only)
 * @param processes those seen, in order of pid
 * @param unseenHolders locks on these files that no visible process holds
 * @param denied how many processes could not be looked into, for want of permission
 * @param complete nobody can be hidden: every process of this kernel could be looked into
 * @param signs the signs that processes using walsafe have left beside the database, wherever they run
 */
public record Neighbours(
        boolean looked,
        List<Neighbour> processes,
        List<SqliteLock> unseenHolders,
        int denied,
        boolean complete,
        List<Sign> signs) {
    /** For a platform or a place where it could not be looked at all. */
    public static final Neighbours NOT_LOOKED = new Neighbours(false, List.of(), List.of(), 0, false);

    public Neighbours {
        processes = List.copyOf(processes);
        unseenHolders = List.copyOf(unseenHolders);
        signs = List.copyOf(signs);
    }

    /** Without signs. */
    public Neighbours(
            boolean looked, List<Neighbour> processes, List<SqliteLock> unseenHolders, int denied, boolean complete) {
        this(looked, processes, unseenHolders, denied, complete, List.of());
    }

    /** The same, with those signs. */
    public Neighbours with(List<Sign> others) {
        return new Neighbours(looked, processes, unseenHolders, denied, complete, others);
    }

    /** Those seen but ourselves. */
    public List<Neighbour> others() {
        return processes.stream().filter(process -> !process.self()).toList();
    }
}
