package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** On a real overlay with its upper directory on another filesystem than its lower one, as far as this user may mount. */
@EnabledOnOs(OS.LINUX)
class LayersTest {
    @TempDir
    Path directory;

    private Path merged = Path.of("/");
    private Path upper = Path.of("/");

    @BeforeEach
    void anOverlayIsMounted() throws Exception {
        merged = Files.createDirectory(directory.resolve("merged"));
        Path lower = directory.resolve("lower");
        Files.createDirectories(lower.resolve("data"));
        Path memory = Files.createDirectory(directory.resolve("memory"));
        Files.writeString(lower.resolve("data/baked.db"), "from the image");
        assumeThat(run("mount", "-t", "tmpfs", "memory", memory.toString()))
                .as("may mount")
                .isZero();
        upper = Files.createDirectory(memory.resolve("upper"));
        Path work = Files.createDirectory(memory.resolve("work"));
        String layers = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
        assumeThat(run("mount", "-t", "overlay", "overlay", "-o", layers, merged.toString()))
                .as("has overlay")
                .isZero();
    }

    @AfterEach
    void itIsUnmounted() throws Exception {
        if (Files.exists(merged.resolve("data"))) run("umount", merged.toString());
        if (Files.exists(directory.resolve("memory/upper")))
            run("umount", directory.resolve("memory").toString());
    }

    @Test
    void aFileOfTheImageIsBakedIn_untilItIsWritten() throws Exception {
        Path database = merged.resolve("data/baked.db");
        Files.writeString(merged.resolve("data/new.db"), "from the container");

        assertThat(bakedIn(database, "upperdir=" + upper)).contains(true);
        assertThat(bakedIn(merged.resolve("data/new.db"), "upperdir=" + upper)).contains(false);

        Files.writeString(database, "written");
        assertThat(bakedIn(database, "upperdir=" + upper)).contains(false);
    }

    @Test
    void whereTheUpperDirectoryCannotBeSeenNothingIsTold() {
        Path database = merged.resolve("data/baked.db");

        assertThat(bakedIn(database, "upperdir=/no/such/place")).isEmpty();
        assertThat(bakedIn(database, "upperdir=relative")).isEmpty();
        assertThat(bakedIn(database, "upperdir=" + merged.resolve("data"))).isEmpty();
    }

    @Test
    void withoutAnUpperDirectoryAllIsBakedIn() {
        assertThat(bakedIn(merged.resolve("data/baked.db"), "lowerdir=/x")).contains(true);
    }

    private Optional<Boolean> bakedIn(Path file, String option) {
        Mount mount =
                new Mount(1, "0:1", "/", merged.toString(), "overlay", "overlay", List.of("rw"), List.of("rw", option));
        return Layers.bakedIn(file, DatabaseLookTest.storage(Optional.of(mount)));
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
