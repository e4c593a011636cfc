package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;

/** Every recipe is pasted into the real thing, and SQLite is asked what it has made of it. */
class RecipeTest {
    private static final String ODD = "it's \"odd\" 100% #1?&ü.db";

    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void aDatabaseThatHasOtherSettings() throws SQLException {
        for (String name : List.of("shop.db", "odd.db")) {
            try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(name));
                    Statement sql = db.createStatement()) {
                sql.executeUpdate("CREATE TABLE item(name)");
            }
        }
        assertThat(folder.resolve("odd.db")
                        .toFile()
                        .renameTo(folder.resolve(ODD).toFile()))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.db", ODD})
    void pythonTakesAllSettings(String name) throws Exception {
        String recipe = line("Python", path(name), wal());
        String ask = "; print([db.execute('PRAGMA ' + p).fetchone()[0] for p in"
                + " ('busy_timeout','journal_mode','synchronous')])";

        assertThat(run("python3", "-c", "import sqlite3; " + recipe + ask)).isEqualTo("[4321, 'wal', 2]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.db", ODD})
    void pythonTakesTheVfs(String name) throws Exception {
        String recipe = line("Python", path(name), dotfile());
        String hold = "; db.execute('BEGIN EXCLUSIVE'); import os; print(os.path.exists("
                + Quote.literal(path(name) + ".lock") + "))";

        assertThat(run("python3", "-c", "import sqlite3; " + recipe + hold)).isEqualTo("True");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.db", ODD})
    void theShellTakesAllSettings(String name) throws Exception {
        String ask = " 'PRAGMA busy_timeout; PRAGMA journal_mode; PRAGMA synchronous;'";

        String told = run("sh", "-c", line("sqlite3", path(name), wal()) + ask);

        assertThat(told).endsWith("4321\nwal\n2");
    }

    @Test
    void theShellOpensAsImmutable() throws Exception {
        Plan.Open plan = new Plan.Open(Mode.READ_ONLY, "", List.of(), List.of(), List.of(), List.of());

        String told = run("sh", "-c", line("sqlite3", path(ODD), plan) + " 'INSERT INTO item VALUES (1)' 2>&1 || true");

        assertThat(told).contains("readonly");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.db", ODD})
    void jdbcTakesAllSettings(String name) throws Exception {
        List<String> lines = recipe("JDBC", path(name), wal()).lines();

        try (Connection db = DriverManager.getConnection(literal(lines.get(0)));
                Statement set = db.createStatement()) {
            set.executeUpdate(literal(lines.get(1)));

            assertThat(answer(db, "busy_timeout")).isEqualTo("4321");
            assertThat(answer(db, "journal_mode")).isEqualTo("wal");
            assertThat(answer(db, "synchronous")).isEqualTo("2");
        }
        assertThat(files()).containsExactlyInAnyOrder("shop.db", ODD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.db", ODD})
    void jdbcTakesTheVfs(String name) throws Exception {
        List<String> lines = recipe("JDBC", path(name), dotfile()).lines();

        try (Connection db = DriverManager.getConnection(literal(lines.get(0)));
                Statement set = db.createStatement()) {
            set.executeUpdate(literal(lines.get(1)));
            set.executeUpdate("BEGIN EXCLUSIVE");

            assertThat(Path.of(path(name) + ".lock")).exists();
            set.executeUpdate("ROLLBACK");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.db", ODD})
    void nodeTakesAllSettings(String name) throws Exception {
        String told = node(
                line("node:sqlite", path(name), wal())
                        + "; console.log(db.prepare('PRAGMA journal_mode').get().journal_mode,"
                        + " db.prepare('PRAGMA busy_timeout').get().timeout, db.prepare('PRAGMA synchronous').get().synchronous)");

        assertThat(told).endsWith("wal 4321 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.db", ODD})
    void nodeTakesTheVfs(String name) throws Exception {
        String told = node(line("node:sqlite", path(name), dotfile()) + "; db.exec('BEGIN EXCLUSIVE');"
                + " console.log(require('fs').existsSync(" + Quote.literal(path(name) + ".lock") + "))");

        assertThat(told).endsWith("true");
    }

    private String node(String script) throws IOException, InterruptedException {
        return run(Node.withSqlite(), "-e", "const { DatabaseSync } = require('node:sqlite'); " + script);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static Plan.Open wal() {
        return new Plan.Open(
                Mode.WAL,
                "",
                List.of(
                        new Pragma("busy_timeout", "4321", "x"),
                        new Pragma("journal_mode", "wal", "x"),
                        new Pragma("synchronous", "full", "x")),
                List.of(),
                List.of(),
                List.of());
    }

    private static Plan.Open dotfile() {
        return new Plan.Open(
                Mode.ROLLBACK_DOTFILE,
                "unix-dotfile",
                List.of(new Pragma("journal_mode", "truncate", "x")),
                List.of(),
                List.of(),
                List.of());
    }

    private static Recipe recipe(String title, String path, Plan.Open plan) {
        return Recipe.all(path, plan).stream()
                .filter(recipe -> recipe.title().startsWith(title))
                .findFirst()
                .orElseThrow();
    }

    private static String line(String title, String path, Plan.Open plan) {
        return recipe(title, path, plan).lines().get(0);
    }

    /** The value of the one string literal in a line of Java, as a compiler would read it. */
    private static String literal(String line) {
        String quoted = line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'));
        return quoted.translateEscapes();
    }

    private static String answer(Connection db, String pragma) throws SQLException {
        try (Statement sql = db.createStatement();
                ResultSet rows = sql.executeQuery("PRAGMA " + pragma)) {
            return rows.getString(1);
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("errors", ".txt");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        return told.strip();
    }
}
