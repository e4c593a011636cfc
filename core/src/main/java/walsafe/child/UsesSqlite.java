package walsafe.child;

/** A task that works on SQLite databases of its own, never on one of the user's; it is given sqlite-jdbc's classes too. */
public interface UsesSqlite extends Task {}
