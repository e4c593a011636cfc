package walsafe.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;
import walsafe.words.Shell;

/**
 * How to open a database as planned, in one language. Each form was run: many that look right set nothing. Java's {@code
 * Statement.execute} runs the first of several statements only, better-sqlite3 reads no URI, sqlite-jdbc takes a
 * misspelt value in its URL without a word.
 *
 * @param title what to paste it into
 * @param lines to paste
 */
record Recipe(String title, List<String> lines) {
    Recipe {
        lines = List.copyOf(lines);
    }

    static List<Recipe> all(String path, Plan.Open plan) {
        String sql = plan.pragmas().stream().map(Pragma::sql).collect(Collectors.joining(" "));
        String parameters = parameters(plan);
        boolean plain = parameters.isEmpty();
        String name = Quote.literal(plain ? path : Quote.uri(path) + parameters);
        List<Recipe> recipes = new ArrayList<>();
        recipes.add(new Recipe("SQL", plan.pragmas().stream().map(Pragma::sql).toList()));
        recipes.add(shell(plain ? path : Quote.uri(path) + parameters, sql));
        recipes.add(python(name, sql, plain));
        recipes.add(node(plain ? name : "new URL(" + Quote.literal(url(path) + parameters) + ")", sql));
        if (plain) recipes.add(better(name, sql));
        recipes.add(jdbc(path, parameters, sql));
        return recipes.stream().filter(recipe -> !recipe.lines().isEmpty()).toList();
    }

    /** What only a URI can say: the VFS, and that nothing will ever change (sqlite.org/uri.html, section 3.3). */
    private static String parameters(Plan.Open plan) {
        List<String> parameters = new ArrayList<>();
        if (!plan.vfs().isEmpty()) parameters.add("vfs=" + plan.vfs());
        if (plan.mode() == Mode.READ_ONLY) parameters.add("mode=ro&immutable=1");
        return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    }

    private static Recipe shell(String name, String sql) {
        return new Recipe("sqlite3", List.of("sqlite3 -cmd " + Shell.quote(sql) + " " + Shell.quote(name)));
    }

    private static Recipe python(String name, String sql, boolean plain) {
        String uri = plain ? "" : ", uri=True";
        return new Recipe(
                "Python",
                List.of("db = sqlite3.connect(" + name + uri + "); db.executescript(" + Quote.literal(sql) + ")"));
    }

    private static Recipe node(String name, String sql) {
        return new Recipe(
                "node:sqlite",
                List.of("const db = new DatabaseSync(" + name + "); db.exec(" + Quote.literal(sql) + ")"));
    }

    /** Its SQLite is built without URIs, so it can neither choose a VFS nor open a file as immutable. */
    private static Recipe better(String name, String sql) {
        return new Recipe(
                "better-sqlite3",
                List.of("const db = new Database(" + name + "); db.exec(" + Quote.literal(sql) + ")"));
    }

    private static Recipe jdbc(String path, String parameters, String sql) {
        boolean plain = parameters.isEmpty() && path.equals(Quote.uri(path).substring("file:".length()));
        String url = Quote.literal("jdbc:sqlite:" + (plain ? path : Quote.uri(path) + parameters));
        return new Recipe(
                "JDBC (executeUpdate runs them all, execute only the first)",
                List.of(
                        "Connection db = DriverManager.getConnection(" + url + ");",
                        "try (Statement set = db.createStatement()) { set.executeUpdate(" + Quote.literal(sql)
                                + "); }"));
    }

    private static String url(String path) {
        return "file://" + Quote.uri(path).substring("file:".length());
    }
}
