package walsafe.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of this machine that stand for two hosts, and what strangers can do to one of them. */
@Timeout(240)
final class EncounterTest {
    private static final String ONE = "11111111-1111-1111-1111-111111111111";
    private static final String TWO = "22222222-2222-2222-2222-222222222222";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path shared;

    @BeforeEach
    void shared() throws IOException {
        shared = Files.createDirectory(folder.resolve("shared by twö"));
    }

    @Test
    void whoMeetThroughTheDirectoryAloneBothTellAndRememberTheSame() throws Exception {
        try (Partners one = Partners.start(shared, memory("one"), ONE, "names");
                Partners two = Partners.start(shared, memory("two"), TWO, "names")) {
            assertAllShown(one.told(), two.told());
        }
        assertThat(shared).isEmptyDirectory();
    }

    @Test
    void whoConnectBothTellAndRememberTheSame() throws Exception {
        try (Partners one = Partners.start(shared, memory("one"), ONE, "listen", "0")) {
            String[] invitation = one.line("listening ").split(" ", -1);
            try (Partners two = connect(shared, TWO, invitation[1], invitation[2])) {
                assertAllShown(one.told(), two.told());
            }
        }
        assertThat(shared).isEmptyDirectory();
    }

    private static void assertAllShown(List<String> one, List<String> two) {
        for (List<String> told : List.of(one, two)) {
            assertThat(told).anyMatch(line -> line.equals("outcome PASSED SAFE_ONLY_IF remembered true"));
            assertThat(told).noneMatch(line -> line.startsWith("doubt") || line.startsWith("left"));
            assertThat(told).filteredOn(line -> line.startsWith("trial ")).hasSize(24);
            assertThat(told).anyMatch(line -> line.startsWith("row LOCKS_EXCLUDE YES YES YES"));
            // A process was killed, no host; two kernels have two page caches.
            assertThat(told).anyMatch(line -> line.startsWith("row LOCKS_DIE_WITH_OWNER YES YES UNKNOWN"));
            assertThat(told).anyMatch(line -> line.startsWith("row ONE_PAGE_CACHE YES YES UNKNOWN"));
        }
        assertThat(trials(one))
                .isEqualTo(
                        trials(two).stream().map(EncounterTest::seenFromThere).toList());
    }

    private static List<String> trials(List<String> told) {
        return told.stream().filter(line -> line.startsWith("trial ")).toList();
    }

    private static String seenFromThere(String trial) {
        return trial.contains(" here ") ? trial.replace(" here ", " there ") : trial.replace(" there ", " here ");
    }

    /** Two containers, or two terminals: what they show is no proof for two kernels. */
    @Test
    void oneKernelIsNotTwoHosts() throws Exception {
        try (Partners one = Partners.start(shared, memory("one"), ONE, "names");
                Partners two = Partners.start(shared, memory("two"), ONE, "names")) {
            for (List<String> told : List.of(one.told(), two.told())) {
                assertThat(told).anyMatch(line -> line.equals("outcome SAME_KERNEL COULD_NOT_TELL remembered false"));
                assertThat(told).noneMatch(line -> line.startsWith("trial"));
            }
        }
    }

    /** Windows has no boot id: they may be one kernel, whose processes agree anyway. */
    @Test
    void aHostThatDoesNotShowItsBootProvesNothing() throws Exception {
        try (Partners one = Partners.start(shared, memory("one"), ONE, "names");
                Partners two = Partners.start(shared, memory("two"), "none", "names")) {
            assertThat(one.told()).noneMatch(line -> line.startsWith("row") && line.split(" ", -1)[4].equals("YES"));
            assertThat(two.told()).noneMatch(line -> line.startsWith("row") && line.split(" ", -1)[4].equals("YES"));
        }
    }

    @Test
    void twoDirectoriesAreNotOne() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (Partners one = Partners.start(shared, memory("one"), ONE, "listen", "0")) {
            String[] invitation = one.line("listening ").split(" ", -1);
            try (Partners two = connect(other, TWO, invitation[1], invitation[2])) {
                for (List<String> told : List.of(one.told(), two.told())) {
                    assertThat(told)
                            .anyMatch(line -> line.equals("outcome OTHER_DIRECTORY COULD_NOT_TELL remembered false"));
                }
            }
        }
        assertThat(other).isEmptyDirectory();
    }

    @Test
    void whoHasAnotherTokenIsTurnedAwayAndWhoHasItIsStillWelcome() throws Exception {
        try (Partners one = Partners.start(shared, memory("one"), ONE, "listen", "0")) {
            String[] invitation = one.line("listening ").split(" ", -1);
            try (Partners thief = connect(shared, TWO, invitation[1], "0000-0000")) {
                assertThat(thief.told()).anyMatch(line -> line.contains("the token is not the one that 127.0.0.1:"));
            }
            try (Partners two = connect(shared, TWO, invitation[1], invitation[2])) {
                assertThat(two.told()).anyMatch(line -> line.startsWith("outcome PASSED"));
            }
        }
    }

    @Test
    void garbageAtTheDoorDisturbsNobody() throws Exception {
        try (Partners one = Partners.start(shared, memory("one"), ONE, "listen", "0")) {
            String[] invitation = one.line("listening ").split(" ", -1);
            knock(invitation[1], "GET / HTTP/1.1\r\n\r\n");
            knock(invitation[1], "x".repeat(100_000));
            knock(invitation[1], "");
            try (Partners two = connect(shared, TWO, invitation[1], invitation[2])) {
                assertThat(two.told()).anyMatch(line -> line.startsWith("outcome PASSED"));
            }
        }
    }

    /** Even who has the token can have nothing done but what experiments do. */
    @Test
    void noWordOfAnotherHostReachesBeyondAnExperiment() throws Exception {
        Path precious = Files.writeString(folder.resolve("precious"), "all I have");
        Path linked = Files.createSymbolicLink(shared.resolve(".walsafe-probe-link"), folder);
        try (Partners one = Partners.start(shared, memory("one"), ONE, "listen", "0")) {
            String[] invitation = one.line("listening ").split(" ", -1);
            try (Post post = guest(invitation)) {
                for (String word : List.of(
                        "do remove precious",
                        "enter ../precious",
                        "enter .walsafe-probe-link",
                        "enter .walsafe-probe-0",
                        "find .walsafe-probe-0 ../../precious",
                        "shown no-such 1 YES x",
                        "shown lock-conflict true MAYBE x",
                        "kill",
                        "\u0000\u001b[2J")) {
                    post.send(word);
                    assertThat(post.receive(PATIENCE)).as(word).startsWith("cannot ");
                }
                enterScratch(post);
                for (String word : List.of(
                        "remove ../../precious",
                        "rename a ../../precious",
                        "put /precious 1",
                        "write a 999999999999 1",
                        "sql-open ../../precious truncate",
                        "sql-open x.db?vfs=unix-none wal",
                        "sql-fill 99999",
                        "end",
                        "")) {
                    post.send("do " + word);
                    assertThat(post.receive(PATIENCE)).as(word).startsWith("cannot ");
                }
            }
            assertThat(one.told()).anyMatch(line -> line.startsWith("outcome INCONCLUSIVE COULD_NOT_TELL"));
        }
        assertThat(precious).hasContent("all I have");
        Files.delete(linked);
    }

    @Test
    void aHostThatSaysTooMuchIsNotListenedTo() throws Exception {
        try (Partners one = Partners.start(shared, memory("one"), ONE, "listen", "0")) {
            String[] invitation = one.line("listening ").split(" ", -1);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(invitation[1]))) {
                flood(socket, invitation[2]);
            }
            assertThat(one.told())
                    .anyMatch(line -> line.contains("said more than 8192 bytes at a time"))
                    .anyMatch(line -> line.startsWith("outcome NOT_MET COULD_NOT_TELL"));
        }
    }

    /** Whichever side dies, the other ends soon, says so, calls nothing safe, and leaves nothing. */
    @Test
    void aHostThatDiesInTheMiddleProvesNothing() throws Exception {
        for (boolean listenerDies : new boolean[] {true, false}) {
            try (Partners one = Partners.start(shared, memory("one"), ONE, "listen", "0")) {
                String[] invitation = one.line("listening ").split(" ", -1);
                try (Partners two = connect(shared, TWO, invitation[1], invitation[2])) {
                    Partners doomed = listenerDies ? one : two;
                    Partners left = listenerDies ? two : one;
                    doomed.line("doing locked-reads");
                    doomed.kill();

                    assertThat(left.told())
                            .anyMatch(line -> line.startsWith("outcome INCONCLUSIVE COULD_NOT_TELL remembered false"));
                }
            }
            if (listenerDies) assertThat(shared).isEmptyDirectory();
        }
    }

    /** Ctrl-C while nobody comes: names were left, and the next run spoke of a host that did not answer. */
    @Test
    void whoIsEndedWhileWaitingLeavesNothing() throws Exception {
        try (Partners one = Partners.start(shared, memory("one"), ONE, "names")) {
            while (!isWaited()) Thread.onSpinWait();

            one.end();
        }
        assertThat(shared).isEmptyDirectory();
    }

    private boolean isWaited() {
        String[] names = shared.resolve(Board.NAME).toFile().list();
        return names != null && Stream.of(names).anyMatch(name -> name.startsWith("a"));
    }

    private Path memory(String name) {
        return folder.resolve("memory of " + name);
    }

    private Partners connect(Path directory, String boot, String port, String token) throws IOException {
        return Partners.start(directory, memory("two"), boot, "connect", port, token);
    }

    private static void knock(String port, String words) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
            OutputStream out = socket.getOutputStream();
            try {
                out.write(words.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // The door was shut before all was said.
            }
        }
    }

    /** One who has the token and has said who it is. */
    private static Post guest(String[] invitation) throws IOException {
        Post post = SocketPost.connect("127.0.0.1", Integer.parseInt(invitation[1]), Token.of(invitation[2]), PATIENCE);
        post.send("card speaks=1&host=x&boot=" + TWO + "&replaced=false&system=x&filesystem=x&options=rw&sqlite=3");
        assertThat(post.receive(PATIENCE)).startsWith("card ");
        return post;
    }

    private void enterScratch(Post post) throws IOException {
        Path scratch = walsafe.probe.Across.scratch(shared);
        post.send("enter " + scratch.getFileName());
        assertThat(post.receive(PATIENCE)).isEqualTo("entered");
    }

    private static void flood(Socket socket, String token) throws IOException {
        var in = new java.io.BufferedReader(
                new java.io.InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        String theirs = in.readLine().substring("walsafe two hosts 1 ".length());
        String mine = "0".repeat(32);
        String proof = Token.of(token).proof("connecting", theirs + mine);
        OutputStream out = socket.getOutputStream();
        out.write((mine + ' ' + proof + '\n').getBytes(StandardCharsets.UTF_8));
        assertThat(in.readLine()).isEqualTo(Token.of(token).proof("listening", theirs + mine));
        byte[] much = "card ".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        try {
            for (int i = 0; i < 100; i++) out.write(much);
        } catch (IOException e) {
            // It has heard enough.
        }
    }

    @Test
    void nobodyIsWaitedForLongerThanTold() throws Exception {
        Report report = Encounter.with(
                shared,
                new Way.Names(),
                Duration.ofSeconds(1),
                Partner.QUICK,
                walsafe.probe.Encounters.in(Files.createDirectories(memory("one"))),
                new Quiet(),
                facts -> facts);

        assertThat(report.outcome()).isEqualTo(Report.Outcome.NOT_MET);
        assertThat(report.verdict()).isEqualTo(walsafe.policy.Verdict.COULD_NOT_TELL);
        assertThat(report.headline()).contains("no other host came to this directory within 1 s");
        try (Stream<Path> left = Files.list(shared)) {
            assertThat(left).isEmpty();
        }
    }

    private static final class Quiet implements Listener {
        @Override
        public void listening(java.net.InetSocketAddress address, String token) {
            // Nobody is told.
        }

        @Override
        public void doing(String what) {
            // Nobody is told.
        }
    }
}
