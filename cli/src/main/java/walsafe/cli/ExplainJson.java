package walsafe.cli;

import walsafe.finding.Explain;

/** A page of {@code walsafe explain} for scripts. */
record ExplainJson(int schemaVersion, String command, String walsafe, String asked, String title, String text) {
    static String of(String asked, Explain.Page page) {
        return Json.write(
                new ExplainJson(Json.SCHEMA_VERSION, "explain", Cli.version(), asked, page.title(), page.text()));
    }
}
