package walsafe.torture;

/** Where in its work a process is stopped or killed. */
enum Point {
    /** Wherever it is. */
    ANYWHERE,
    /** It has the write lock and has written its rows, and waits. */
    WRITING,
    /** On its way into COMMIT. */
    COMMITTING,
    /** It holds a snapshot. */
    READING,
    /** On its way into a checkpoint. */
    CHECKPOINTING,
    /** On its way into VACUUM. */
    VACUUMING
}
