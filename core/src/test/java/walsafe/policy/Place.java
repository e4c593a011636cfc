package walsafe.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import walsafe.facts.Answer;
import walsafe.facts.Answers;
import walsafe.facts.CoherenceDomain;
import walsafe.facts.DatabaseFacts;
import walsafe.facts.Environment;
import walsafe.facts.Evidence;
import walsafe.facts.Facts;
import walsafe.facts.Host;
import walsafe.facts.Knowledge;
import walsafe.facts.Mount;
import walsafe.facts.Neighbour;
import walsafe.facts.Neighbours;
import walsafe.facts.Question;
import walsafe.facts.Reach;
import walsafe.facts.SqliteVersion;
import walsafe.facts.Storage;
import walsafe.facts.StorageClass;
import walsafe.facts.Target;
import walsafe.format.Header;
import walsafe.format.Journal;
import walsafe.format.WalIndex;
import walsafe.format.WalSummary;

/** Invents a place, from an ordinary one: a healthy database on ext4 on a disk of a bare Linux machine. */
final class Place {
    private String os = "Linux";
    private String type = "ext4";
    private String source = "/dev/sda1";
    private String point = "/";
    private String path = "/srv/shop.db";
    private List<String> options = List.of("rw", "relatime");
    private List<String> superOptions = List.of("rw");
    private Target.State state = Target.State.FILE;
    private Optional<Answers> answers = Optional.empty();
    private Optional<Reach> reach = Optional.empty();
    private StorageClass kind = StorageClass.LOCAL;
    private boolean mounted = true;
    private Storage.Found found = Storage.Found.MOUNT_ID;
    private Optional<Mount> split = Optional.empty();
    private final List<Storage.View> views = new ArrayList<>();
    private final Set<Environment> environments = EnumSet.noneOf(Environment.class);
    private DatabaseFacts.Content content = DatabaseFacts.Content.DATABASE;
    private Optional<String> looksLike = Optional.empty();
    private Optional<Header> header = Optional.of(header(1, 100));
    private OptionalLong size = OptionalLong.of(100 * 4096);
    private boolean readable = true;
    private boolean writable = true;
    private boolean directoryWritable = true;
    private int hardLinks = 1;
    private long free = 100L << 30;
    private Optional<WalSummary> wal = Optional.empty();
    private Optional<WalIndex> shm = Optional.empty();
    private Optional<Journal> journal = Optional.empty();
    private List<String> leftovers = List.of();
    private Optional<String> cloud = Optional.empty();
    private Optional<Boolean> bakedIn = Optional.empty();
    private boolean changing = false;
    private Optional<String> notRead = Optional.empty();
    private Neighbours neighbours = new Neighbours(true, List.of(), List.of(), 0, true);
    private SqliteVersion sqlite = new SqliteVersion(3, 54, 1);
    private final List<Evidence> evidence = new ArrayList<>();
    private final List<String> unseen = new ArrayList<>();

    static Place on(String type, String source, String point) {
        Place place = new Place();
        place.type = type;
        place.source = source;
        place.point = point;
        place.path = point.equals("/") ? "/srv/shop.db" : point + "/shop.db";
        return place;
    }

    static Place ordinary() {
        return new Place();
    }

    /** A storage that answers as told and whose name is in no table. */
    static Place answering(Answers answers, Reach reach) {
        Place place = on("invented", "/dev/sda1", "/");
        place.answers = Optional.of(answers);
        place.reach = Optional.of(reach);
        return place;
    }

    static Answers everyAnswer(Answer.Verdict within, Answer.Verdict across) {
        return new Answers(all(within), all(across));
    }

    private static java.util.Map<Question, Answer> all(Answer.Verdict verdict) {
        var map = new java.util.EnumMap<Question, Answer>(Question.class);
        for (Question question : Question.values()) map.put(question, new Answer(verdict, "invented", "test"));
        return map;
    }

    static Header header(int version, long pages) {
        return new Header(
                4096,
                version,
                version,
                0,
                7,
                pages,
                0,
                0,
                3,
                4,
                0,
                1,
                0,
                false,
                0,
                7,
                3054001,
                Header.PAYLOAD_FRACTIONS);
    }

    Place os(String value) {
        os = value;
        return this;
    }

    Place path(String value) {
        path = value;
        return this;
    }

    Place superOptions(String... values) {
        superOptions = Arrays.asList(values);
        return this;
    }

    Place options(String... values) {
        options = Arrays.asList(values);
        return this;
    }

    Place state(Target.State value) {
        state = value;
        return this;
    }

    Place in(Environment... values) {
        environments.addAll(Arrays.asList(values));
        return this;
    }

    Place view(String where, String relation) {
        views.add(new Storage.View(where, mount("fuse", "/srv", "/mnt/view"), relation));
        return this;
    }

    Place notMounted() {
        mounted = false;
        found = Storage.Found.NOT_FOUND;
        return this;
    }

    Place found(Storage.Found value) {
        found = value;
        return this;
    }

    Place splitOff() {
        split = Optional.of(mount("ext4", "/dev/sda1", path));
        return this;
    }

    /** In WAL mode, with nothing in the -wal. */
    Place walMode() {
        header = Optional.of(header(2, 100));
        return this;
    }

    Place wal(long frames, Optional<Boolean> belongs, String because) {
        long bytes = frames == 0 ? 0 : 32 + frames * 4120;
        wal = Optional.of(
                new WalSummary(bytes, frames == 0 ? 0 : 4096, 1, 2, 0, frames, frames, 100, true, belongs, because));
        return this;
    }

    /** Of fewer pages than the database has now: after VACUUM, or of another database of like history. */
    Place walOfPages(long pages) {
        wal = Optional.of(new WalSummary(
                32 + 53 * 4120, 4096, 1, 2, 0, 53, 53, pages, true, Optional.of(true), "its change counters fit"));
        return this;
    }

    Place walBytes(long bytes) {
        wal = Optional.of(
                new WalSummary(bytes, 4096, 1, 2, 0, 100, 100, 100, false, Optional.of(true), "its pages fit"));
        return this;
    }

    Place shm(long maxFrame, long backfilled, Long... marks) {
        shm = Optional.of(new WalIndex(true, maxFrame, backfilled, Arrays.asList(marks), 1, 2));
        return this;
    }

    /** Shorter than its header says, which for a database at rest is damage. */
    Place cutOff() {
        size = OptionalLong.of(90 * 4096);
        return this;
    }

    /** Written to while it was being looked at, by somebody not seen. */
    Place changing() {
        changing = true;
        return this;
    }

    Place hotJournal() {
        journal = Optional.of(new Journal(12_824, true, 3, 100, 4096, Optional.empty(), false));
        return this;
    }

    Place journalOf(String superJournal, boolean exists) {
        journal = Optional.of(new Journal(12_824, true, 3, 100, 4096, Optional.of(superJournal), exists));
        return this;
    }

    Place holding(DatabaseFacts.Content value) {
        content = value;
        header = Optional.empty();
        if (value == DatabaseFacts.Content.EMPTY) size = OptionalLong.of(0);
        if (value == DatabaseFacts.Content.NONE) {
            size = OptionalLong.empty();
            state = Target.State.MISSING;
            hardLinks = 0;
        }
        return this;
    }

    Place looksLike(String value) {
        looksLike = Optional.of(value);
        return this;
    }

    Place notRead(String why) {
        holding(DatabaseFacts.Content.NOT_READ);
        notRead = Optional.of(why);
        return this;
    }

    Place cutTo(long pages) {
        size = OptionalLong.of(pages * 4096);
        return this;
    }

    Place writtenBy(int number) {
        header = header.map(old -> new Header(
                4096,
                old.writeVersion(),
                old.readVersion(),
                0,
                7,
                100,
                0,
                0,
                3,
                4,
                0,
                1,
                0,
                false,
                0,
                7,
                number,
                Header.PAYLOAD_FRACTIONS));
        return this;
    }

    Place hardLinks(int value) {
        hardLinks = value;
        return this;
    }

    Place free(long bytes) {
        free = bytes;
        return this;
    }

    Place leftovers(String... names) {
        leftovers = Arrays.asList(names);
        return this;
    }

    Place cloud(String program) {
        cloud = Optional.of(program);
        return this;
    }

    Place bakedIn() {
        bakedIn = Optional.of(true);
        return this;
    }

    Place readableOnly() {
        writable = false;
        directoryWritable = false;
        return this;
    }

    /** A file that only others may read. */
    Place unreadable() {
        content = DatabaseFacts.Content.NOT_READ;
        header = Optional.empty();
        notRead = Optional.of("it could not be read: Permission denied");
        readable = false;
        return readableOnly();
    }

    Place sqlite(int minor, int patch) {
        sqlite = new SqliteVersion(3, minor, patch);
        return this;
    }

    Place tried(Evidence.Scope scope, Question question, Answer.Verdict verdict) {
        Answer answer = new Answer(verdict, "an invented experiment saw it", "probe invented");
        evidence.add(new Evidence(question, scope, "something was tried", answer));
        return this;
    }

    Place unseen(String clause) {
        unseen.add(clause);
        return this;
    }

    Place neighbours(Neighbours value) {
        neighbours = value;
        return this;
    }

    Place with(Neighbour... others) {
        neighbours = new Neighbours(true, Arrays.asList(others), List.of(), 0, true);
        return this;
    }

    String path() {
        return path;
    }

    Facts facts() {
        Mount mount = mount(type, source, point);
        Knowledge knowledge = Knowledge.about(os, mount);
        boolean known = answers.isEmpty();
        Storage storage = new Storage(
                mounted ? Optional.of(mount) : Optional.empty(),
                found,
                mounted ? (known ? knowledge.kind() : kind) : StorageClass.UNKNOWN,
                mounted ? reach.orElse(knowledge.reach()) : Reach.UNKNOWN,
                mounted ? answers.orElse(knowledge.answers()) : Answers.NONE,
                split,
                views,
                source.startsWith("/dev/"));
        return new Facts(
                target(),
                storage,
                Optional.of(new CoherenceDomain("boot-1", "8:1", 2049, 42, 2, "shop.db-wal")),
                host(),
                database(),
                neighbours,
                Optional.of(sqlite),
                evidence,
                unseen);
    }

    private Target target() {
        Optional<String> database = state == Target.State.MEMORY ? Optional.empty() : Optional.of(path);
        return new Target(path, database, state, List.of(), List.of());
    }

    private Host host() {
        return new Host(
                os,
                "6.1.0",
                "amd64",
                true,
                4096,
                Optional.of("boot-1"),
                false,
                Optional.of("pid:[4026531836]"),
                true,
                Optional.of("host"),
                environments,
                List.of());
    }

    private Mount mount(String ofType, String from, String at) {
        return new Mount(36, "8:1", "/", at, ofType, from, options, superOptions);
    }

    private DatabaseFacts database() {
        return new DatabaseFacts(
                content,
                looksLike,
                header,
                size,
                Optional.of("2026-11-20T08:00:00Z"),
                Optional.of("rw-r--r--"),
                Optional.of("app"),
                readable,
                writable,
                directoryWritable,
                hardLinks,
                OptionalLong.of(free),
                OptionalLong.of(200L << 30),
                wal,
                shm,
                journal,
                leftovers,
                cloud,
                bakedIn,
                changing,
                Optional.empty(),
                notRead);
    }
}
