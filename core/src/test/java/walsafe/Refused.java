package walsafe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import walsafe.finding.Problem;
import walsafe.finding.WalsafeException;
import walsafe.policy.Intent;
import walsafe.policy.Sharing;

/** An opening that must not succeed. */
final class Refused {
    private Refused() {}

    static void assertRefused(Path path, Problem problem) {
        assertThatThrownBy(() -> Walsafe.open(path, Intent.DEFAULT.with(Sharing.ONE_HOST)))
                .isInstanceOfSatisfying(
                        WalsafeException.class,
                        e -> assertThat(e.finding().problem()).isEqualTo(problem));
    }
}
