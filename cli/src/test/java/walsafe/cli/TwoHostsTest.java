package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line of two hosts; what they do is in {@code walsafe.peer.EncounterTest}. */
@Timeout(180)
final class TwoHostsTest {
    @TempDir
    Path folder;

    @Test
    void whatDoesNotGoTogetherIsSaid() {
        assertUsage("--seconds is for the processes of one host", "--peer", "--seconds", "3");
        assertUsage("Of --peer, --listen and --connect one", "--peer", "--listen", "0");
        assertUsage("--connect needs the --token", "--connect", "localhost:1");
        assertUsage("--connect takes HOST:PORT", "--connect", "4711", "--token", "x");
        assertUsage("--listen takes [ADDRESS:]PORT", "--listen", "nowhere");
        assertUsage("--listen takes [ADDRESS:]PORT", "--listen", "65536");
        assertUsage("--token goes with --connect", "--peer", "--token", "x");
        assertUsage("--timeout is for a second host", "--timeout", "3");
        assertUsage("--token is for a second host: it goes with --connect.", "--token", "x");
    }

    private void assertUsage(String said, String... options) {
        List<String> arguments = new java.util.ArrayList<>(List.of("torture", folder.toString()));
        arguments.addAll(List.of(options));
        Asked asked = Asked.walsafe(arguments.toArray(String[]::new));
        assertThat(asked.code()).as(asked.err()).isEqualTo(2);
        assertThat(asked.err()).contains(said);
    }

    @Test
    void whoComesAloneIsToldWhatToDo() {
        Asked asked = Asked.walsafe("torture", folder.toString(), "--peer", "--timeout", "0.5");

        assertThat(asked.code()).isEqualTo(5);
        assertThat(asked.out())
                .startsWith("COULD NOT TELL  " + folder + ": nothing was tried with another host: no other host came")
                .contains("NOTE WS116", "Start it on both hosts");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void nobodyListensThere() {
        Asked asked = Asked.walsafe(
                "torture", folder.toString(), "--connect", "127.0.0.1:1", "--token", "x", "--format", "json");

        assertThat(asked.code()).isEqualTo(5);
        assertThat(asked.out()).contains("\"outcome\" : \"not-met\"", "nobody could be reached at 127.0.0.1:1");
    }

    /** Each was told to start it on both hosts in time, which they had. */
    @Test
    void whyNobodyWasMetDecidesWhatToDo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertAdvice("Name another port", "nobody can listen at 127.0.0.1:" + port, "--listen", port);
        }
        assertAdvice(
                "Start the listening side first",
                "nobody could be reached at 127.0.0.1:1",
                "--connect",
                "127.0.0.1:1",
                "--token",
                "x");
        Files.createFile(folder.resolve(".walsafe-two-hosts"));
        assertAdvice("move it out of the way", "is no directory", "--peer");
    }

    private void assertAdvice(String advice, String seen, String... way) {
        List<String> arguments = new java.util.ArrayList<>(List.of("torture", folder.toString()));
        arguments.addAll(List.of(way));
        Asked asked = Asked.walsafe(arguments.toArray(String[]::new));
        assertThat(asked.code()).as(asked.err()).isEqualTo(5);
        assertThat(asked.out()).contains(seen).doesNotContain("Start it on both hosts");
        assertThat(asked.out().replaceAll("\\s+", " ")).contains(advice);
    }

    /** Two terminals of one machine. */
    @Test
    void oneKernelIsToldApartFromTwo() {
        CompletableFuture<Asked> other =
                CompletableFuture.supplyAsync(() -> Asked.walsafe("torture", folder.toString(), "--peer"));
        Asked asked = Asked.walsafe("torture", folder.toString(), "--peer");

        for (Asked each : List.of(asked, other.join())) {
            assertThat(each.code()).isEqualTo(5);
            assertThat(each.out())
                    .contains("both sides run on one kernel", "Run the other side on another machine")
                    .containsPattern("locks-exclude +yes +yes +unknown");
        }
        assertThat(folder).isEmptyDirectory();
    }
}
