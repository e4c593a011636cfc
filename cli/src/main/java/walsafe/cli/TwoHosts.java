package walsafe.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import walsafe.peer.Encounter;
import walsafe.peer.Listener;
import walsafe.peer.Report;
import walsafe.peer.Way;
import walsafe.probe.Encounters;
import walsafe.words.Shell;
import walsafe.words.Visible;

/** {@code walsafe torture DIR --peer}, {@code --listen} and {@code --connect}: two hosts try one directory together. */
final class TwoHosts {
    private static final Option PEER = Option.flag("--peer");
    private static final Option LISTEN = Option.value("--listen");
    private static final Option CONNECT = Option.value("--connect");
    private static final Option TOKEN = Option.value("--token");
    private static final Pattern ADDRESS = Pattern.compile("(?:(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+):)?(\\d{1,5})");
    private static final Duration UNASKED = Duration.ofMinutes(5);

    static final List<Option> OPTIONS = List.of(PEER, LISTEN, CONNECT, TOKEN, Option.TIMEOUT);

    private TwoHosts() {}

    /** Is it about a second host at all; the other options of a torture are then not for it. */
    static boolean asked(Arguments arguments, List<Option> others) throws UsageException {
        boolean asked = arguments.has(PEER.name()) || arguments.has(LISTEN.name()) || arguments.has(CONNECT.name());
        for (Option option : asked ? others : List.of(TOKEN, Option.TIMEOUT)) {
            if (!arguments.has(option.name())) continue;
            throw new UsageException(
                    asked
                            ? option.name()
                                    + " is for the processes of one host; with --peer, --listen or --connect the"
                                    + " same experiments are made each time."
                            : option.name() + " is for a second host: it goes with "
                                    + (option.equals(TOKEN) ? "--connect." : "--peer, --listen or --connect."));
        }
        return asked;
    }

    static Command.Outcome run(Path directory, Arguments arguments, Terminal terminal) throws UsageException {
        Way way = way(arguments);
        Duration wait = arguments.has(Option.TIMEOUT.name()) ? Patience.of(arguments) : UNASKED;
        Report report = report(directory, way, wait, terminal);
        String told = arguments.json() ? TwoHostsJson.of(report) : TwoHostsText.of(report, terminal.ink());
        return new Command.Outcome(told, ExitCode.of(report.verdict()));
    }

    private static Report report(Path directory, Way way, Duration wait, Terminal terminal) {
        try (ProgressLine line = ProgressLine.on(terminal)) {
            return Encounter.with(directory, way, wait, Encounters.ofThisUser(), listener(terminal, line));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the two hosts were interrupted", e);
        }
    }

    private static Listener listener(Terminal terminal, ProgressLine line) {
        return new Listener() {
            @Override
            public void listening(InetSocketAddress address, String token) {
                String where = address.getHostString() + ":" + address.getPort();
                terminal.complain("Listening at " + where + ". On the other host, in the same directory:\n"
                        + "  walsafe torture DIR --connect " + Shell.quote(where) + " --token " + token + "\n"
                        + (address.getAddress().isLoopbackAddress()
                                ? "Only this host reaches that address. From another, through ssh:  ssh -L "
                                        + address.getPort() + ":" + where + " THIS-HOST\n"
                                : ""));
            }

            @Override
            public void doing(String what) {
                line.show("two hosts: %s", Visible.line(what));
            }
        };
    }

    private static Way way(Arguments arguments) throws UsageException {
        long ways = List.of(PEER, LISTEN, CONNECT).stream()
                .filter(option -> arguments.has(option.name()))
                .count();
        if (ways > 1) throw new UsageException("Of --peer, --listen and --connect one is enough on each host.");
        Optional<String> token = arguments.value(TOKEN.name());
        if (arguments.has(CONNECT.name())) {
            Matcher address = address(CONNECT, arguments);
            if (address.group(1) == null)
                throw new UsageException("--connect takes HOST:PORT, as --listen printed it.");
            if (token.isEmpty()) {
                throw new UsageException("--connect needs the --token that the listening side has printed.");
            }
            return new Way.Connect(bare(address.group(1)), port(address), token.get());
        }
        if (token.isPresent()) throw new UsageException("--token goes with --connect; the listening side makes it.");
        if (!arguments.has(LISTEN.name())) return new Way.Names();
        Matcher address = address(LISTEN, arguments);
        String host = address.group(1) == null ? "127.0.0.1" : bare(address.group(1));
        InetSocketAddress where = new InetSocketAddress(host, port(address));
        if (where.isUnresolved()) throw new UsageException("--listen: there is no address \"" + host + "\" here.");
        return new Way.Listen(where);
    }

    private static Matcher address(Option option, Arguments arguments) throws UsageException {
        String asked = arguments.value(option.name()).orElseThrow();
        Matcher address = ADDRESS.matcher(asked);
        if (!address.matches() || Integer.parseInt(address.group(2)) > 65_535) {
            String form = option.name().equals(LISTEN.name()) ? "[ADDRESS:]PORT" : "HOST:PORT";
            throw new UsageException(option.name() + " takes " + form + ", and was \"" + asked + "\".");
        }
        return address;
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(Matcher address) {
        return Integer.parseInt(address.group(2));
    }
}
