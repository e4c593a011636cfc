package walsafe.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of storage. Each serves a folder of its own, so that they can all be mounted at once. */
enum Share {
    EXT4(Server.NONE, "mount --bind /mnt/disk/%1$s %2$s"),
    XFS(Server.NONE, "mount -t xfs /dev/ubdb %2$s"),
    BTRFS(Server.NONE, "mount -t btrfs /dev/ubdc %2$s"),
    OVERLAY(Server.NONE, overlay("/mnt/disk/%1$s")),
    /** As in a container: the disk of its upper directory is mounted nowhere else. */
    OVERLAY_ALONE(
            Server.NONE,
            "mkdir -p /mnt/unseen; mount -t tmpfs unseen /mnt/unseen; " + overlay("/mnt/unseen")
                    + "; umount -l /mnt/unseen"),
    BINDFS(Server.NONE, "/run/modprobe fuse; bindfs /mnt/disk/%1$s %2$s"),
    FUSE_OVERLAYFS(
            Server.NONE,
            "/run/modprobe fuse; mkdir -p /mnt/disk/%1$s/lower /mnt/disk/%1$s/upper /mnt/disk/%1$s/work;"
                    + " fuse-overlayfs -o lowerdir=/mnt/disk/%1$s/lower,upperdir=/mnt/disk/%1$s/upper,"
                    + "workdir=/mnt/disk/%1$s/work %2$s"),
    NFS42(Server.NFS, nfs("vers=4.2", "/%1$s")),
    NFS3(Server.NFS, nfs("vers=3", "/mnt/exp/%1$s")),
    NFS3_NOLOCK(Server.NFS, nfs("vers=3,nolock", "/mnt/exp/%1$s")),
    NFS3_LOCAL_LOCK(Server.NFS, nfs("vers=3,local_lock=all", "/mnt/exp/%1$s")), // NFSv4 takes the option and ignores it
    SMB(Server.SMB, smb("")),
    SMB_NOBRL(Server.SMB, smb(",nobrl")),
    P9(Server.P9, p9("")),
    P9_MMAP(Server.P9, p9(",cache=mmap")),
    P9_LOOSE(Server.P9, p9(",cache=loose")),
    SSHFS(
            Server.SFTP,
            "/run/modprobe fuse; cp $LAB/key /run/lab/key; chmod 600 /run/lab/key; timeout 30 sshfs -o"
                    + " IdentityFile=/run/lab/key,StrictHostKeyChecking=no,UserKnownHostsFile=/dev/null,LogLevel=ERROR"
                    + " root@10.9.0.1:/mnt/exp/%1$s %2$s"),
    HOSTFS(Server.NONE, "mount -t hostfs -o $LAB/shared/%1$s none %2$s"),
    VIRTIOFS(Server.NONE, virtiofs()),
    VIRTIOFS_POSIX_LOCK(Server.NONE, virtiofs()),
    /** With posix_lock, too. */
    VIRTIOFS_NO_CACHE(Server.NONE, virtiofs());

    /** What the server must run for it. */
    enum Server {
        NONE("", 0),
        NFS("serve-nfs.sh", 2049),
        SMB("serve-smb.sh", 445),
        P9("serve-9p.sh", 564),
        SFTP("serve-ssh.sh", 22);

        private final String file;
        private final int port;

        Server(String file, int port) {
            this.file = file;
            this.port = port;
        }

        /** The commands that start it and wait until it answers. */
        String script() {
            if (file.isEmpty()) return "";
            return "sh " + Lab.scripts().resolve(file) + "\nsh " + Lab.scripts().resolve("wait-port.sh") + " " + port
                    + "\n";
        }
    }

    private static final Duration DAEMON = Duration.ofSeconds(10);

    private final Server server;
    private final String mount;

    Share(Server server, String mount) {
        this.server = server;
        this.mount = mount;
    }

    Server server() {
        return server;
    }

    /** Its name in paths. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Where hosts have it. */
    String place() {
        return "/mnt/" + label();
    }

    /** Is it a folder of this machine that guests are given? */
    boolean ofThisMachine() {
        return this == HOSTFS || this == VIRTIOFS || this == VIRTIOFS_POSIX_LOCK || this == VIRTIOFS_NO_CACHE;
    }

    /** Do two hosts of a lab meet in it? */
    boolean shared() {
        return server != Server.NONE || ofThisMachine();
    }

    /** Its folder where the storage really lies: on this machine, on the server's disk, or on the disk of the guest. */
    Path origin(Lab lab) {
        if (ofThisMachine()) return lab.folder().resolve("shared").resolve(label());
        if (server != Server.NONE) return Path.of("/mnt/exp", label());
        return switch (this) {
            case BINDFS -> Path.of("/mnt/disk", label());
            case OVERLAY, FUSE_OVERLAYFS -> Path.of("/mnt/disk", label(), "upper");
            default -> Path.of(place());
        };
    }

    /** Why it cannot be had here although there can be a lab; empty if it can. */
    Optional<String> whyNot() {
        String tool = switch (this) {
            case XFS -> "mkfs.xfs";
            case BTRFS -> "mkfs.btrfs";
            case BINDFS -> "bindfs";
            case FUSE_OVERLAYFS -> "fuse-overlayfs";
            case SMB, SMB_NOBRL -> "smbd";
            case P9, P9_MMAP, P9_LOOSE -> "diod";
            case SSHFS -> "sshfs";
            case VIRTIOFS, VIRTIOFS_POSIX_LOCK, VIRTIOFS_NO_CACHE -> "virtiofsd";
            default -> "sh";
        };
        return tool(tool).isPresent() ? Optional.empty() : Optional.of(tool + " is not installed");
    }

    private static Optional<Path> tool(String name) {
        Path fetched = Lab.home().resolve("target/virtiofsd/usr/lib/qemu/virtiofsd");
        if (name.equals("virtiofsd") && Files.isExecutable(fetched)) return Optional.of(fetched);
        return Lab.find(name);
    }

    /** The commands that mount it on a host, where its place is an empty folder. */
    String mount() {
        String own = server == Server.NONE ? "mkdir -p /mnt/disk/" + label() + "\n" : "";
        return own + String.format(Locale.ROOT, mount, label(), place());
    }

    /** The words for the kernel of a host that is to have it, with what they name made ready outside. */
    List<String> device(Lab lab, String host) throws IOException {
        switch (this) {
            case HOSTFS -> {
                Files.createDirectories(origin(lab));
                return List.of();
            }
            case XFS -> {
                return List.of("ubd1=" + lab.disk(host, "xfs", "mkfs.xfs", "-q"));
            }
            case BTRFS -> {
                return List.of("ubd2=" + lab.disk(host, "btrfs", "mkfs.btrfs", "-q"));
            }
            case VIRTIOFS -> {
                return List.of(virtiofsd(lab, host, List.of("-o", "cache=auto")));
            }
            case VIRTIOFS_POSIX_LOCK -> {
                return List.of(virtiofsd(lab, host, List.of("-o", "cache=auto", "-o", "posix_lock", "-o", "flock")));
            }
            case VIRTIOFS_NO_CACHE -> {
                return List.of(virtiofsd(lab, host, List.of("-o", "cache=none", "-o", "posix_lock", "-o", "flock")));
            }
            default -> {
                return List.of();
            }
        }
    }

    private String virtiofsd(Lab lab, String host, List<String> options) throws IOException {
        Path source = Files.createDirectories(origin(lab));
        Path back = lab.folder().resolve(host + "-" + label() + ".back");
        Path front = lab.folder().resolve(host + "-" + label() + ".front");
        List<String> daemon = new ArrayList<>(List.of(
                tool("virtiofsd").orElseThrow().toString(),
                "--socket-path=" + back,
                "-o",
                "source=" + source,
                "-o",
                "sandbox=chroot",
                "-f"));
        daemon.addAll(options);
        lab.quietly(daemon);
        lab.awaitFile(back, DAEMON);
        lab.quietly(List.of(
                "python3",
                Lab.tools().resolve("virtiofs-tag.py").toString(),
                front.toString(),
                back.toString(),
                label()));
        lab.awaitFile(front, DAEMON);
        return "virtio_uml.device=" + front + ":26";
    }

    /** With the first lock taken: it waits for daemons to meet, and a scenario should not. */
    private static String nfs(String options, String path) {
        return "/run/modprobe nfsv3; /run/modprobe nfsv4; pidof rpcbind >/dev/null || rpcbind -w; pidof rpc.statd"
                + " >/dev/null || rpc.statd --no-notify; timeout 30 mount -t nfs -o retry=0," + options + " 10.9.0.1:"
                + path
                + " %2$s; timeout 30 flock %2$s/.first-lock-$NAME true; rm -f %2$s/.first-lock-$NAME";
    }

    private static String smb(String options) {
        return "/run/modprobe cifs; timeout 30 mount -t cifs -o user=root,password=lab" + options
                + " //10.9.0.1/x/%1$s %2$s";
    }

    private static String p9(String options) {
        return "/run/modprobe 9pnet_fd; /run/modprobe 9p; timeout 30 mount -t 9p -o"
                + " trans=tcp,port=564,version=9p2000.L,uname=root,access=any,aname=/mnt/exp/%1$s" + options
                + " 10.9.0.1 %2$s";
    }

    private static String overlay(String folder) {
        return "/run/modprobe overlay; mkdir -p " + folder + "/lower " + folder + "/upper " + folder
                + "/work; mount -t overlay -o lowerdir=" + folder + "/lower,upperdir=" + folder + "/upper,workdir="
                + folder + "/work overlay %2$s";
    }

    private static String virtiofs() {
        return "/run/modprobe virtio_uml; /run/modprobe virtiofs; timeout 10 mount -t virtiofs %1$s %2$s";
    }
}
