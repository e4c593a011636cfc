package walsafe.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import walsafe.lab.inside.Works;

/**
 * One database on one storage, hosts that work on it by walsafe and may be killed, booted again or have a double, and the
 * ledger of what their programs were told is kept.
 */
final class Bench {
    static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int MEBIBYTES = 640;

    private final Lab lab;
    private final Share share;
    private final Map<String, Guest> guests = new HashMap<>();
    private final Map<String, Guest.Job> pulses = new HashMap<>();
    private final List<String> speakers = new ArrayList<>();
    private final Map<String, List<String>> writers = new HashMap<>(); // of each guest, those that have not been stopped
    private final Map<String, Guest.Job> jobs = new HashMap<>();

    private Bench(Lab lab, Share share) {
        this.lab = lab;
        this.share = share;
    }

    /** Boots a server named s that knows its clients again after a reboot, and hosts with the share mounted. */
    static Bench of(Lab lab, Share share, String... hosts) throws IOException {
        Bench bench = new Bench(lab, share);
        lab.disk("s");
        bench.boot("s", "s", 1);
        for (String host : hosts) bench.boot(host, host, host.charAt(0) - 'a' + 11);
        bench.serve("s", "first");
        for (String host : hosts) bench.mount(host);
        bench.on("s", Scenario.java(Works.class, "create", bench.origin()));
        return bench;
    }

    /**
     * Boots a kernel.
     *
     * @param guest what the lab calls it, once only
     * @param name its host name
     * @param address the last number of it
     */
    void boot(String guest, String name, int address) throws IOException {
        List<String> words = new ArrayList<>(List.of("NAME=" + name)); // the later of two words counts
        if (name.equals("s")) words.add("ubd0=" + lab.folder().resolve("s.ext4"));
        guests.put(guest, Guest.boot(lab, guest, "10.9.0." + address, name.equals("s") ? 320 : MEBIBYTES, words));
        if (!name.equals("s")) speakers.add(guest);
    }

    /** Has the server serve its disk; {@code again} if it did before it was booted. */
    void serve(String guest, String again) {
        at(guest).awaitReady();
        String service = share.server() == Share.Server.NFS
                ? "sh " + Lab.scripts().resolve("serve-nfs-kept.sh") + " " + again + "\nsh "
                        + Lab.scripts().resolve("wait-port.sh") + " 2049\n"
                : share.server().script();
        on(guest, "set -e\nmkdir -p /mnt/exp\nmount -t ext4 /dev/ubda /mnt/exp\nmkdir -p /mnt/exp/" + share.label()
                + "\n" + service);
        pulses.put(guest, at(guest).start("sleep 100000"));
    }

    void mount(String guest) {
        at(guest).awaitReady();
        on(guest, "set -e\nmkdir -p " + share.place() + "\n" + share.mount());
        pulses.put(guest, at(guest).start("sleep 100000"));
    }

    /** As a host that starts again: its lock daemon tells the server, from what it had written down, that it was away. */
    void mountAgain(String guest) {
        mount(guest);
        on(guest, "echo >/var/lib/nfs/sm/10.9.0.1; sm-notify -f -m 1; true");
    }

    private Guest at(String guest) {
        return Objects.requireNonNull(guests.get(guest), guest);
    }

    Outcome on(String guest, String script) {
        return at(guest).run(PATIENCE, script).orFail("on " + guest + ": " + script);
    }

    /** The kernel is gone in the middle of whatever it does, and with it all that it has not written. Waits until it is. */
    void kill(String guest) {
        at(guest).close();
        try {
            Objects.requireNonNull(pulses.get(guest), guest).await(PATIENCE);
        } catch (IllegalStateException itsKernelHasEnded) {
            return;
        }
        throw new IllegalStateException(guest + " goes on");
    }

    /** Starts a program that works on the database. */
    Guest.Job start(String guest, String task, String... words) {
        return startIn("", guest, task, words);
    }

    /** @param before words of the shell before the program, such as unshare */
    Guest.Job startIn(String before, String guest, String task, String... words) {
        List<String> all = new ArrayList<>(List.of(task, database()));
        all.addAll(List.of(words));
        String command = Scenario.java(Works.class, all.toArray(String[]::new));
        return at(guest).start(before.isEmpty() ? command : before + command.substring("exec".length()));
    }

    /** Starts a program that writes until it is stopped. */
    void write(String guest, String name) {
        jobs.put(name, start(guest, "write", name, "600"));
        writers.computeIfAbsent(guest, none -> new ArrayList<>()).add(name);
    }

    void stop(String guest, String name) {
        on(guest, "touch /run/stop-" + name);
        Objects.requireNonNull(jobs.get(name), name).await(PATIENCE);
        writers.getOrDefault(guest, new ArrayList<>()).remove(name);
    }

    /** Stops what writes on a guest. */
    void stopAll(String guest) {
        for (String name : List.copyOf(writers.getOrDefault(guest, List.of()))) stop(guest, name);
    }

    void stopAll() {
        writers.keySet().forEach(this::stopAll);
    }

    /** Is a guest's program acknowledged more works within this time? */
    boolean goesOn(String guest, Duration limit) throws IOException {
        try {
            voice(guest).await("ack ", voice(guest).count("ack ") + 2, limit);
            return true;
        } catch (IllegalStateException late) {
            return false;
        }
    }

    Voice voice(String guest) {
        return Voice.of(lab, guest);
    }

    /** The database as hosts know it. */
    String database() {
        return share.place() + "/app.db";
    }

    /** The database on the server's own disk. */
    String origin() {
        return "/mnt/exp/" + share.label() + "/app.db";
    }

    Ledger ledger() throws IOException {
        Ledger ledger = new Ledger();
        for (String speaker : speakers) ledger.hear(voice(speaker).said());
        return ledger;
    }

    /** Counts on the server's disk, by a program without walsafe; its hosts must have ended or let go. */
    Count count(String server) throws IOException {
        Outcome count = at(server).run(PATIENCE, Scenario.java(Works.class, "count", origin()));
        Ledger ledger = ledger();
        return new Count(
                ledger.size(),
                ledger.missingFrom(count).size(),
                count.lines().stream().filter(line -> line.startsWith("half ")).toList(),
                count.lines().stream()
                        .filter(line -> line.startsWith("integrity "))
                        .map(line -> line.substring("integrity ".length()))
                        .collect(Collectors.joining(", ")));
    }

    /** What a third party found. */
    record Count(int acknowledged, int lost, List<String> half, String integrity) {
        boolean clean() {
            return lost == 0 && half.isEmpty() && integrity.equals("ok");
        }
    }

    /** All that was said, for people. */
    String story() throws IOException {
        StringBuilder story = new StringBuilder();
        for (String speaker : speakers) {
            Path console = lab.folder().resolve(speaker).resolve("console.log");
            if (!Files.exists(console)) continue;
            for (String line : voice(speaker).lines()) {
                if (!line.startsWith("ack ")) story.append(speaker).append(": ").append(line).append('\n');
            }
            story.append(speaker).append(": ").append(voice(speaker).count("ack ")).append(" works acknowledged\n");
        }
        return story.toString();
    }
}
