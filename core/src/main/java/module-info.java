/** SQLite that stays whole wherever it is put. */
module walsafe {
    requires java.management;
    requires transitive java.sql;
    requires org.xerial.sqlitejdbc;
    requires static org.jspecify;

    exports walsafe;
    exports walsafe.custody;
    exports walsafe.facts;
    exports walsafe.finding;
    exports walsafe.format;
    exports walsafe.guard;
    exports walsafe.peer;
    exports walsafe.policy;
    exports walsafe.probe;
    exports walsafe.torture;
    exports walsafe.transfer;
// walsafe.child, walsafe.sidecar and walsafe.words are ours alone.
}
