package walsafe.policy;

/** Who opens this database, as the caller says. A claim only the caller can make; walsafe never assumes the bolder. */
public enum Sharing {
    /** Nobody but this one process. */
    THIS_PROCESS("this-process", "this process alone"),
    /** Several processes of this host, all by this path. */
    ONE_HOST("one-host", "the processes of this host"),
    /** Processes of several hosts, virtual machines or kernels. */
    SEVERAL_HOSTS("several-hosts", "processes of several hosts"),
    /** Nobody said: everybody who can reach the storage. */
    UNDECLARED("undeclared", "everybody who can reach this storage");

    private final String option;
    private final String words;

    Sharing(String option, String words) {
        this.option = option;
        this.words = words;
    }

    /** As written on the command line. */
    public String option() {
        return option;
    }

    public String words() {
        return words;
    }
}
