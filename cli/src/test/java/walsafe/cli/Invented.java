package walsafe.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import walsafe.facts.Answers;
import walsafe.facts.DatabaseFacts;
import walsafe.facts.DatabasePart;
import walsafe.facts.Environment;
import walsafe.facts.Facts;
import walsafe.facts.Host;
import walsafe.facts.Mount;
import walsafe.facts.Neighbour;
import walsafe.facts.Neighbours;
import walsafe.facts.Reach;
import walsafe.facts.Sign;
import walsafe.facts.SqliteLock;
import walsafe.facts.SqliteVersion;
import walsafe.facts.Storage;
import walsafe.facts.StorageClass;
import walsafe.facts.Target;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.format.Header;
import walsafe.format.WalSummary;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;
import walsafe.policy.Mode;
import walsafe.policy.Plan;
import walsafe.policy.Pragma;
import walsafe.policy.Reason;
import walsafe.policy.Sharing;
import walsafe.policy.Verdict;

/** Diagnoses made up for the golden texts; what policy would say of these places is policy's own test. */
final class Invented {
    static final List<Pragma> WAL_PRAGMAS = List.of(
            new Pragma("busy_timeout", "5000", "a writer waits for another instead of failing at once"),
            new Pragma("journal_mode", "wal", "readers and one writer work at the same time"),
            new Pragma("synchronous", "full", "every commit survives a power cut, as was asked for by not asking"));

    private Invented() {}

    /** All well, one neighbour that writes. */
    static Diagnosis safe() {
        Plan.Open plan = new Plan.Open(Mode.WAL, "", WAL_PRAGMAS, List.of(), List.of(), List.of());
        return new Diagnosis(
                facts("/srv/shop.db", ext4(), new Neighbours(true, List.of(python()), List.of(), 0, true)),
                Intent.DEFAULT,
                Verdict.SAFE,
                "/srv/shop.db: WAL on ext4 (/dev/vda at /), for the processes of this host · contents not examined",
                Optional.of(plan),
                List.of(),
                List.of());
    }

    /** A network filesystem, a name that needs quotes, a claim that would help, a finding with commands. */
    static Diagnosis refused() {
        String path = "/mnt/team share/it's.db";
        Finding unsafe = new Finding(
                Problem.STORAGE_UNSAFE,
                path,
                "nfs4 mounted with nolock: locks stay on this host, and other hosts can reach the file",
                "Move the database to a local disk, or let one process alone open it.",
                "sqlite3 '/mnt/team share/it'\\''s.db' \".backup /srv/shop.db\"");
        Reason reason = new Reason(
                "rollback-needs-locks",
                EnumSet.of(Mode.ROLLBACK, Mode.WAL),
                "locks of one host are not seen by another, because the mount has the option nolock",
                "nfs(5)",
                true);
        Reason doubt = new Reason(
                "one-process-alone",
                EnumSet.of(Mode.WAL_ALONE),
                "nobody has said that one process alone opens it",
                "the command line",
                false);
        return new Diagnosis(
                facts(path, nfs(), new Neighbours(true, List.of(), List.of(writeLock()), 3, false, List.of(sign()))),
                Intent.DEFAULT,
                Verdict.UNSAFE,
                path + ": nfs4 without locks, for everybody who can reach it · contents not examined",
                Optional.of(new Plan.Refuse(unsafe, List.of(reason, doubt))),
                List.of(new Diagnosis.Alternative(Sharing.THIS_PROCESS, Mode.WAL_ALONE)),
                List.of(unsafe));
    }

    /** Safe on a condition, with another VFS, and a finding of each weight. */
    static Diagnosis conditional() {
        Plan.Open plan = new Plan.Open(
                Mode.ROLLBACK_DOTFILE,
                "unix-dotfile",
                List.of(new Pragma("journal_mode", "truncate", "no directory entry has to be synced")),
                List.of(
                        "every program opens it with vfs=unix-dotfile: programs that use the default VFS are not kept out"),
                List.of(),
                List.of(new Reason(
                        "locks-must-upgrade",
                        EnumSet.of(Mode.ROLLBACK),
                        "on SMB a process cannot turn its shared lock into an exclusive one",
                        "docs/knowledge/cifs.md",
                        true)));
        return new Diagnosis(
                facts("/mnt/nas/shop.db", smb(), Neighbours.NOT_LOOKED),
                Intent.DEFAULT,
                Verdict.SAFE_ONLY_IF,
                "/mnt/nas/shop.db: rollback journal with dot-file locks on cifs · contents not examined",
                Optional.of(plan),
                List.of(),
                List.of(
                        new Finding(Problem.MODE_UNSAFE_HERE, "/mnt/nas/shop.db", "its header says WAL", "Convert it."),
                        new Finding(Problem.WAL_LARGE, "/mnt/nas/shop.db-wal", "4.2 GiB", "Checkpoint it."),
                        new Finding(Problem.NOT_ALL_SEEN, "/proc", "3 processes", "Run it as root.")));
    }

    /** Nothing to open at all. */
    static Diagnosis memory() {
        Target target = new Target(":memory:", Optional.empty(), Target.State.MEMORY, List.of(), List.of());
        Facts facts = new Facts(
                target,
                ext4(),
                Optional.empty(),
                host(),
                DatabaseFacts.NONE,
                Neighbours.NOT_LOOKED,
                Optional.empty(),
                List.of(),
                List.of());
        return new Diagnosis(
                facts,
                Intent.DEFAULT,
                Verdict.SAFE,
                ":memory: is gone when the program ends, and nobody else can open it",
                Optional.empty(),
                List.of(),
                List.of());
    }

    static Facts facts(String path, Storage storage, Neighbours neighbours) {
        return new Facts(
                new Target(path, Optional.of(path), Target.State.FILE, List.of(), List.of()),
                storage,
                Optional.empty(),
                host(),
                database(),
                neighbours,
                Optional.of(new SqliteVersion(3, 54, 1)),
                List.of(),
                List.of());
    }

    private static Storage ext4() {
        Mount mount = new Mount(26, "254:0", "/", "/", "ext4", "/dev/vda", List.of("rw"), List.of("rw"));
        return storage(mount, StorageClass.LOCAL, Reach.THIS_SUPERBLOCK);
    }

    private static Sign sign() {
        return new Sign(
                "9c1f00de",
                "0-44",
                "4026531836",
                812,
                55_120,
                "0123456789abcdef0123456789abcdef",
                17,
                Sign.Origin.OTHER_KERNEL,
                Sign.Life.LIVES);
    }

    private static Storage nfs() {
        Mount mount = new Mount(
                61,
                "0:52",
                "/",
                "/mnt/team share",
                "nfs4",
                "files.example.org:/export/alice",
                List.of("rw"),
                List.of("rw", "nolock", "addr=192.0.2.7"));
        return storage(mount, StorageClass.NETWORK, Reach.OTHER_KERNELS);
    }

    private static Storage smb() {
        Mount mount = new Mount(
                62, "0:53", "/", "/mnt/nas", "cifs", "//nas/share", List.of("rw"), List.of("rw", "username=alice"));
        return storage(mount, StorageClass.NETWORK, Reach.OTHER_KERNELS);
    }

    private static Storage storage(Mount mount, StorageClass kind, Reach reach) {
        return new Storage(
                Optional.of(mount),
                Storage.Found.MOUNT_ID,
                kind,
                reach,
                Answers.NONE,
                Optional.empty(),
                List.of(),
                kind == StorageClass.LOCAL);
    }

    private static Host host() {
        return new Host(
                "Linux",
                "6.18.0",
                "amd64",
                true,
                4096,
                Optional.of("b3f1c1de-0000-4000-8000-000000000001"),
                false,
                Optional.of("pid:[4026531836]"),
                true,
                Optional.of("buero"),
                Set.of(Environment.VM),
                List.of());
    }

    private static DatabaseFacts database() {
        Header header = new Header(
                4096, 2, 2, 0, 17, 3149, 0, 0, 5, 4, 0, 1, 0, false, 0, 17, 3_040_001, Header.PAYLOAD_FRACTIONS);
        WalSummary wal = new WalSummary(
                4_152_992, 4096, 1, 2, 3, 1008, 1006, 3149, true, Optional.of(true), "its salts are the wal-index's");
        return new DatabaseFacts(
                DatabaseFacts.Content.DATABASE,
                Optional.empty(),
                Optional.of(header),
                OptionalLong.of(12_898_304),
                Optional.of("2026-11-20T10:00:00Z"),
                Optional.of("rw-r--r--"),
                Optional.of("alice"),
                true,
                true,
                true,
                1,
                OptionalLong.of(12_884_901_888L),
                OptionalLong.of(42_949_672_960L),
                Optional.of(wal),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.of(false),
                false,
                Optional.empty(),
                Optional.empty());
    }

    static Neighbour python() {
        return new Neighbour(
                412,
                "python3 app.py",
                Optional.of("alice"),
                Optional.of("2026-11-20T09:00:00Z"),
                EnumSet.of(DatabasePart.DATABASE, DatabasePart.WAL, DatabasePart.SHM),
                Set.of(),
                Map.of(DatabasePart.DATABASE, 1, DatabasePart.WAL, 1, DatabasePart.SHM, 1),
                List.of(
                        new SqliteLock(DatabasePart.DATABASE, "SHARED", false, 1_073_741_826L, 1_073_742_335L),
                        writeLock()),
                Optional.of(17L),
                List.of(new Neighbour.SqliteLibrary(
                        "/usr/lib/libsqlite3.so.0", Optional.of(new SqliteVersion(3, 40, 1)), "the library's text")),
                false,
                false);
    }

    private static SqliteLock writeLock() {
        return new SqliteLock(DatabasePart.SHM, "WRITE", true, 120, 120);
    }

    /** Each by the name of its golden texts. */
    static Map<String, Diagnosis> all() {
        return Map.of("safe", safe(), "refused", refused(), "conditional", conditional(), "memory", memory());
    }
}
