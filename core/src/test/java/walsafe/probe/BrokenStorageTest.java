package walsafe.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import walsafe.facts.Question;

/**
 * A storage that is broken in one way, by a library between the processes and the kernel, is convicted by the matching
 * question and no other. Needs Linux and a C compiler.
 */
@Timeout(300)
final class BrokenStorageTest {
    @TempDir
    Path folder;

    @Test
    void nothingIsConvictedThroughAnHonestLibrary() throws Exception {
        assertThat(convicted("nothing", "torture")).isEmpty();
    }

    @Test
    void locksThatKeepNobodyOutAreConvicted() throws Exception {
        for (String budget : List.of("glance", "torture")) {
            assertThat(convicted("locks", budget)).containsExactly(Question.LOCKS_EXCLUDE);
        }
    }

    @Test
    void syncThatIsForgottenIsConvicted() throws Exception {
        assertThat(convicted("sync", "glance")).containsExactly(Question.SYNC_IS_KEPT);
    }

    @Test
    void pagesThatEachProcessHasForItselfAreConvicted() throws Exception {
        assertThat(convicted("mmap", "torture")).containsExactly(Question.MEMORY_IS_SHARED);
        assertThat(convicted("mmap", "glance")).containsExactly(Question.ONE_PAGE_CACHE);
    }

    /** But for what the storage under the tests fails by itself, such as sync on a tmpfs. */
    private Set<Question> convicted(String broken, String budget) throws Exception {
        Set<Question> convicted = noes(run(broken, budget));
        if (!broken.equals("sync") && Files.getFileStore(folder).type().equals("tmpfs")) {
            convicted.remove(Question.SYNC_IS_KEPT);
        }
        return convicted;
    }

    private static Set<Question> noes(String told) {
        assertThat(told).contains("complete ");
        Set<Question> noes = EnumSet.noneOf(Question.class);
        told.lines().filter(line -> line.startsWith("probe ")).forEach(line -> {
            String[] words = line.split(" ", 5);
            if (words[3].equals("NO")) noes.add(Question.valueOf(words[2]));
        });
        return noes;
    }

    private String run(String broken, String budget) throws Exception {
        Path place = Files.createTempDirectory(folder, "place");
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Probing.class.getName(),
                budget,
                place.toString());
        java.environment().put("LD_PRELOAD", library().toString());
        java.environment().put("BROKEN", broken);
        Process program = java.redirectErrorStream(true).start();
        String told = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(program.waitFor()).as(told).isZero();
        assertThat(place).isEmptyDirectory();
        return told;
    }

    private Path library() throws IOException, InterruptedException {
        Path library = folder.resolve("broken.so");
        if (Files.exists(library)) return library;
        String compiler = Stream.of("/usr/bin/cc", "/usr/bin/gcc")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElse("");
        assumeTrue(
                !compiler.isEmpty() && Files.exists(Path.of("/proc/self")), "SKIPPED: no C compiler on a Linux here");
        Path source = folder.resolve("broken.c");
        try (InputStream in = BrokenStorageTest.class.getResourceAsStream("broken.c")) {
            Files.write(source, Objects.requireNonNull(in).readAllBytes());
        }
        Process cc = new ProcessBuilder(
                        compiler, "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl")
                .redirectErrorStream(true)
                .start();
        String said = new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(cc.waitFor()).as(said).isZero();
        return library;
    }
}
