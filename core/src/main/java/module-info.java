/** SQLite that stays whole wherever it is put. */
module walsafe {
    requires java.management;
    requires java.sql;
    requires static org.jspecify;

    exports walsafe.facts;
    exports walsafe.finding;
    exports walsafe.format;
    exports walsafe.policy;
// walsafe.words is ours alone.
}
