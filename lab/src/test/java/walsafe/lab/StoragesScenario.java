package walsafe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import walsafe.lab.inside.Bare;
import walsafe.lab.inside.Load;

/**
 * The ground truth: two sides use one database at once, on each kind of storage. What the doctor says is written down; bare
 * SQLite is run with a rollback journal and in WAL mode; then both open it by walsafe. What was acknowledged is looked for
 * where the storage really lies. walsafe must refuse or lose nothing; the bare programs must be seen to fail where every run
 * that was ever made saw them fail, or the lab proves nothing.
 */
@Timeout(3600)
class StoragesScenario extends Scenario {
    private static final int SECONDS = Integer.getInteger("lab.seconds", 5);
    private static final int RUNS = Integer.getInteger("lab.runs", 1);
    /** What is done; "peer", the probe across two hosts, takes minutes for each storage. What is not done again stays. */
    private static final String STEPS = System.getProperty("lab.steps", "doctor|bare|walsafe");

    private static final String STORAGES = System.getProperty("lab.storages", ".*");
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** For a program that comes to a gate, or never will. */
    private static final String WAIT =
            "tries=0; until [ -e %1$s-ready ] || [ $tries -gt 900 ]; do sleep 0.2; tries=$((tries+1)); done";

    private static final String COUNT = """
        for db in %s; do
          echo "database $db"
          echo "integrity $(timeout 60 sqlite3 "$db" 'PRAGMA integrity_check(1)' 2>&1 | head -1)"
          timeout 60 sqlite3 "$db" "SELECT 'row ' || host || ' ' || number FROM message NOT INDEXED" 2>&1
        done; true
        """;

    private static final String NEXT = "= next =";
    private static final List<String> JOURNALS = List.of("truncate", "wal");

    /** Where two sides have failed with WAL in each run of a few seconds that was ever made. */
    private static final Set<Scene> NEVER_WITH_WAL = EnumSet.of(
            Scene.NFS42,
            Scene.NFS3_NOLOCK,
            Scene.HOSTFS,
            Scene.HOSTFS_AND_HOST,
            Scene.VIRTIOFS,
            Scene.VIRTIOFS_POSIX_LOCK,
            Scene.BINDFS);

    private final List<String> wrong = new ArrayList<>();

    /** Which scenes share a lab. */
    enum Kernels {
        ONE,
        SEVERAL;

        List<Scene> scenes() {
            return Stream.of(Scene.values())
                    .filter(scene -> (this == SEVERAL) == scene.betweenKernels())
                    .filter(scene -> scene.label().matches(STORAGES)
                            || scene.note().substring(5).matches(STORAGES))
                    .filter(scene -> scene.share().whyNot().isEmpty())
                    .toList();
        }
    }

    static List<Kernels> labs() {
        return Stream.of(Kernels.values())
                .filter(kernels -> !kernels.scenes().isEmpty())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("labs")
    void whereTwoSidesFail_walsafeRefusesOrLosesNothing(Kernels kernels) throws Exception {
        List<Scene> scenes = kernels.scenes();
        Share[] shares = scenes.stream().map(Scene::share).distinct().toArray(Share[]::new);
        try (Lab lab = Lab.setUp()) {
            Map<String, Guest> guests = new HashMap<>();
            if (kernels == Kernels.SEVERAL) guests.put("s", lab.server(shares));
            List<Guest> hosts = lab.hosts(kernels == Kernels.SEVERAL ? 2 : 1, shares);
            for (int i = 0; i < hosts.size(); i++) guests.put(String.valueOf((char) ('a' + i)), hosts.get(i));

            for (Scene scene : scenes) attempt(scene, new Note(scene), new Contest(lab, guests, scene));
        }

        assertThat(wrong).isEmpty();
    }

    @AfterEach
    void tellWhatWasWrong() throws IOException {
        for (String what : wrong) tell("WRONG: " + what);
    }

    /** One storage that hangs does not keep the others from being tried. */
    private void attempt(Scene scene, Note note, Contest contest) throws IOException {
        try {
            if (wanted("doctor")) note.write(contest.doctor());
            if (wanted("bare") || wanted("walsafe")) note.write(contest.runs());
            if (wanted("peer") && scene.sides() == Scene.Sides.TWO_GUESTS) note.write(List.of(contest.peer()));
            List<Row> rows = note.rows();
            Agreement agreement = Agreement.of(rows);
            tell(scene.label() + ", " + scene.sides().words() + ": " + agreement.words());
            if (agreement == Agreement.FALSE_SAFE || agreement == Agreement.FALSE_UNSAFE)
                wrong.add(scene + ": " + agreement + "\n" + lines(rows));
            if (NEVER_WITH_WAL.contains(scene) && Agreement.truth(Agreement.bare(rows, "wal")) == Agreement.Truth.CLEAN)
                wrong.add(scene + " was not seen to fail with WAL, so these runs prove nothing\n" + lines(rows));
        } catch (IllegalStateException hung) {
            wrong.add(scene + ": " + hung);
        }
    }

    private static boolean wanted(String step) {
        return step.matches(STEPS);
    }

    private static String lines(List<Row> rows) {
        return rows.stream().map(Row::line).collect(Collectors.joining("\n"));
    }

    /** What was seen, in the folder of a note. */
    private static final class Note {
        /** The heading of what is said of the machine; the probe across two hosts is run by itself. */
        private static final String THE_RUN = STEPS.equals("peer") ? "## The two-host probe" : "## The run";

        private static final List<String> ORDER = List.of("doctor", "bare", "walsafe", "peer");

        private final Path folder;
        private final Scene scene;

        Note(Scene scene) {
            this.folder = Lab.home()
                    .resolve(System.getProperty("lab.notes", "target/notes"))
                    .resolve(scene.note());
            this.scene = scene;
        }

        /** What is known of this scene. */
        List<Row> rows() throws IOException {
            return read().stream()
                    .filter(row -> row.storage().equals(scene.label()))
                    .toList();
        }

        private List<Row> read() throws IOException {
            Path results = folder.resolve("result.tsv");
            if (!Files.exists(results)) return List.of();
            return Files.readAllLines(results).stream().skip(1).map(Row::of).toList();
        }

        /** Rows of other scenes stay, and of this one the steps that were not taken again. */
        void write(List<Row> fresh) throws IOException {
            Set<String> again = fresh.stream().map(Row::step).collect(Collectors.toSet());
            List<Row> rows = new ArrayList<>(fresh);
            for (Row row : read())
                if (!row.storage().equals(scene.label()) || !again.contains(row.step())) rows.add(row);
            rows.sort(Comparator.comparing((Row row) -> place(row.storage()))
                    .thenComparing(row -> ORDER.indexOf(row.step())));

            Files.createDirectories(folder);
            String lines = rows.stream().map(row -> row.line() + "\n").collect(Collectors.joining());
            Files.writeString(folder.resolve("result.tsv"), Row.HEADING + "\n" + lines);
            Path readme = folder.resolve("README.md");
            String before = Files.exists(readme) ? Files.readString(readme) : "";
            Files.writeString(readme, withTheRun(before.isEmpty() ? "" : before.strip() + "\n"));
        }

        /** In the place of the section of that heading, or behind the others. */
        private String withTheRun(String readme) throws IOException {
            int start = readme.indexOf(THE_RUN + "\n");
            int end = start < 0 ? -1 : readme.indexOf("\n## ", start);
            String before = start < 0 ? readme + "\n" : readme.substring(0, start);
            String after = end < 0 ? "" : readme.substring(end);
            return before + THE_RUN + "\n\n" + theRun() + after;
        }

        private static int place(String storage) {
            return Stream.of(Scene.values()).map(Scene::label).toList().indexOf(storage);
        }

        private String theRun() throws IOException {
            String processor = Lab.processor().orElse("unknown processor");
            String load = Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
            return today() + ". " + processor + ", " + Runtime.getRuntime().availableProcessors()
                    + " cores of a virtual machine, Linux "
                    + System.getProperty("os.version").replaceFirst("-.*", "") + ", load " + load + "; guests: "
                    + Lab.guestVersion()
                    + "; Java " + System.getProperty("java.version") + ".\n\n```sh\nlab/run Storages -Dlab.storages='"
                    + STORAGES + "' -Dlab.seconds=" + SECONDS + " -Dlab.runs=" + RUNS + " -Dlab.steps='" + STEPS + "'"
                    + "\n```\n";
        }
    }

    private static String today() {
        return LocalDate.now(ZoneOffset.UTC).toString();
    }

    /** Somewhere a command can be run, and the path by which the storage is reached there. */
    private record Side(String name, String place, Starter starter) {
        Guest.Job start(String command) throws IOException {
            return starter.start(command);
        }

        Outcome run(String command) throws IOException {
            return start(command).await(PATIENCE);
        }

        /** Files of this storage, as this side names them. */
        String at(List<String> names) {
            return names.stream().map(name -> place + "/" + name).collect(Collectors.joining(","));
        }
    }

    @FunctionalInterface
    private interface Starter {
        Guest.Job start(String command) throws IOException;
    }

    /** Two sides and the storage in which they meet. */
    private record Contest(Lab lab, Map<String, Guest> guests, Scene scene) {
        List<Row> runs() throws IOException {
            create();
            List<Outcome> ends = load();
            Outcome count = counted();
            List<Row> rows = new ArrayList<>();
            for (String journal : JOURNALS) rows.addAll(bare(journal, ends, count));
            rows.add(walsafe(ends, count));
            return rows;
        }

        Row peer() {
            TwoHostProbe probe = TwoHostProbe.of(List.of(guest("a"), guest("b")), scene.share());
            String mode = probe.mode().toLowerCase(Locale.ROOT).replace('_', '-');
            String says = probe.words().replaceAll("\\s+", " ").strip();
            return row("peer", "both", scene.sides().sharing(), "-", says, Row.cell(mode), -1, -1, -1, "-", "-");
        }

        private Guest guest(String name) {
            return Objects.requireNonNull(guests.get(name), name);
        }

        private List<String> databases(String journal) {
            return IntStream.rangeClosed(1, RUNS)
                    .mapToObj(run -> journal + "-" + run + "-" + scene.label() + ".db")
                    .toList();
        }

        private String safe() {
            return "walsafe-" + scene.label() + ".db";
        }

        private List<String> all() {
            return Stream.concat(JOURNALS.stream().flatMap(journal -> databases(journal).stream()), Stream.of(safe()))
                    .toList();
        }

        private List<Side> sides() {
            Share share = scene.share();
            Side a = in("a", share.place(), "a");
            return switch (scene.sides()) {
                case ONE_MOUNT -> List.of(a, in("b", share.place(), "a"));
                case TWO_VIEWS -> List.of(a, in("b", share.origin(lab).toString(), "a"));
                case TWO_GUESTS -> List.of(a, in("b", share.place(), "b"));
                case GUEST_AND_HOST -> List.of(a, here("b"));
            };
        }

        private Side in(String name, String place, String guest) {
            return new Side(name, place, command -> guest(guest).start(command));
        }

        /** This machine itself, in the lab's own namespaces, with which it ends. */
        private Side here(String name) {
            return new Side(name, scene.share().origin(lab).toString(), this::startHere);
        }

        private Guest.Job startHere(String command) throws IOException {
            String own = "export XDG_CACHE_HOME='" + lab.folder() + "/cache'; "
                    + command.replace("/run/tmp", lab.folder().toString());
            Path output = Files.createTempFile(lab.folder(), "here", ".out");
            Process process =
                    lab.wire().start(List.of("sh", "-c", "{ " + own.replace("exec ", "") + "\n} >" + output + " 2>&1"));
            return limit -> {
                try {
                    if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                        process.destroyForcibly();
                        throw new IllegalStateException(
                                "on this machine: more than " + limit.toSeconds() + " s: " + command);
                    }
                    return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
                } catch (IOException unreadable) {
                    throw new IllegalStateException(unreadable);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(interrupted);
                }
            };
        }

        /** A third party that sees the storage as it is when all have gone. */
        private Side origin() {
            String place = scene.share().origin(lab).toString();
            if (scene.share().ofThisMachine()) return here("o");
            return in("o", place, scene.share().server() == Share.Server.NONE ? "a" : "s");
        }

        /** Of each side at once, where it has a mount of its own kind. */
        List<Row> doctor() throws IOException {
            boolean alike = scene.sides() == Scene.Sides.ONE_MOUNT || scene.sides() == Scene.Sides.TWO_GUESTS;
            List<Side> asked = alike ? sides().subList(0, 1) : sides();
            // Undeclared means everybody where other kernels reach a storage; the host of a guest does not see that
            // they do.
            List<String> sharings = scene.sides() == Scene.Sides.GUEST_AND_HOST
                    ? List.of("undeclared", scene.sides().sharing())
                    : List.of(scene.sides().sharing());
            List<Guest.Job> jobs = new ArrayList<>();
            for (Side side : asked) {
                jobs.add(side.start(sharings.stream()
                        .map(sharing -> doctor(side, sharing))
                        .collect(Collectors.joining("; echo " + NEXT + "; "))));
            }
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < jobs.size(); i++) {
                String[] reports = jobs.get(i).await(PATIENCE).output().split(NEXT, -1);
                for (int j = 0; j < sharings.size(); j++) rows.add(doctor(asked.get(i), sharings.get(j), reports[j]));
            }
            return rows;
        }

        private static String doctor(Side side, String sharing) {
            String claim = sharing.equals("undeclared") ? "" : "--sharing " + sharing;
            String command =
                    java(MAIN, "doctor", "--timeout", "60", "--format", "json", claim, side.place() + "/shop.db");
            return bounded(120, command).replaceFirst("^exec ", "");
        }

        private Row doctor(Side side, String sharing, String said) {
            JsonNode report = json(said);
            JsonNode plan = report.path("plan");
            String findings = report.path("findings")
                    .valueStream()
                    .map(finding -> finding.path("id").asString())
                    .distinct()
                    .collect(Collectors.joining(" "));
            String type = report.path("facts")
                    .path("storage")
                    .path("mount")
                    .path("type")
                    .asString();
            return row(
                    "doctor",
                    side.name(),
                    sharing,
                    type,
                    report.path("verdict").asString(),
                    plan.path("open").asBoolean() ? plan.path("mode").asString() : "refuse",
                    -1,
                    -1,
                    -1,
                    "-",
                    findings);
        }

        private static JsonNode json(String said) {
            int start = said.indexOf('{');
            if (start < 0) throw new IllegalStateException("the doctor said " + said);
            return JsonMapper.shared().readTree(said.substring(start));
        }

        private List<Row> bare(String journal, List<Outcome> ends, Outcome count) {
            List<Row> rows = new ArrayList<>();
            for (String database : databases(journal)) {
                Run run = Run.of(ends, count, database);
                int number = rows.size() + 1;
                rows.add(row(
                        "bare",
                        "both",
                        "-",
                        "-",
                        "-",
                        journal,
                        number,
                        run.acknowledged(),
                        run.lost(),
                        run.integrity(),
                        run.errors()));
            }
            return rows;
        }

        private Row walsafe(List<Outcome> ends, Outcome count) {
            Run run = Run.of(ends, count, safe());
            String modes = ends.stream().map(Run::opened).distinct().collect(Collectors.joining(", "));
            String sharing = scene.sides().sharing();
            return row(
                    "walsafe",
                    "both",
                    sharing,
                    "-",
                    "-",
                    modes,
                    1,
                    run.acknowledged(),
                    run.lost(),
                    run.integrity(),
                    run.errors());
        }

        private void create() throws IOException {
            Side origin = origin();
            StringBuilder script = new StringBuilder("set -e\n").append(create(origin, safe(), "delete"));
            for (String journal : JOURNALS)
                for (String name : databases(journal)) script.append(create(origin, name, journal));
            origin.run(script.toString()).orFail("making databases");
        }

        private static String create(Side origin, String name, String journal) {
            return "sqlite3 '" + origin.at(List.of(name)) + "' 'PRAGMA journal_mode = " + journal + "; " + Bare.TABLE
                    + "'\n";
        }

        /** By a SQLite that took no part. What stands before an error is counted. */
        private Outcome counted() throws IOException {
            Side origin = origin();
            return origin.run(COUNT.replace("%s", origin.at(all()).replace(',', ' ')))
                    .orFail("counting " + all());
        }

        /** Starts one program on each side, and lets both through each gate when both have come there. */
        private List<Outcome> load() throws IOException {
            int limit = 2 * RUNS * (SECONDS + 10) + SECONDS + 400;
            List<Guest.Job> jobs = new ArrayList<>();
            for (Side side : sides()) jobs.add(side.start(bounded(limit, load(side))));
            for (String gate : List.of("truncate", "walsafe", "opened", "wal")) {
                for (Side side : sides()) side.run(WAIT.replace("%1$s", gate(side) + "-" + gate));
                for (Side side : sides()) side.run("touch " + gate(side) + "-" + gate + "-go");
            }
            return jobs.stream()
                    .map(job -> job.await(Duration.ofSeconds(limit + 60L)))
                    .toList();
        }

        private String load(Side side) {
            return java(
                    Load.class,
                    side.name(),
                    SECONDS + "",
                    gate(side),
                    scene.sides().sharing(),
                    side.at(databases("truncate")),
                    side.at(List.of(safe())),
                    side.at(databases("wal")));
        }

        private String gate(Side side) {
            return "/run/tmp/" + scene.label() + "-" + side.name();
        }

        private static String bounded(int seconds, String command) {
            return command.replaceFirst("^exec ", "exec timeout -s KILL " + seconds + " ");
        }

        private Row row(
                String step,
                String side,
                String sharing,
                String filesystem,
                String says,
                String mode,
                int run,
                int acknowledged,
                int lost,
                String integrity,
                String errors) {
            return new Row(
                    today(),
                    scene.label(),
                    scene.sides().words(),
                    step,
                    side,
                    sharing,
                    filesystem,
                    says,
                    mode,
                    run,
                    acknowledged,
                    lost,
                    Row.cell(integrity),
                    Row.cell(errors));
        }
    }
}
