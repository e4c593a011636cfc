package walsafe.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Words as names, between two that have nothing but a directory. */
@Timeout(120)
final class NamePostTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path shared;

    @Test
    void everyTextComesThroughAsSmallLettersAndDigitsOfAModestLength() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int length = 0; length < 400; length++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < length; i++) text.appendCodePoint(random.nextInt(0x3000));

            List<String> pieces = Letters.written(text.toString());

            assertThat(pieces).as("seed %d", seed).allMatch(piece -> piece.matches("[0-9a-v]{0,104}"));
            assertThat(Letters.read(pieces)).as("seed %d", seed).isEqualTo(text.toString());
        }
    }

    @Test
    void twoMeet_oneConducts_andEachHearsTheOther() throws Exception {
        Future<NamePost> coming = come();
        try (NamePost one = NamePost.meet(shared, PATIENCE);
                NamePost two = coming.get(60, TimeUnit.SECONDS)) {
            assertThat(one.conducts()).isNotEqualTo(two.conducts());
            for (String text : List.of("short", "", "ä€\t \u001b" + "long ".repeat(1000))) {
                one.send(text);
                assertThat(two.receive(PATIENCE)).isEqualTo(text);
                two.send(text + "!");
                assertThat(one.receive(PATIENCE)).isEqualTo(text + "!");
                assertThat(names()).allMatch(name -> name.matches("[a-z0-9-]{1,143}"));
            }
            assertThat(names()).as("what was answered is taken away").hasSizeLessThan(100);
        }
        assertThat(shared).isEmptyDirectory();
    }

    /** A dead run's names are all still there: none of them can name an id that is new. */
    @Test
    void whatTheDeadHaveLeftMisleadsNobody() throws Exception {
        Path board = Files.createDirectory(
                shared.resolve(Board.NAME),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String least = "0".repeat(16);
        String most = "f".repeat(16);
        for (String name : List.of(
                "a" + least,
                "a" + most,
                "i" + least + "-" + most,
                "y" + most + "-" + least,
                "c" + least + "-" + most,
                "m" + least + "-1-0-1-91imor3f",
                "desktop.ini",
                "a..",
                "m-----")) {
            Files.createFile(board.resolve(name));
        }

        Future<NamePost> coming = come();
        try (NamePost one = NamePost.meet(shared, PATIENCE);
                NamePost two = coming.get(60, TimeUnit.SECONDS)) {
            one.send("are you alive");
            assertThat(two.receive(PATIENCE)).isEqualTo("are you alive");
        }

        assertThat(names()).as("names of others are left alone").hasSize(9);
    }

    @Test
    void whoFindsOnlyTheDeadIsToldSo() throws Exception {
        Path board = Files.createDirectory(
                shared.resolve(Board.NAME),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createFile(board.resolve("a" + "7".repeat(16)));

        assertThatThrownBy(() -> NamePost.meet(shared, Duration.ofMillis(300)))
                .isInstanceOf(NotMet.class)
                .hasMessageContaining("are left from 1 that did not answer");

        assertThat(names()).containsExactly("a" + "7".repeat(16));
    }

    /** Of three, two find each other, and the third is no worse than alone. */
    @Test
    void aThirdDisturbsNobody() throws Exception {
        Future<NamePost> second = come();
        Future<NamePost> third = come();
        Future<NamePost> first = come();
        List<NamePost> met = new ArrayList<>();
        for (Future<NamePost> each : List.of(first, second, third)) {
            try {
                met.add(each.get(60, TimeUnit.SECONDS));
            } catch (java.util.concurrent.ExecutionException e) {
                assertThat(e).hasRootCauseInstanceOf(NotMet.class);
            }
        }
        met.forEach(NamePost::close); // not before: who was met by one that has gone again looks for another
        assertThat(met).hasSize(2);
    }

    @Test
    void aBoardThatOthersMayWriteInIsNotUsed() throws Exception {
        Path board = Files.createDirectory(shared.resolve(Board.NAME));
        Files.setPosixFilePermissions(board, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> NamePost.meet(shared, PATIENCE))
                .isInstanceOf(NotMet.class)
                .hasMessageContaining("others may write in it");
    }

    @Test
    void aLinkIsNoBoard() throws Exception {
        Path elsewhere = Files.createDirectory(shared.resolve("elsewhere"));
        Files.createSymbolicLink(shared.resolve(Board.NAME), elsewhere);

        assertThatThrownBy(() -> NamePost.meet(shared, PATIENCE)).isInstanceOf(NotMet.class);

        assertThat(elsewhere).isEmptyDirectory();
    }

    /** A mount that is read-only or full was told by the name of a file and the reason alone, and to start on both in time. */
    @Test
    void whereNothingCanBeMadeThatIsSaid() {
        assertThatThrownBy(() -> NamePost.meet(shared.resolve("gone"), PATIENCE))
                .isInstanceOfSatisfying(
                        NotMet.class, e -> assertThat(e.advice()).contains("what stands in the way"))
                .hasMessageContaining("nothing can be made in " + shared.resolve("gone"));
    }

    private Future<NamePost> come() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return NamePost.meet(shared, Duration.ofSeconds(10));
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                task -> new Thread(task, "a comer").start());
    }

    private List<String> names() throws Exception {
        try (Stream<Path> names = Files.list(shared.resolve(Board.NAME))) {
            return names.map(name -> name.getFileName().toString()).toList();
        }
    }
}
