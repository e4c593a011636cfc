package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SystemListingTest {
    @BeforeAll
    static void thereIsAShell() {
        assumeThat(Files.isExecutable(Path.of("/bin/sh")))
                .as("/bin/sh is needed to stand for a listing")
                .isTrue();
    }

    @Test
    void whatACommandPrintsIsTheListing() {
        assertThat(SystemListing.of("/bin/sh", "-c", "echo told; echo complaint >&2"))
                .contains("told\n");
    }

    @Test
    void aCommandThatEndsWithAnErrorHasGivenNoListing() {
        assertThat(SystemListing.of("/bin/sh", "-c", "echo told; exit 1")).isEmpty();
    }

    /** As sysctl on an Intel Mac, which does not know sysctl.proc_translated. */
    @Test
    void whatItToldBeforeTheErrorCanBeAskedFor() {
        assertThat(SystemListing.partOf(List.of("/bin/sh", "-c", "echo told; exit 1")))
                .contains("told\n");
    }

    @Test
    void aCommandThatDoesNotEndIsEnded() {
        assertThat(SystemListing.partOf(List.of("/bin/sh", "-c", "echo told; exec tail -f /dev/null")))
                .isEmpty();
    }

    @Test
    void aMissingCommandGivesNoListing() {
        assertThat(SystemListing.of("/no/such/command")).isEmpty();
    }
}
