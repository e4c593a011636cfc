/** SQLite that stays whole wherever it is put. */
module walsafe {
    requires java.management;
    // Nothing here calls it yet. It is what makes Java load sqlite-jdbc, a provider of java.sql.Driver, as a module.
    requires java.sql;
    requires static org.jspecify;

    exports walsafe.facts;
    exports walsafe.finding;
    exports walsafe.format;
    exports walsafe.policy;
// walsafe.words is ours alone.
}
