package walsafe.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import walsafe.facts.Facts;
import walsafe.facts.Target;
import walsafe.torture.Ordeal;
import walsafe.torture.Progress;
import walsafe.torture.Report;
import walsafe.torture.Torture;
import walsafe.torture.Way;

/** {@code walsafe torture DIR}: processes race and are killed, and what is left is counted against a ledger. */
final class TortureCommand implements Command {
    private static final Option SECONDS = Option.value("--seconds");
    private static final Option PROCESSES = Option.value("--processes");
    private static final Option MODE =
            Option.choice("--mode", Stream.of(Way.values()).map(Way::option).toArray(String[]::new));
    private static final Option THROUGH = Option.values("--through");
    private static final Option SEED = Option.value("--seed");

    private static final List<Option> OF_ONE_HOST = List.of(SECONDS, PROCESSES, MODE, Option.SHARING, THROUGH, SEED);

    private static final int SECONDS_UNASKED = 30;
    private static final int PROCESSES_UNASKED = 4;
    private static final int BAR = 24; // characters
    private static final int LARGEST_SEED = 1_000_000_000; // so that it can be typed

    @Override
    public List<Option> options() {
        return Stream.concat(Stream.concat(OF_ONE_HOST.stream(), TwoHosts.OPTIONS.stream()), Stream.of(Option.FORMAT))
                .toList();
    }

    @Override
    public Outcome run(Arguments arguments, Terminal terminal) throws UsageException {
        if (TwoHosts.asked(arguments, OF_ONE_HOST)) return TwoHosts.run(directory(arguments), arguments, terminal);
        Ordeal ordeal = ordeal(arguments);
        Report report = torture(ordeal, terminal);
        String told = arguments.json() ? TortureJson.of(report) : TortureText.of(report, terminal.ink());
        return new Outcome(told, ExitCode.of(report.verdict()));
    }

    private static Report torture(Ordeal ordeal, Terminal terminal) {
        try (ProgressLine line = ProgressLine.on(terminal)) {
            return Torture.run(ordeal, progress(ordeal, line));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the torture was interrupted", e);
        }
    }

    private static Progress progress(Ordeal ordeal, ProgressLine line) {
        return (elapsed, acknowledged, kills, what) -> line.show(
                "torture %s %d s, %d commits, %d kills, %s",
                bar(elapsed, ordeal.time()), elapsed.toSeconds(), acknowledged, kills, what);
    }

    private static String bar(Duration elapsed, Duration whole) {
        int done = (int) Math.min(BAR, BAR * elapsed.toMillis() / Math.max(1, whole.toMillis()));
        return "[" + "#".repeat(done) + ".".repeat(BAR - done) + "]";
    }

    private static Path directory(Arguments arguments) throws UsageException {
        if (arguments.words().isEmpty()) {
            throw new UsageException("Which directory? For example: walsafe torture /mnt/share");
        }
        return directory(OnePath.of("torture", arguments));
    }

    private static Ordeal ordeal(Arguments arguments) throws UsageException {
        Path directory = directory(arguments);
        List<Path> through = new ArrayList<>();
        for (String other : arguments.values(THROUGH.name())) through.add(directory(other));
        return new Ordeal(
                directory,
                through,
                way(arguments),
                Option.sharing(arguments),
                Duration.ofSeconds(number(arguments, SECONDS, 1, Ordeal.LONGEST_SECONDS, SECONDS_UNASKED)),
                number(arguments, PROCESSES, 2, Ordeal.MOST_PROCESSES, PROCESSES_UNASKED),
                number(
                        arguments,
                        SEED,
                        0,
                        LARGEST_SEED,
                        ThreadLocalRandom.current().nextInt(LARGEST_SEED)),
                Ordeal.DISK_BYTES);
    }

    private static Path directory(String path) throws UsageException {
        Target target = Facts.gather(path, Facts.PATIENCE).target(); // a storage that is silent keeps nobody waiting
        switch (target.state()) {
            case MISSING, NO_DIRECTORY -> throw new UsageException("There is no directory " + path + ".");
            case FILE, NOT_A_FILE, MEMORY -> throw new UsageException(path + " is not a directory.");
            default -> {
                return Path.of(path).toAbsolutePath();
            }
        }
    }

    private static Way way(Arguments arguments) {
        return Way.valueOf(
                arguments.value(MODE.name()).orElse(Way.PLAN.option()).toUpperCase(Locale.ROOT));
    }

    private static int number(Arguments arguments, Option option, int least, int most, int unasked)
            throws UsageException {
        Optional<String> asked = arguments.value(option.name());
        if (asked.isEmpty()) return unasked;
        boolean number = asked.get().matches("\\d{1,10}");
        long value = number ? Long.parseLong(asked.get()) : -1;
        if (value < least || value > most) {
            throw new UsageException(option.name() + " takes a number from " + least + " to " + most + ", and was \""
                    + asked.get() + "\".");
        }
        return (int) value;
    }
}
