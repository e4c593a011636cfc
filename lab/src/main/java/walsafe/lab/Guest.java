package walsafe.lab;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel of its own: page cache, locks, mounts, clients of network filesystems. It is a User-Mode Linux that boots the
 * host's root filesystem read-only ({@code guest/init.sh}), so what is installed here is installed there.
 */
final class Guest implements AutoCloseable {
    private static final Duration BOOT = Duration.ofMinutes(2);
    private static final Duration CUT = Duration.ofSeconds(20);
    private static final Pattern TOLD = Pattern.compile("@@(\\w+) (?:rc=)?(\\w+);");

    private final String name;
    private final Path folder;
    private final Process kernel;
    private final BufferedWriter keyboard;
    private final AtomicInteger jobs = new AtomicInteger();
    private final Map<String, CompletableFuture<String>> awaited = new ConcurrentHashMap<>();
    private final Thread listener = new Thread(this::listen);
    private volatile BiConsumer<String, String> ledger = (what, told) -> {};

    private Guest(String name, Path folder, Process kernel) {
        this.name = name;
        this.folder = folder;
        this.kernel = kernel;
        this.keyboard = kernel.outputWriter();
    }

    /** Boots one and returns at once; {@link #awaitReady} waits until it takes commands. */
    static Guest boot(Lab lab, String name, String address, int mebibytes, List<String> kernelWords)
            throws IOException {
        Path folder = Files.createDirectory(lab.folder().resolve(name));
        Path jobs = Files.createDirectory(folder.resolve("jobs"));
        List<String> command = new ArrayList<>(List.of("setsid")); // a process group of its own, see kill()
        command.addAll(lab.kernel());
        command.addAll(List.of(
                "umid=" + name,
                "uml_dir=" + folder + "/",
                "mem=" + mebibytes + "M",
                "rootfstype=hostfs",
                "rootflags=/",
                "ro",
                "init=" + Lab.scripts().resolve("init.sh"),
                "con=null",
                "con0=fd:0,fd:1",
                "ssl=null",
                "quiet",
                "loglevel=3",
                "eth0=mcast,,239.192.168.1,1102,0",
                "NAME=" + name,
                "IP=" + address,
                "JOBS=" + jobs,
                "LAB=" + lab.folder()));
        command.addAll(kernelWords);
        Guest guest = new Guest(name, folder, lab.wire().start(command));
        guest.awaited.put("ready", new CompletableFuture<>());
        guest.listener.setName("console of " + name);
        guest.listener.setDaemon(true);
        guest.listener.start();
        return guest;
    }

    /** Hands on what programs in there write to {@code /dev/console} as {@code @@WHAT TOLD;}, at once, in order. */
    Guest tellingAll(BiConsumer<String, String> ledger) {
        this.ledger = ledger;
        return this;
    }

    Guest awaitReady() {
        await("ready", BOOT);
        return this;
    }

    /** A command that was started and not yet waited for. */
    interface Job {
        Outcome await(Duration limit);
    }

    /** Starts a shell script. */
    Job start(String script) {
        String job = "j" + jobs.incrementAndGet();
        awaited.put(job, new CompletableFuture<>());
        try {
            Files.writeString(folder.resolve("jobs").resolve(job + ".sh"), script + "\n");
            synchronized (keyboard) {
                keyboard.write(job + "\n");
                keyboard.flush();
            }
        } catch (IOException gone) {
            throw new UncheckedIOException("guest " + name + " takes no commands", gone);
        }
        return limit -> outcome(job, limit);
    }

    /** Runs a shell script to its end. */
    Outcome run(Duration limit, String script) {
        return start(script).await(limit);
    }

    /** What a program in there wrote into a file of {@code /mnt/jobs} and closed. */
    String wrote(String file) throws IOException {
        return Files.readString(folder.resolve("jobs").resolve(file));
    }

    private Outcome outcome(String job, Duration limit) {
        int code = Integer.parseInt(await(job, limit));
        try {
            return new Outcome(code, Files.readString(folder.resolve("jobs").resolve(job + ".out")));
        } catch (IOException e) {
            throw new UncheckedIOException("the output of " + job + " in guest " + name, e);
        }
    }

    private String await(String what, Duration limit) {
        CompletableFuture<String> told = Objects.requireNonNull(awaited.get(what));
        try {
            return told.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IllegalStateException(
                    "guest " + name + ": " + what + " took more than " + limit.toSeconds() + " s" + console(), late);
        } catch (ExecutionException died) {
            throw new IllegalStateException("guest " + name + " ended before " + what + console(), died);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while guest " + name + " did " + what, interrupted);
        }
    }

    private void listen() {
        try (BufferedReader console = kernel.inputReader();
                BufferedWriter log = Files.newBufferedWriter(folder.resolve("console.log"))) {
            for (String line = console.readLine(); line != null; line = console.readLine()) {
                log.write(line + "\n");
                log.flush();
                Matcher told = TOLD.matcher(line);
                while (told.find()) hear(told.group(1), told.group(2));
            }
        } catch (IOException ended) {
            // The guest has gone; that is told below.
        }
        awaited.values().forEach(told -> told.completeExceptionally(new IOException("the kernel has ended")));
    }

    private void hear(String what, String told) {
        CompletableFuture<String> waiting = awaited.get(what);
        if (waiting != null) waiting.complete(told);
        ledger.accept(what, told);
    }

    private String console() {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("console.log"));
            return "; its console ends with " + lines.subList(Math.max(0, lines.size() - 25), lines.size());
        } catch (IOException unreadable) {
            return "; its console cannot be read: " + unreadable.getMessage();
        }
    }

    /**
     * Cuts the power, waits until nothing of the guest runs any more, and has heard everything that left it before. Nothing
     * is written back.
     */
    void cut() throws IOException {
        List<ProcessHandle> processes = kill();
        long end = System.nanoTime() + CUT.toNanos();
        while (listener.isAlive() || processes.stream().anyMatch(Guest::running)) {
            if (System.nanoTime() > end) throw new IOException("guest " + name + " outlived its power");
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /** Nobody collects the dead in the lab's namespace, so a zombie does not count. */
    private static boolean running(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException gone) {
            return false;
        }
    }

    /** As if the power had been cut: nothing is written back. */
    @Override
    public void close() {
        kill();
    }

    /**
     * Kills the kernel and its programs in one system call. Each program is a process that the kernel traces and that shares
     * its descriptors. Were the kernel killed first, the programs would run on untraced for a moment: their system calls
     * would be this machine's (seen: a file was made outside by a guest whose root is read-only), and a write to their
     * database might be one to the file of a disk.
     */
    private List<ProcessHandle> kill() {
        List<ProcessHandle> processes = kernel.descendants().toList();
        kernel.children().findFirst().ifPresent(Guest::killGroup);
        processes.forEach(ProcessHandle::destroyForcibly); // what has left the group: helpers for consoles
        kernel.destroyForcibly();
        return processes;
    }

    private static void killGroup(ProcessHandle leader) {
        try {
            new ProcessBuilder("kill", "-KILL", "--", "-" + leader.pid())
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
        } catch (IOException none) {
            throw new UncheckedIOException("there is no kill(1)", none);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
