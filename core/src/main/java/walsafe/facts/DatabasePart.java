package walsafe.facts;

/** One of the files that a database is made of. */
public enum DatabasePart {
    DATABASE(""),
    WAL("-wal"),
    SHM("-shm"),
    JOURNAL("-journal");

    private final String suffix;

    DatabasePart(String suffix) {
        this.suffix = suffix;
    }

    /** What SQLite appends to the database's name. */
    public String suffix() {
        return suffix;
    }

    /** As people are told of it: {@code database}, {@code -wal}. */
    public String words() {
        return this == DATABASE ? "database" : suffix;
    }
}
