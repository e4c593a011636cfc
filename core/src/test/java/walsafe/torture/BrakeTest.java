package walsafe.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Signals to a real process. */
@EnabledOnOs(OS.LINUX)
final class BrakeTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    /**
     * A process whose files had been taken away ended by itself while it was to be stopped. The shell then had nothing to
     * tell and went on listening, we waited to be told, and a torture of 6 s took more than three minutes.
     */
    @Test
    void whoHasEndedIsNotWaitedFor() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();

        try (Brake brake = Brake.on(gone.pid())) {
            assertThat(assertTimeoutPreemptively(SOON, brake::stop)).isFalse();
        }
    }

    @Test
    void whoIsStoppedStandsStillAndGoesOn() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "1000").start();
        try (Brake brake = Brake.on(sleeper.pid())) {
            assertThat(brake.stop()).isTrue();
            assertThat(brake.standsStill()).isTrue();

            brake.release();
            assertThat(sleeper.isAlive()).isTrue();
        } finally {
            sleeper.destroyForcibly();
        }
    }
}
